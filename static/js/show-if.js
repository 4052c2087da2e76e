/* form[data-show-if]: a question that depends on another one's answer appears with it.

   The control carries data-show-if-field and data-show-if-equals, or data-show-if-among with several answers between
   spaces. What is hidden is still sent: the server decides what was asked. Without JavaScript every question shows. */

export function enhance(form) {
  const update = () => {
    for (const control of form.querySelectorAll("[data-show-if-field]")) {
      const field = control.closest(".field");
      const { showIfField, showIfEquals, showIfAmong } = control.dataset;
      const wanted = showIfAmong ? showIfAmong.split(" ") : [showIfEquals];
      if (field) field.hidden = !answers(form, showIfField).some((answer) => wanted.includes(answer));
    }
  };
  form.addEventListener("input", update);
  form.addEventListener("change", update);
  update();
}

/* A ticked box answers "True", as the server writes it; a question that is hidden itself answers nothing. */
function answers(form, name) {
  const given = [];
  for (const control of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
    if (control.closest(".field")?.hidden) continue;
    if (control.type === "checkbox") given.push(control.checked ? "True" : "False");
    else if (control.type !== "radio" || control.checked) given.push(control.value);
  }
  return given;
}
