/* nav[data-desk-tabs]: on a narrow screen one part of a dossier is shown at a time, the one whose link was followed.
   The links lead to parts of the page, so without JavaScript, on wide screens and on paper everything is there.
   It begins with the first, or with the one whose link carries data-start.
   What is looked for in a part that is not shown brings that part up: an address with #…, or `reveal(element)`. */

const OTHER = "is-another-part";

export function enhance(nav) {
  const links = [...nav.querySelectorAll("a")];
  const parts = links.map((link) => document.querySelector(link.hash));
  nav.addEventListener("click", (event) => {
    const at = links.indexOf(event.target.closest("a"));
    if (at < 0) return;
    event.preventDefault();
    show(links, parts, at);
    nav.scrollIntoView({ block: "start" });
  });
  nav.addEventListener("desk:reveal", (event) => {
    const at = parts.findIndex((part) => part.contains(event.detail));
    if (at >= 0) show(links, parts, at);
  });
  window.addEventListener("hashchange", () => follow(links, parts));
  show(links, parts, Math.max(0, links.findIndex((link) => "start" in link.dataset)));
  follow(links, parts);
}

export function reveal(element) {
  const nav = document.querySelector("[data-desk-tabs]");
  nav?.dispatchEvent(new CustomEvent("desk:reveal", { detail: element }));
}

function show(links, parts, at) {
  parts.forEach((part, index) => part.classList.toggle(OTHER, index !== at));
  links.forEach((link, index) => (index === at ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
}

function follow(links, parts) {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const at = target ? parts.findIndex((part) => part.contains(target)) : -1;
  if (at < 0) return;
  show(links, parts, at);
  target.scrollIntoView({ block: "start" });
}
