/* Error summary: takes the focus when the page opens; its links put the cursor into the field itself. */

const FOCUSABLE = "input:not([type=hidden]), select, textarea, button, a[href]";

export function enhance(summary) {
  if (!summary.closest("[data-still]")) summary.focus(); // the style guide shows one among other things
  summary.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (!link) return;
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target) return;
    event.preventDefault();
    const field = target.matches(FOCUSABLE) ? target : target.querySelector(FOCUSABLE);
    (target.closest(".field") ?? target).scrollIntoView({ block: "start" });
    field?.focus({ preventScroll: true });
  });
}
