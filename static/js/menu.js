/* Menus made of <details data-menu>: Esc and a click outside close them, one is open at a time. */

const opened = () => document.querySelectorAll("details[data-menu][open]");

export function enhance(menu) {
  menu.addEventListener("toggle", () => {
    if (!menu.open) return;
    for (const other of opened()) if (other !== menu) other.open = false;
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
}

document.addEventListener("click", (event) => {
  for (const menu of opened()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of opened()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
