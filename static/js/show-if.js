/* form[data-show-if]: what depends on an answer appears with it.

   A part of the page carries its condition as JSON in data-show-when, as procedures.eforms.conditions.as_data writes
   it; the kind of a question stands in data-kind around its control. What is hidden is still sent: the server decides
   what was asked. Without JavaScript everything shows. */

export function enhance(form) {
  const update = () => {
    for (const part of form.querySelectorAll("[data-show-when]")) {
      part.hidden = !holds(form, JSON.parse(part.dataset.showWhen));
    }
  };
  form.addEventListener("input", update);
  form.addEventListener("change", update);
  form.addEventListener("eform:rows", update);
  update();
}

function holds(form, condition) {
  if ("all" in condition) return condition.all.every((one) => holds(form, one));
  if ("any" in condition) return condition.any.some((one) => holds(form, one));
  if ("not" in condition) return !holds(form, condition.not);
  if ("always" in condition) return condition.always;
  const answer = answerOf(form, condition.field);
  if ("filled" in condition) return isGiven(answer) === condition.filled;
  const sides = condition.sides.map((side) => ("field" in side ? answerOf(form, side.field) : typed(side.value)));
  const known = sides.filter((side) => side !== null);
  if (answer === null || !known.length) return false;
  switch (condition.operator) {
    case "equals":
    case "in":
      return known.includes(answer);
    case "not_equals":
    case "not_in":
      return !known.includes(answer);
    case "contains":
      return Array.isArray(answer) && answer.includes(known[0]);
    default:
      return typeof answer === typeof known[0] && typeof answer !== "boolean" && ordered(condition.operator, answer, known[0]);
  }
}

function ordered(operator, one, other) {
  if (operator === "greater") return one > other;
  if (operator === "less") return one < other;
  if (operator === "at_least") return one >= other;
  return one <= other;
}

function isGiven(answer) {
  return answer !== null && answer !== false && !(Array.isArray(answer) && !answer.length);
}

/* A text of digits is a number, wherever it comes from; 0905 is none. */
function typed(value) {
  if (typeof value !== "string") return value ?? null;
  if (value === "") return null;
  return /^-?(0|[1-9]\d{0,15})(\.\d{1,6})?$/.test(value) ? Number(value) : value;
}

/* Give what a question is answered with now; a question that is hidden itself answers nothing. */
function answerOf(form, name) {
  const names = ["", "_year", "_street", "-rows"].map((part) => `[name="${CSS.escape(name + part)}"]`);
  const control = form.querySelector(names.join(", "));
  if (!control || control.closest("[data-show-when][hidden]")) return null;
  const kind = control.closest("[data-kind]").dataset.kind;
  const value = (key = name) => form.querySelector(`[name="${CSS.escape(key)}"]`)?.value.trim() ?? "";
  const ticked = () => [...form.querySelectorAll(`[name="${CSS.escape(name)}"]:checked`)].map((one) => one.value);
  switch (kind) {
    case "checkbox":
      return control.checked;
    case "yes_no":
      return ticked().length ? ticked()[0] === "yes" : null;
    case "multi_choice":
      return ticked();
    case "choice":
      return typed(control.type === "radio" ? (ticked()[0] ?? "") : value());
    case "choice_search":
      return typed(control.dataset.value || value());
    case "date":
      return isoDate(value(`${name}_year`), value(`${name}_month`), value(`${name}_day`));
    case "month": {
      const [month, year] = value().split(/[/.-]/);
      return year ? `${year.trim()}-${month.trim().padStart(2, "0")}` : null;
    }
    case "integer":
    case "money":
      return typed(value().replace(/[\s.,đĐ]/g, ""));
    case "decimal":
      return typed(value().replace(/[\s.]/g, "").replace(",", "."));
    case "address":
      return value(`${name}_street`) || value(`${name}_ward`) || null;
    case "repeat":
    case "table":
      return rowsFilled(form, name);
    default:
      return typed(value());
  }
}

function isoDate(year, month, day) {
  return year && month && day ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : null;
}

function rowsFilled(form, name) {
  const rows = form.querySelectorAll(`[data-rows="${CSS.escape(name)}"] [data-row]`);
  return [...rows].filter((row) =>
    [...row.querySelectorAll("input:not([type=hidden]), select, textarea")].some((one) =>
      one.type === "checkbox" || one.type === "radio" ? one.checked : one.value.trim(),
    ),
  );
}
