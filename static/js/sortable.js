/* [data-sortable]: rows of a list change places by dragging their handle, by its arrow keys, or by the buttons.

   The order is the order of the rows on the page, so moving an element is all; the form is then told that it changed.
   A list with data-sortable-send is sent at once by the button of that name. Without this file the buttons send the page. */

export function enhance(group) {
  const list = group.querySelector("[data-sortable-list]");
  const said = group.querySelector("[data-sortable-said]");
  const rows = () => [...list.querySelectorAll(":scope > [data-sortable-row]")];
  const own = (element) => element.closest("[data-sortable-row]")?.parentElement === list;
  let dragged = null;

  function moved(row, control) {
    const all = rows();
    all.forEach((one, at) => {
      toggle(one, "[data-sortable-up]", at === 0);
      toggle(one, "[data-sortable-down]", at === all.length - 1);
    });
    said.textContent = `${said.dataset.moved} ${all.indexOf(row) + 1}/${all.length}`;
    (control && !control.disabled ? control : row.querySelector("[data-sortable-handle]"))?.focus();
    const send = group.querySelector("[data-sortable-send]");
    if (send) send.click(); // a click, as htmx sends the value of the button that was last clicked or focused
    else list.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function toggle(row, selector, disabled) {
    const button = row.querySelector(selector);
    if (button && own(button)) button.disabled = disabled;
  }

  function move(row, by, control) {
    const all = rows();
    const to = all.indexOf(row) + by;
    if (to < 0 || to >= all.length) return;
    if (by < 0) all[to].before(row);
    else all[to].after(row);
    moved(row, control);
  }

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-sortable-up], [data-sortable-down]");
    if (!button || !own(button)) return;
    const row = button.closest("[data-sortable-row]");
    const by = button.hasAttribute("data-sortable-up") ? -1 : 1;
    const to = rows().indexOf(row) + by;
    if (to < 0 || to >= rows().length) return; // into the next list: the server's work
    event.preventDefault();
    move(row, by, button);
  });
  list.addEventListener("keydown", (event) => {
    const handle = event.target.closest("[data-sortable-handle]");
    if (!handle || !own(handle) || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    move(handle.closest("[data-sortable-row]"), event.key === "ArrowUp" ? -1 : 1, handle);
  });
  list.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("[data-sortable-handle]");
    if (handle && own(handle)) handle.closest("[data-sortable-row]").draggable = true;
  });
  list.addEventListener("dragstart", (event) => {
    const row = event.target;
    if (!(row instanceof Element) || row.parentElement !== list) return;
    dragged = row;
    event.dataTransfer.effectAllowed = "move";
    row.classList.add("is-dragged");
  });
  list.addEventListener("dragover", (event) => {
    if (!dragged) return;
    event.preventDefault();
    const over = rows().find((one) => one !== dragged && one.contains(event.target));
    if (!over) return;
    const box = over.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) over.before(dragged);
    else over.after(dragged);
  });
  list.addEventListener("drop", (event) => dragged && event.preventDefault());
  list.addEventListener("dragend", () => {
    if (!dragged) return;
    const row = dragged;
    dragged = null;
    row.draggable = false;
    row.classList.remove("is-dragged");
    moved(row);
  });
}
