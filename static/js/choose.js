/* form[data-choose=NAME]: acts on the lines of a list that are ticked (their boxes carry form="…").
   Tells how many there are, and ticks all of them; without this file the boxes and buttons work the same. */

export function enhance(form) {
  const boxes = [...form.elements].filter((one) => one.name === form.dataset.choose);
  const count = form.querySelector("[data-choose-count]");
  const label = form.querySelector("[data-choose-all]");
  const all = label.querySelector("input");
  label.hidden = false;

  function tell() {
    const chosen = boxes.filter((box) => box.checked).length;
    count.textContent = `${chosen} ${count.dataset.words}`;
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }

  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    tell();
  });
  for (const box of boxes) box.addEventListener("change", tell);
  tell(); // the browser keeps ticks when people come back
}
