/* Entry point of every page. Each behaviour lives in a module of its own and is loaded only where the page
   asks for it by a data attribute; see docs/how-to/design-system.md. Everything works without JavaScript. */

import { refreshToken } from "./csrf.js";

const behaviours = [
  ["[data-error-summary]", () => import("./error-summary.js")],
  ["[data-menu]", () => import("./menu.js")],
  ["form[data-submit-once]", () => import("./submit-once.js")],
  ["[data-copy]", () => import("./copy.js")],
  ["[data-confirm], dialog", () => import("./dialog.js")],
  ["[data-rows]", () => import("./rows.js")],
  ["input[data-money]", () => import("./money.js")],
  ["input[data-combobox]", () => import("./combobox.js")],
  ["select[data-units-of]", () => import("./units.js")],
  ["form[data-autosave-url]", () => import("./autosave.js")],
  ["form[data-show-if]", () => import("./show-if.js")],
  ["form[data-upload]", () => import("./upload.js")],
  ["form[data-choose]", () => import("./choose.js")],
  ["[data-keyboard-table]", () => import("./keyboard.js")],
  ["[data-desk-keys]", () => import("./desk-keys.js")],
  ["input[data-suggest-url]", () => import("./suggest.js")],
  ["[data-desk-tabs]", () => import("./desk-tabs.js")],
  ["form[data-designer]", () => import("./designer.js")],
  ["[data-outline-page]", () => import("./outline.js")],
  ["[data-sortable]", () => import("./sortable.js")],
  ["[data-in-view]", () => import("./in-view.js")],
  ["[data-print]", () => import("./print.js")],
];

async function enhance(root) {
  for (const [selector, load] of behaviours) {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches?.(selector)) found.push(root);
    if (!found.length) continue;
    const { enhance: enhanceOne } = await load();
    for (const element of found) {
      const mark = `enhanced:${selector}`;
      if (element[mark]) continue;
      element[mark] = true;
      enhanceOne(element);
    }
  }
}

document.documentElement.classList.add("js");
document.addEventListener("submit", (event) => event.target.method === "post" && refreshToken(event.target), true);
enhance(document);
document.addEventListener("htmx:load", (event) => enhance(event.detail.elt));
document.addEventListener("eform:row-added", (event) => enhance(event.target));
