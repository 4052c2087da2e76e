"""Parts of addresses."""

from __future__ import annotations

from django.urls import register_converter


class ProcedureCode:
    """A national code, with or without an agency's suffix; anything that looks like one gets a helpful answer."""

    regex = r"[0-9A-Za-z.\-]{1,32}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ProcedureCode, "procedure_code")
