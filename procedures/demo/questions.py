"""Short ways to write the questions of a demonstration e-form."""

from __future__ import annotations

from typing import Any

Question = dict[str, Any]


def question(kind: str, name: str, label: str, label_en: str, **more: Any) -> Question:
    """A required question; ``required=False`` in ``more`` makes it optional."""
    return {"name": name, "label": label, "label_en": label_en, "type": kind, "required": True} | more


def known(kind: str, name: str, label: str, label_en: str, source: str) -> Question:
    """A question whose answer the portal knows and fixes."""
    return question(kind, name, label, label_en, prefill=source, readonly=True)


def when(field: str, equals: str | bool) -> dict[str, Any]:
    """Ask a question only after this answer to an earlier one."""
    return {"show_if": {"field": field, "equals": equals}}


def page(page_id: str, title: str, title_en: str, *fields: Question, **more: str) -> dict[str, Any]:
    """A page of questions; ``more`` holds its introduction."""
    return {"id": page_id, "title": title, "title_en": title_en, "fields": list(fields)} | more


def contact(source: str) -> list[Question]:
    """Telephone and e-mail under which the applicant is told about the dossier."""
    return [
        question(
            "phone",
            "dien_thoai",
            "Số điện thoại liên hệ",
            "Contact telephone number",
            prefill=f"{source}.phone",
            hint="Cơ quan chỉ gọi số này khi cần hỏi về hồ sơ.",
            hint_en="The agency calls this number only about your dossier.",
        ),
        question(
            "email", "thu_dien_tu", "Thư điện tử", "E-mail address", prefill=f"{source}.email", required=False
        ),
    ]


def declaration(text: str, text_en: str) -> Question:
    """A box that must be ticked before filing."""
    return question("checkbox", "cam_doan", text, text_en)
