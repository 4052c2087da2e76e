/* form[data-autosave-url]: sends the draft to the server while a person types.

   The form is POSTed to the URL as it is (CSRF token included). Answers it understands:
     2xx        saved; an optional JSON body {"version": 7} is written into the form's [name=version], and
                {"worked_out": {"tong": "150.000 đồng"}} into the places of the values that the server works out
     409        somebody else changed the draft: the person is told, nothing more is sent
     a redirect the session has ended: the person is told that pressing Save leads to signing in again
     4xx        the server refuses: the person is told to check the fields and press Save
   When the connection or the session is lost the fields are kept in localStorage under the URL, sent again when the
   browser is online (or every 15 seconds), and offered to the fields when the page opens again. Files are never kept.
   A draft that the server has taken is removed from the device at once: it may be a shared one.
   A form with data-shared-draft belongs to several people: with the fields the number of the save is kept on which they
   were typed, so that what somebody else saved meanwhile is not overwritten but told of (409).
   A draft:settle event has everything sent, and then its detail called.
   Pressing Save first sends what is not sent yet, and leads on only when that has arrived. */

import { refreshToken } from "./csrf.js";

const QUIET = 1200; // milliseconds without typing before a save
const RETRY = 15000;

export function enhance(form) {
  new Autosave(form).start();
}

class Autosave {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.autosaveUrl;
    this.key = `autosave:${this.url}`;
    this.isShared = form.hasAttribute("data-shared-draft");
    this.state = form.querySelector("[data-save-state]");
    this.timer = null;
    this.busy = false;
    this.dirty = false;
    this.stopped = false;
    this.leaving = false;
    this.outcome = "";
  }

  start() {
    this.restore();
    const changed = () => this.later(QUIET);
    this.form.addEventListener("input", changed);
    this.form.addEventListener("change", changed);
    // Before all others: what happens at a submission must not happen when one is only asked for.
    this.form.addEventListener("submit", (event) => this.submitting(event), true);
    // What is drawn anew inside the form has been saved, or is not to be lost: go on with it.
    this.form.addEventListener("draft:drawn", () => {
      this.leaving = this.stopped = this.dirty = false;
      this.state = this.form.querySelector("[data-save-state]");
    });
    this.form.addEventListener("draft:settle", (event) => this.settle().then(event.detail));
    window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
    window.addEventListener("online", () => this.dirty && this.save());
    document.addEventListener("visibilitychange", () => document.hidden && this.dirty && this.save());
    window.addEventListener("beforeunload", (event) => {
      const isOnItsWay = this.isShared && this.busy;
      if ((this.dirty || isOnItsWay) && !this.stopped && !this.keep()) event.preventDefault();
    });
  }

  later(wait) {
    if (this.stopped) return;
    this.dirty = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  async save() {
    if (this.stopped) return;
    if (this.busy) return this.later(QUIET);
    clearTimeout(this.timer);
    this.busy = true;
    this.dirty = false;
    this.sending = this.send();
    await this.sending;
  }

  async send() {
    this.show("saving");
    try {
      const answer = await fetch(this.url, {
        method: "POST",
        body: this.body(),
        headers: { Accept: "application/json", "X-Autosave": "1" },
        credentials: "same-origin",
      });
      if (this.stopped) return;
      if (answer.ok && !answer.redirected) await this.saved(answer);
      else if (answer.status === 409) this.conflict();
      else if (answer.redirected) this.waiting("signedOut");
      else if (answer.status >= 500) this.waiting("offline");
      else this.show("failed");
    } catch {
      if (!this.stopped) this.waiting("offline");
    } finally {
      this.busy = false;
    }
  }

  body() {
    refreshToken(this.form);
    const data = new FormData(this.form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return data;
  }

  async saved(answer) {
    localStorage.removeItem(this.key);
    if (answer.headers.get("Content-Type")?.startsWith("application/json")) {
      const { version, worked_out: workedOut } = await answer.json();
      this.showWorkedOut(workedOut ?? {});
      const field = this.form.elements.namedItem("version");
      if (field && version !== undefined) field.value = version;
    }
    const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    this.show("saved", clock.format(new Date()));
    this.form.dispatchEvent(new CustomEvent("draft:saved", { bubbles: true }));
  }

  showWorkedOut(values) {
    for (const place of this.form.querySelectorAll("[data-worked-out]")) {
      const value = values[place.dataset.workedOut];
      if (value !== undefined) place.textContent = value || place.dataset.empty;
    }
  }

  conflict() {
    this.stopped = true;
    localStorage.removeItem(this.key);
    this.show("conflict");
  }

  /* Wait for the connection or the session to come back. */
  waiting(outcome) {
    this.keep();
    this.show(outcome);
    this.later(RETRY);
  }

  /* Keep the fields on this device until the server has them. Secrets of the request are left out. */
  keep() {
    const fields = [...this.body()].filter(
      ([name]) => name !== "csrfmiddlewaretoken" && (name !== "version" || this.isShared),
    );
    try {
      localStorage.setItem(this.key, JSON.stringify(fields));
      return true;
    } catch {
      return false; // storage is full or forbidden
    }
  }

  restore() {
    const kept = localStorage.getItem(this.key);
    if (!kept) return;
    const values = Map.groupBy ? Map.groupBy(JSON.parse(kept), ([name]) => name) : group(JSON.parse(kept));
    this.form.dispatchEvent(new CustomEvent("draft:restore", { detail: [...values.keys()] }));
    for (const [name, pairs] of values) fill(this.form, name, pairs.map(([, value]) => value));
    if (values.has("version")) this.form.elements.namedItem("version").value = values.get("version")[0][1];
    this.save();
  }

  submitting(event) {
    if (event.defaultPrevented || this.leaving) return;
    event.preventDefault();
    const { submitter } = event;
    this.settle().then(() => {
      // Offline is said beside the button; what was typed is sent when there is a line.
      if (this.leaving || this.outcome === "offline") return;
      this.leaving = true;
      this.stopped = true;
      clearTimeout(this.timer);
      // Signed out the form will not arrive: what was typed is offered when the page opens again.
      if (this.outcome === "signedOut") this.keep();
      else localStorage.removeItem(this.key);
      // Later, as a form cannot be sent while it is being asked whether it may be.
      setTimeout(() => this.form.requestSubmit(submitter));
    });
  }

  async settle() {
    if (this.stopped) return;
    if (this.busy) await this.sending;
    if (this.dirty || !navigator.onLine) await this.save();
  }

  show(state, detail = "") {
    this.outcome = state;
    if (!this.state) return;
    const text = this.state.dataset[`text${state[0].toUpperCase()}${state.slice(1)}`];
    this.state.dataset.state = state;
    this.state.textContent = detail ? `${text} ${detail}` : text;
  }
}

function group(pairs) {
  const values = new Map();
  for (const pair of pairs) values.set(pair[0], [...(values.get(pair[0]) ?? []), pair]);
  return values;
}

function fill(form, name, values) {
  for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (field.multiple) for (const option of field.options) option.selected = values.includes(option.value);
    else if (field.type !== "hidden") field.value = values.shift() ?? "";
  }
}
