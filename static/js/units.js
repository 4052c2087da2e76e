/* select[data-units-of=ID]: the list of wards under a line follows the chosen province or city.

   Without it the list stays that of the city the page came with; the server finds the ward of any city by its name. */

export function enhance(select) {
  const input = document.getElementById(select.dataset.unitsOf);
  const list = document.getElementById(`${select.dataset.unitsOf}_list`);
  if (!input || !list) return;
  select.addEventListener("change", async () => {
    try {
      const answer = await fetch(select.dataset.unitsUrl.replace("/00/", `/${select.value}/`));
      if (!answer.ok) return;
      const { units } = await answer.json();
      list.replaceChildren(...units.map((name) => Object.assign(document.createElement("option"), { value: name })));
    } catch {
      // offline: the name is typed as well without a list
    }
  });
}
