/* button[data-print]: opens the browser's print window. */

export function enhance(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
