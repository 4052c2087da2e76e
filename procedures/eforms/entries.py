"""The grammar of strict data: known keys with the right type, every problem kept under its path."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Text
from procedures.eforms.schema import Choice

Check = Callable[[Any], bool]

_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_amount(value: Any) -> bool:
    return (_is_whole(value) and abs(value) < 10**16) or (
        isinstance(value, str) and bool(_AMOUNT.fullmatch(value))
    )


_TYPES: dict[str, tuple[Check, Text]] = {
    "text": (lambda value: isinstance(value, str), gettext_lazy("chuỗi ký tự")),
    "flag": (lambda value: isinstance(value, bool), gettext_lazy("true hoặc false")),
    "number": (_is_whole, gettext_lazy("số nguyên")),
    "amount": (_is_amount, gettext_lazy('số nguyên, hoặc số thập phân trong ngoặc kép như "0.5"')),
    "list": (lambda value: isinstance(value, list), gettext_lazy("danh sách [...]")),
    "mapping": (lambda value: isinstance(value, dict), gettext_lazy("đối tượng {...}")),
    "expression": (
        lambda value: isinstance(value, dict) or _is_whole(value),
        gettext_lazy("đối tượng {...} hoặc số nguyên"),
    ),
    "answer": (lambda value: isinstance(value, str | int), gettext_lazy("chuỗi, số nguyên, true hoặc false")),
}


class Reader:
    """Takes entries out of raw data and collects every problem with its path."""

    def __init__(self) -> None:
        self.problems: dict[str, list[Text]] = {}

    def refuse(self, path: str, problem: str) -> None:
        self.problems.setdefault(path, []).append(problem)

    def entries(self, raw: Any, keys: Mapping[str, str], path: str) -> dict[str, Any]:
        """Give the entries of a mapping that have a known key and the right type."""
        if not isinstance(raw, dict):
            self.refuse(path or "eform", _("Phải là đối tượng {...}."))
            return {}
        good = {}
        for key, value in raw.items():
            here = f"{path}.{key}" if path else str(key)
            if key not in keys:
                self.refuse(here, _("Không có mục này. Các mục được dùng: %s.") % ", ".join(keys))
                continue
            fits, wanted = _TYPES[keys[key]]
            if fits(value):
                good[key] = value
            else:
                self.refuse(here, _("Phải là %s.") % wanted)
        return good

    def text(self, found: Mapping[str, Any], key: str, path: str, form: re.Pattern[str] | None = None) -> str:
        """Take a text that must be there, and must match ``form``."""
        value = str(found.get(key, "")).strip()
        if not value:
            self.refuse(f"{path}.{key}", _("Thiếu mục này hoặc mục này để trống."))
        elif form and not form.fullmatch(value):
            self.refuse(
                f"{path}.{key}", _("“%(value)s” phải khớp %(form)s.") % {"value": value, "form": form.pattern}
            )
        return value

    def choices(self, raw: list[Any], path: str) -> Iterator[Choice]:
        """Take lists of value, label and English label; each value once."""
        seen: set[str] = set()
        for at, one in enumerate(raw):
            right = (
                isinstance(one, list) and 2 <= len(one) <= 3 and all(isinstance(p, str) and p for p in one)
            )
            if not right:
                self.refuse(f"{path}[{at}]", _("Phải là [giá trị, nhãn, nhãn tiếng Anh] bằng chữ."))
            elif one[0] in seen:
                self.refuse(f"{path}[{at}]", _("Trùng giá trị “%s”.") % one[0])
            else:
                seen.add(one[0])
                yield Choice(*one)
