/* [data-outline-page]: the outline of the e-form, of which every button is sent by htmx and the outline drawn anew.

   What does not arrive is said, as the page would else show an order that is not kept; where something else than the
   outline comes back (the session has ended, the draft is none any more) the page is loaded again. Control+Z and
   Control+Y as in the editor. */

import { turn } from "./designer.js";

export function enhance(outline) {
  outline.addEventListener("htmx:beforeSwap", (event) => {
    const page = new DOMParser().parseFromString(event.detail.serverResponse, "text/html");
    if (page.getElementById("outline")) return;
    event.detail.shouldSwap = false;
    window.location.reload();
  });
  outline.addEventListener("htmx:sendError", () => {
    const said = outline.querySelector("[data-outline-offline]");
    said.hidden = false;
    said.scrollIntoView({ block: "nearest" });
  });
  document.addEventListener("keydown", turn);
}
