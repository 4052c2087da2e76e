/* form[data-upload]: sends the chosen file at once, with progress, and again after a lost connection.

   The form is POSTed as it is, with "X-Requested-With: XMLHttpRequest". Answers understood:
     2xx or a redirect   taken; the page is loaded again and shows the file
     4xx                 refused; the reason is read from JSON {"message": "…"} or from [data-upload-error]
     5xx, no answer      sent again after 4, 8, 16 and 32 seconds, or as soon as the browser is online
   Without JavaScript the form is an ordinary one. */

import { refreshToken } from "./csrf.js";

const TRIES = 5;

export function enhance(form) {
  const input = form.querySelector('input[type="file"]');
  const upload = new Upload(form, input);
  input.addEventListener("change", () => input.files.length && upload.begin());
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.dataset.drop = "";
  });
  form.addEventListener("dragleave", () => delete form.dataset.drop);
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    delete form.dataset.drop;
    if (upload.sending || !event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    upload.begin();
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.matches("[data-remove]")) {
      input.disabled = true; // removing a file must not send another one along
      return;
    }
    event.preventDefault();
    if (input.files.length) upload.begin();
    else input.click();
  });
  if (input.files.length) upload.begin(); // chosen while this script was still on its way
}

class Upload {
  constructor(form, input) {
    this.form = form;
    this.input = input;
    this.bar = form.querySelector("progress");
    this.status = form.querySelector(".upload__status");
    this.text = form.dataset;
    this.sending = false;
  }

  begin() {
    if (this.sending) return;
    const limit = Number(this.text.maxBytes);
    if (limit && this.input.files[0].size > limit) return this.fail(this.text.textTooBig);
    this.tries = 0;
    refreshToken(this.form);
    this.data = new FormData(this.form);
    this.send();
  }

  send() {
    const request = new XMLHttpRequest();
    this.sending = true;
    this.form.setAttribute("aria-busy", "true");
    this.form.dataset.state = "sending";
    this.input.removeAttribute("aria-invalid");
    request.upload.addEventListener("progress", (event) => event.lengthComputable && this.show(event.loaded / event.total));
    request.addEventListener("load", () => this.answered(request));
    request.addEventListener("error", () => this.lost());
    request.addEventListener("timeout", () => this.lost());
    request.open("POST", this.form.action);
    request.setRequestHeader("Accept", "text/html, application/json;q=0.9");
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    request.send(this.data);
    this.show(0);
  }

  show(share) {
    const percent = Math.round(share * 100);
    this.bar.hidden = false;
    this.bar.value = percent;
    this.status.textContent = percent < 100 ? `${this.text.textSending} ${percent} %` : this.text.textChecking;
  }

  answered(request) {
    if (request.status >= 500) return this.lost();
    this.finish();
    if (request.status >= 400) return this.fail(reason(request) || this.text.textFailed);
    this.form.dataset.state = "done";
    this.status.textContent = this.text.textDone;
    this.input.value = ""; // a browser that restores fields would send it again
    window.location.reload();
  }

  lost() {
    this.tries += 1;
    if (this.tries >= TRIES) {
      this.finish();
      return this.fail(this.text.textFailed);
    }
    this.status.textContent = this.text.textRetry;
    const again = () => {
      clearTimeout(timer);
      window.removeEventListener("online", again);
      this.send();
    };
    const timer = setTimeout(again, 2000 * 2 ** this.tries);
    window.addEventListener("online", again);
  }

  finish() {
    this.sending = false;
    this.bar.hidden = true;
    this.form.removeAttribute("aria-busy");
  }

  fail(text) {
    this.form.dataset.state = "error";
    this.input.setAttribute("aria-invalid", "true");
    this.input.value = "";
    this.status.textContent = text;
  }
}

function reason(request) {
  const type = request.getResponseHeader("Content-Type") ?? "";
  if (type.startsWith("application/json")) {
    try {
      return JSON.parse(request.responseText).message ?? "";
    } catch {
      return "";
    }
  }
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  return page.querySelector("[data-upload-error]")?.textContent.trim() ?? "";
}
