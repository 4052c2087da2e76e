"""Form controls that Django does not have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from html import escape
from typing import Any

from django.forms import Select, Widget
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _


class DateParts(Widget):
    """Day, month and year as three short fields, for a date that people know by heart.

    Posted as ``<name>_day``, ``<name>_month`` and ``<name>_year``. A plain ISO value under ``<name>`` is taken
    as well, so that stored answers and tests need not know about the parts. Use it with ``forms.DateField``.
    """

    template_name = "forms/widgets/date_parts.html"
    use_fieldset = True
    parts = (("day", _("Ngày"), 2), ("month", _("Tháng"), 2), ("year", _("Năm"), 4))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        given = self._split(value)
        shared = {key: val for key, val in context["widget"]["attrs"].items() if key != "id"}
        own_id = context["widget"]["attrs"].get("id", f"id_{name}")
        context["widget"]["subwidgets"] = [
            {
                "name": f"{name}_{part}",
                "label": label,
                "maxlength": length,
                "value": given.get(part),
                "attrs": {**shared, "id": f"{own_id}_{part}"},
            }
            for part, label, length in self.parts
        ]
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str | None:
        if name in data:
            return data.get(name)
        day, month, year = (
            str(data.get(f"{name}_{part}", "")).strip() for part, _label, _length in self.parts
        )
        if not (day or month or year):
            return None
        return f"{year}-{month.zfill(2)}-{day.zfill(2)}"

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and not any(f"{name}_{part}" in data for part, _label, _length in self.parts)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_day" if id_ else id_

    def _split(self, value: Any) -> dict[str, Any]:
        if isinstance(value, date):
            return {"day": value.day, "month": value.month, "year": value.year}
        year, month, day = ([*str(value or "").split("-", 2), "", ""])[:3]
        return {"day": day, "month": month, "year": year}


class PlainSelect(Select):
    """A list without groups, written in one go.

    Django draws every option with two templates; a hundred of them cost more than the rest of a page.
    """

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        chosen = "" if value is None else str(value)
        options = "".join(
            f'<option value="{escape(str(key))}"{" selected" if str(key) == chosen else ""}>{escape(str(label))}</option>'
            for key, label in self.choices
        )
        attributes = {"name": name, **self.build_attrs(self.attrs, attrs)}
        return format_html("<select{}>{}</select>", flatatt(attributes), mark_safe(options))  # noqa: S308  (escaped above)
