/* Confirmation before a step that cannot be undone.
   button[data-confirm="dialog-id"] opens the dialog instead of submitting; the dialog's [data-dialog-confirm]
   then submits the button's form with that very button, or the form named by data-form. */

let asking = null;

export function enhance(element) {
  if (element.tagName === "DIALOG") enhanceDialog(element);
  else enhanceButton(element);
}

function enhanceButton(button) {
  button.addEventListener("click", (event) => {
    const dialog = document.getElementById(button.dataset.confirm);
    if (!dialog || button.dataset.confirmed) return;
    event.preventDefault();
    if (button.form && !button.formNoValidate && !button.form.noValidate && !button.form.reportValidity()) return;
    asking = button;
    dialog.showModal();
  });
}

function enhanceDialog(dialog) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-dialog-close]")) dialog.close();
    const confirm = event.target.closest("[data-dialog-confirm]");
    if (!confirm) return;
    const button = asking;
    dialog.close();
    if (confirm.dataset.form) document.getElementById(confirm.dataset.form)?.requestSubmit();
    else if (button?.form) {
      button.dataset.confirmed = "1";
      button.form.requestSubmit(button);
      delete button.dataset.confirmed;
    }
  });
  dialog.addEventListener("close", () => {
    asking?.focus();
    asking = null;
  });
}
