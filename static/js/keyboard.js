/* table[data-keyboard-table]: officers walk a list without the mouse.
   j / k  next and previous row      Enter  open (the row's first link has the focus)
   x      tick or untick the row     e  to the steps for the ticked rows
   /      to the search field        ?      this help, from dialog#keyboard-help
   Keys are read only outside of fields, and never with Ctrl, Alt or Meta (WCAG 2.1.4: the help says how to
   switch them off, and the choice is kept on this device). */

const OFF = "keyboard:off";

export function enhance(table) {
  document.addEventListener("keydown", (event) => {
    if (isTyping(event)) return;
    if (event.key === "?") return openHelp(event);
    if (isOff()) return;
    if (event.key === "j") return step(event, table, 1);
    if (event.key === "k") return step(event, table, -1);
    if (event.key === "x") return tick(event);
    if (event.key === "e") return document.querySelector("form[data-choose] button")?.focus();
    if (event.key === "/") return search(event);
  });
  rememberSwitch();
}

export function isTyping(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return true;
  return Boolean(event.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]"));
}

export function isOff() {
  return Boolean(localStorage.getItem(OFF));
}

export function rememberSwitch() {
  const off = document.querySelector("[data-keyboard-off]");
  if (!off) return;
  off.checked = isOff();
  off.addEventListener("change", () => (off.checked ? localStorage.setItem(OFF, "1") : localStorage.removeItem(OFF)));
}

function step(event, table, by) {
  const links = [...table.querySelectorAll("tbody tr")].map((row) => row.querySelector("a[href]")).filter(Boolean);
  if (!links.length) return;
  const row = document.activeElement?.closest?.("tr");
  const at = links.findIndex((link) => link.closest("tr") === row);
  const next = links[Math.min(Math.max(at + by, 0), links.length - 1)];
  event.preventDefault();
  next.focus();
  next.closest("tr").scrollIntoView({ block: "nearest" });
}

function tick(event) {
  const box = document.activeElement?.closest?.("tr")?.querySelector("input[type=checkbox]");
  if (!box) return;
  event.preventDefault();
  box.click();
}

function search(event) {
  const fields = [...document.querySelectorAll("[data-search-field]")].filter((field) => field.offsetParent);
  const field = fields.at(-1); // the list's own search comes after the one in the header
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
}

export function openHelp(event) {
  const help = document.getElementById("keyboard-help");
  if (!help) return;
  event.preventDefault();
  help.showModal();
}
