/* form[data-designer]: the editor of a procedure without leaving the page.

   Its buttons with data-op (add, take out, put back, choose again) are sent as they would be without this file; of the
   page that answers, #editor-body takes the place of what is there. A control with data-refresh presses the refresh
   button by itself. Buttons with data-insert put a place into a text. Control+Z and Control+Y, outside of a text that
   is being typed, take the last save back and do it again. autosave.js does the saving. */

export function enhance(form) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    // autosave.js first holds a submission back, to send what is not sent yet, and then lets it go.
    if (event.defaultPrevented || !button?.hasAttribute("data-op")) return;
    event.preventDefault();
    if (form.ariaBusy === "true") return; // one after the other: each answer brings a new version
    form.ariaBusy = button.ariaBusy = "true";
    press(form, button).finally(() => (form.ariaBusy = button.ariaBusy = "false"));
  });
  form.addEventListener("input", (event) => {
    // What a row says in short is of before; it comes back when the row is drawn anew.
    event.target.closest("[data-sortable-row]")?.querySelector("[data-brief]")?.remove();
  });
  form.addEventListener("change", (event) => {
    if (event.target.hasAttribute("data-refresh")) form.requestSubmit(form.querySelector("[data-refresh-button]"));
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    if (button) insert(document.getElementById(button.dataset.insertInto), button.dataset.insert);
  });
  document.addEventListener("keydown", turn);
  for (const one of document.querySelectorAll("[data-undo], [data-redo]")) {
    one.addEventListener("submit", (event) => {
      // What is being typed is saved first: it is then the last save, and the page knows its number.
      event.preventDefault();
      const go = () => {
        one.elements.namedItem("version").value = form.elements.namedItem("version").value;
        one.submit();
      };
      form.dispatchEvent(new CustomEvent("draft:settle", { detail: go }));
    });
  }
}

async function press(form, button) {
  const focused = document.activeElement?.id;
  const data = new FormData(form, button);
  let page;
  try {
    const answer = await fetch(form.action, { method: "POST", body: data, credentials: "same-origin" });
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    form.dispatchEvent(new CustomEvent("draft:drawn")); // offline: autosave.js says so when something is typed
    return;
  }
  const body = page.querySelector("#editor-body");
  if (!body) {
    window.location.reload(); // the session has ended, or the draft is none any more
    return;
  }
  form.querySelector("#editor-body").replaceWith(document.adoptNode(body));
  const [state, told] = [form, page].map((one) => one.querySelector("[data-save-state]"));
  state.textContent = told.textContent;
  form.dispatchEvent(new CustomEvent("draft:drawn"));
  document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: body } }));
  const target = document.getElementById(body.dataset.focus || "") ?? document.getElementById(focused);
  target?.focus();
  form.dispatchEvent(new CustomEvent("draft:saved", { bubbles: true }));
}

function insert(field, text) {
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

export function turn(event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  if (event.target.closest("textarea, select, input:not([type=checkbox], [type=radio])")) return;
  const key = event.key.toLowerCase();
  const again = key === "y" || (key === "z" && event.shiftKey);
  if (key !== "z" && !again) return;
  event.preventDefault();
  document.querySelector(again ? "[data-redo]" : "[data-undo]")?.requestSubmit();
}
