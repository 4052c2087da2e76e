/* form[data-submit-once]: a second press of the button sends nothing. The server's idempotency key is the real
   guard; this one spares people the doubt. A page taken from the back/forward cache is usable again. */

export function enhance(form) {
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    const button = event.submitter ?? form.querySelector("[type=submit]");
    if (!button) return;
    button.setAttribute("aria-busy", "true");
    button.setAttribute("aria-disabled", "true"); // not "disabled": the button's own name and value must be sent
  });
  window.addEventListener("pageshow", (event) => event.persisted && release(form));
  form.addEventListener("htmx:afterRequest", () => release(form));
}

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) {
    button.removeAttribute("aria-busy");
    button.removeAttribute("aria-disabled");
  }
}
