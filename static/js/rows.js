/* [data-rows]: adds and removes rows of a repeating group or a table in place.

   Without it the same buttons send the page, which comes back with a row more or less. Rows are made from the pattern
   in <template data-rows-pattern>, where __n__ stands for the number. */

export function enhance(group) {
  new Rows(group).start();
}

class Rows {
  constructor(group) {
    this.group = group;
    this.name = group.dataset.rows;
    this.list = group.querySelector("[data-rows-list]");
    this.pattern = group.querySelector("template[data-rows-pattern]");
    this.adder = group.querySelector("[data-row-add]");
    this.said = group.querySelector("[data-rows-said]");
  }

  start() {
    if (!this.pattern) return; // a table with fixed lines
    this.adder.type = "button";
    this.adder.addEventListener("click", () => this.focus(this.add()));
    for (const button of this.list.querySelectorAll("[data-row-remove]")) button.type = "button";
    this.list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-row-remove]");
      if (button) this.remove(button.closest("[data-row]"));
    });
    this.group.closest("form")?.addEventListener("draft:restore", (event) => this.restore(event.detail));
    this.update();
  }

  rows() {
    return [...this.list.querySelectorAll(":scope > [data-row]")];
  }

  next() {
    const numbers = this.rows().map((row) => Number(row.querySelector("[data-row-remove]").value.split("-").pop()));
    return Math.max(-1, ...numbers) + 1;
  }

  add(number = this.next()) {
    const holder = document.createElement(this.list.tagName);
    holder.innerHTML = this.pattern.innerHTML.replaceAll("__n__", String(number));
    const row = holder.querySelector("[data-row]");
    for (const button of row.querySelectorAll("[data-row-remove]")) button.type = "button";
    this.list.append(row);
    this.changed(this.said.dataset.added, row);
    row.dispatchEvent(new CustomEvent("eform:row-added", { bubbles: true }));
    return row;
  }

  remove(row) {
    const place = this.rows().indexOf(row);
    const title = row.querySelector("[data-row-title]").textContent.trim();
    row.remove();
    this.changed(`${this.said.dataset.removed} ${title}`);
    this.focus(this.rows()[place] ?? this.rows()[place - 1]);
  }

  changed(said, row) {
    this.update();
    this.said.textContent = row ? `${said} ${row.querySelector("[data-row-title]").textContent.trim()}` : said;
    this.group.dispatchEvent(new CustomEvent("eform:rows", { bubbles: true }));
    this.group.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /* Rows are counted anew for people; the names of their controls stay. */
  update() {
    const rows = this.rows();
    rows.forEach((row, place) => {
      for (const title of row.querySelectorAll("[data-row-title]")) {
        title.textContent = title.textContent.trim().replace(/\S+$/, String(place + 1));
      }
    });
    this.adder.hidden = rows.length >= Number(this.group.dataset.most);
  }

  focus(row) {
    const control = row?.querySelector("input:not([type=hidden]), select, textarea") ?? this.adder;
    control.focus();
  }

  /* What was typed offline may have more rows than the page. */
  restore(names) {
    const there = new Set(this.rows().map((row) => row.querySelector("[data-row-remove]").value));
    for (const name of names) {
      const row = name.match(new RegExp(`^(${this.name}-(\\d+))-`));
      if (row && !there.has(row[1])) {
        there.add(row[1]);
        this.add(Number(row[2]));
      }
    }
  }
}
