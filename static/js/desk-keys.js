/* [data-desk-keys]: the keys of one dossier's page, read from the page itself.
   Whatever carries data-key="x" is pressed by x: a link is followed, a button pressed, a field gets the focus.
   n / p  next and previous paper     c  the paper is right    w  say what is wrong with it    v  look at it
   u      back to the list            ?  all keys of this page, written from what is there
   Fields, Ctrl, Alt, Meta and the switch of keyboard.js are respected. */

import { reveal } from "./desk-tabs.js";
import { isOff, isTyping, openHelp, rememberSwitch } from "./keyboard.js";

const PAPER = ".desk-component";

export function enhance(page) {
  rememberSwitch();
  writeHelp(page);
  document.addEventListener("keydown", (event) => {
    if (isTyping(event)) return;
    if (event.key === "?") return openHelp(event);
    if (isOff()) return;
    const act = { n: () => walk(page, 1), p: () => walk(page, -1), c: () => press(paper(), ".desk-check .btn"), w: () => press(paper(), ".desk-check input[name=note]"), v: () => look(paper()) }[event.key];
    const target = page.querySelector(`[data-key="${CSS.escape(event.key)}"]:not([disabled])`);
    if (!act && !target) return;
    event.preventDefault();
    if (target) use(target);
    else act();
  });
}

function use(target) {
  if (target.matches("a[href], button")) return target.click();
  reveal(target);
  target.scrollIntoView({ block: "center" });
  target.focus();
}

function walk(page, by) {
  const papers = [...page.querySelectorAll(PAPER)];
  if (!papers.length) return;
  const at = papers.indexOf(paper());
  const next = papers[Math.min(Math.max(at + by, 0), papers.length - 1)];
  reveal(next);
  next.tabIndex = -1;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function paper() {
  return document.activeElement?.closest?.(PAPER) ?? null;
}

function press(inside, selector) {
  const found = inside?.querySelector(selector);
  if (found) use(found);
}

function look(inside) {
  inside?.querySelector(".desk-viewer > summary")?.click();
}

function writeHelp(page) {
  const list = document.querySelector("#keyboard-help [data-key-list]");
  if (!list) return;
  for (const target of page.querySelectorAll("[data-key]")) {
    const key = document.createElement("kbd");
    key.textContent = target.dataset.key;
    const term = document.createElement("dt");
    term.append(key);
    const meaning = document.createElement("dd");
    meaning.textContent = target.dataset.keyLabel || target.textContent.trim();
    list.prepend(term, meaning);
  }
}
