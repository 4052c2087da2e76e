/* input[data-suggest-url]: offers procedures and life events while a question is typed (the combobox pattern of ARIA).
   Enter without a choice searches as the form does; without this file that is all there is. */

const WAIT_MS = 150;
const SHORTEST = 2;
let made = 0;

function piece(name, text) {
  const span = document.createElement("span");
  span.className = name;
  span.textContent = text;
  return span;
}

export function enhance(input) {
  const list = document.createElement("ul");
  const status = document.createElement("p");
  const frame = document.createElement("div");
  list.id = `suggest-${(made += 1)}`;
  list.className = "combobox__list";
  list.role = "listbox";
  list.setAttribute("aria-label", input.labels?.[0]?.textContent.trim() ?? "");
  list.hidden = true;
  status.className = "visually-hidden";
  status.role = "status";
  frame.className = "combobox suggest";
  input.replaceWith(frame);
  frame.append(input, list, status);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);

  let timer = 0;
  let asked = null;
  let chosen = -1;

  function close() {
    asked?.abort();
    clearTimeout(timer);
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(at) {
    const options = [...list.children];
    chosen = (at + options.length + 1) % (options.length + 1);
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === chosen)));
    const option = options[chosen];
    if (!option) {
      chosen = -1;
      input.removeAttribute("aria-activedescendant");
      return;
    }
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function show(suggestions) {
    list.replaceChildren(
      ...suggestions.map((one, index) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${index}`;
        option.role = "option";
        option.append(piece("suggest__name", one.name));
        if (one.note) option.append(piece("suggest__note", one.note));
        option.dataset.url = one.url;
        option.setAttribute("aria-selected", "false");
        return option;
      }),
    );
    chosen = -1;
    list.hidden = suggestions.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    const { suggestFound, suggestNone } = input.dataset;
    status.textContent = suggestions.length ? suggestFound.replace("{count}", suggestions.length) : suggestNone;
  }

  async function ask() {
    const text = input.value.trim();
    if (text.length < SHORTEST) return close();
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(`${input.dataset.suggestUrl}?q=${encodeURIComponent(text)}`, { signal: asked.signal });
      if (answer.ok && document.activeElement === input) show((await answer.json()).suggestions);
    } catch (problem) {
      if (problem.name !== "AbortError") close(); // the form still searches
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) return;
      event.preventDefault();
      if (event.key === "ArrowDown") choose(chosen + 1);
      else choose(chosen < 0 ? list.children.length - 1 : chosen - 1);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault(); // it would empty the field
      close();
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      location.assign(list.children[chosen].dataset.url);
    }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.url);
  });
  input.addEventListener("blur", close);
}
