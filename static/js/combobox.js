/* input[data-combobox]: a list under the line, found by any part of a name and without its marks ("hai chau").

   The names come from the <datalist> that browsers show by themselves, without this file. Keys as people know them:
   arrows go through the list, Enter takes a name, Escape closes. */

const MOST = 8;

export function enhance(input) {
  const source = document.getElementById(input.getAttribute("list"));
  if (source) new Combobox(input, source).start();
}

const fold = (text) =>
  text
    .toLowerCase()
    .replaceAll("đ", "d")
    .normalize("NFD")
    .replace(/\p{M}/gu, "");

class Combobox {
  constructor(input, source) {
    this.input = input;
    this.source = source;
    this.active = -1;
  }

  start() {
    const { input } = this;
    const id = `${input.id}_found`;
    input.removeAttribute("list"); // else two lists
    this.list = document.createElement("ul");
    Object.assign(this.list, { id, className: "combobox__list", hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.label());
    const holder = document.createElement("div");
    holder.className = "combobox";
    input.replaceWith(holder);
    holder.append(input, this.list);
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": id,
    }))
      input.setAttribute(name, value);
    input.addEventListener("input", () => this.find());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // keep the cursor in the line
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.take(option);
    });
  }

  label() {
    return document.querySelector(`label[for="${CSS.escape(this.input.id)}"]`)?.textContent.trim() ?? this.input.name;
  }

  find() {
    const wanted = fold(this.input.value.trim());
    const names = [...this.source.options].map((option) => option.value);
    const places = names.map((name) => [fold(name).indexOf(wanted), name]).filter(([place]) => wanted && place >= 0);
    const found = places.sort((one, other) => one[0] - other[0]).slice(0, MOST);
    this.list.replaceChildren(...found.map(([, name], at) => this.option(name, at)));
    this.active = -1;
    this.open(found.length > 0 && !(found.length === 1 && found[0][1] === this.input.value));
  }

  option(name, at) {
    const option = document.createElement("li");
    option.id = `${this.list.id}_${at}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.textContent = name;
    return option;
  }

  key(event) {
    const options = [...this.list.children];
    if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && options.length) {
      event.preventDefault();
      if (this.list.hidden) this.open(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.point((this.active + step + options.length) % options.length);
    } else if (event.key === "Enter" && !this.list.hidden && this.active >= 0) {
      event.preventDefault();
      this.take(options[this.active]);
    }
  }

  point(at) {
    this.active = at;
    [...this.list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    const option = this.list.children[at];
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  take(option) {
    this.input.value = option.textContent;
    this.close();
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    this.close();
  }

  open(wanted) {
    this.list.hidden = !wanted;
    this.input.setAttribute("aria-expanded", String(wanted));
    if (!wanted) this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    this.open(false);
  }
}
