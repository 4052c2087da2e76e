"""Parts of what a document holds as free mappings: the template of a result, own messages, handed-on answers.

The strict readers (`procedures.templates`, `procedures.eforms.reading`) decide what is right; these only say which
controls there are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Text
from core.vietnamese import fold
from designer.conditions import Questions
from designer.parts import Bend, Choices, Control, Entry, Part, Rows
from procedures import messages, templates
from procedures.templates import FieldType

_KINDS: Choices = (
    (FieldType.TEXT.value, gettext_lazy("một dòng")),
    (FieldType.TEXTAREA.value, gettext_lazy("nhiều dòng")),
    (FieldType.DATE.value, gettext_lazy("ngày")),
)
_SOURCES: dict[str, Text] = {
    "owner.name": gettext_lazy("Tên người nộp"),
    "owner.birth_on": gettext_lazy("Ngày sinh người nộp"),
    "owner.personal_id_number": gettext_lazy("Số định danh người nộp"),
    "owner.code": gettext_lazy("Mã số tổ chức"),
    "owner.address": gettext_lazy("Địa chỉ người nộp"),
    "owner.nationality": gettext_lazy("Quốc tịch người nộp"),
    "submitter.name": gettext_lazy("Người nộp thay"),
    "agency.name": gettext_lazy("Cơ quan giải quyết"),
    "dossier.code": gettext_lazy("Mã hồ sơ"),
    "dossier.tracking_no": gettext_lazy("Mã tra cứu"),
    "procedure.name": gettext_lazy("Tên thủ tục"),
}


def slug(text: str, *, taken: Mapping[str, Any] | frozenset[str] = frozenset(), separator: str = "_") -> str:
    """Make a name of a–z, digits and separators from a text; with a number where it is taken already."""
    bare = re.sub(r"[^a-z0-9]+", separator, fold(text)).strip(separator)[:48].strip(separator)
    name = bare if bare[:1].isalpha() else f"muc{separator}{bare}".strip(separator)
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}{separator}{number}"
    return found


def template_part(questions: Questions) -> Part:
    """The template from which a result is drafted; nothing filled in: it is not drafted in the portal."""
    group = gettext_lazy("Mẫu soạn thảo")
    sources: Choices = (
        *((one, _SOURCES.get(one, one)) for one in sorted(templates.SOURCES)),
        *((f"form.{name}", one.label) for name, one in questions.items() if one.keeps_answer),
    )
    labels = dict(sources)
    place = Part(
        (
            Entry(("name",), gettext_lazy("Mã chỗ trống"), Control.LINE, most=60),
            Entry(("label",), gettext_lazy("Nhãn"), Control.LINE, most=200),
            Entry(("type",), gettext_lazy("Kiểu"), Control.CHOICE, _KINDS),
            Entry(
                ("prefill",), gettext_lazy("Lấy từ"), Control.CHOICE, (("", gettext_lazy("gõ tay")), *sources)
            ),
            Entry(("required",), gettext_lazy("Bắt buộc"), Control.FLAG, empty=False),
            Entry(("hint",), gettext_lazy("Hướng dẫn cho cán bộ"), Control.LINE, most=200),
        )
    )
    paragraph = Part((Entry(("value",), gettext_lazy("Đoạn văn"), Control.LONG, most=2_000),))

    def new_place(count: int, picked: str) -> dict[str, Any]:
        label = str(labels.get(picked, _("Chỗ trống %d") % (count + 1)))
        name = picked.removeprefix("form.") if picked.startswith("form.") else slug(label)
        asked = questions.get(name) if picked.startswith("form.") else None
        is_day = picked.endswith("birth_on") or (asked is not None and asked.type == "date")
        kind = FieldType.DATE if is_day else FieldType.TEXT
        return {"name": name, "label": label, "type": kind.value, "prefill": picked, "required": True}

    own = Part(
        (
            Entry(("title",), gettext_lazy("Tiêu đề văn bản"), Control.LINE, most=300),
            Entry(("title_en",), gettext_lazy("Tiêu đề tiếng Anh"), Control.LINE, most=300),
            Entry(("intro",), gettext_lazy("Phần mở đầu"), Control.LONG, most=2_000),
            Entry(("signature_title",), gettext_lazy("Chức danh người ký"), Control.LINE, most=200),
        ),
        (
            Rows(
                ("fields",),
                gettext_lazy("Chỗ trống của mẫu"),
                lambda _data, _prefix: place,
                new_place,
                gettext_lazy("Thêm chỗ trống"),
                picks=(("", gettext_lazy("gõ tay")), *sources),
                hint=gettext_lazy("Chọn nơi lấy dữ liệu rồi bấm thêm; chèn vào đoạn văn bằng nút bên dưới."),
            ),
            Rows(
                ("paragraphs",),
                gettext_lazy("Các đoạn văn"),
                lambda _data, _prefix: paragraph,
                lambda _count, _picked: _("Đoạn văn mới."),
                gettext_lazy("Thêm đoạn văn"),
                plain=True,
                inserts=True,
            ),
        ),
    )
    return own.under(("template",), group=group) + Part(
        bends={("template",): Bend(lambda value: value or {}, _lean)}
    )


def _english() -> Entry:
    return Entry(("en",), gettext_lazy("Tiếng Anh"), Control.LONG, most=2_000)


def messages_part(label: Text) -> Part:
    """Own words of notices: rows of topic and words instead of words by topic."""
    topics: Choices = tuple((topic, known.label) for topic, known in messages.ALL.items())

    def words(data: Mapping[str, Any], prefix: str) -> Part:
        known = messages.ALL.get(str(data.get(f"{prefix}-topic", "")), messages.ALL[topics[0][0]])
        places = "; ".join(f"{{{name}}} {told}" for name, told in known.places.items())
        if known.is_letter:
            hint = _(
                "In thêm vào chỗ mẫu giấy để ngỏ; phần cố định của mẫu giữ nguyên. Chỗ trống dùng được: %s."
            )
        else:
            hint = _("Thay cho lời chung của thành phố. Chỗ trống dùng được: %s.")
        english = () if known.is_letter else (_english(),)
        return Part(
            (
                Entry(
                    ("topic",),
                    gettext_lazy("Thông báo hoặc giấy tờ"),
                    Control.CHOICE,
                    topics,
                    required=True,
                    refreshes=True,
                ),
                Entry(("vi",), gettext_lazy("Tiếng Việt"), Control.LONG, most=2_000, hint=hint % places),
                *english,
            )
        )

    def shown(value: Any) -> list[dict[str, Any]]:
        return [{"topic": topic, **own} for topic, own in (value or {}).items()]

    def taken(rows: list[dict[str, Any]]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for row in rows or []:
            earlier = made.get(row["topic"], {})
            # Words for one notice that stand in two rows are both kept.
            made[row["topic"]] = {
                language: "\n".join(filter(None, (earlier.get(language), row.get(language))))
                for language in ("vi", "en")
            }
        return made

    rows = Rows(
        ("messages",),
        label,
        words,
        lambda _count, picked: {"topic": picked or topics[0][0]},
        gettext_lazy("Thêm lời nhắn"),
        picks=topics,
    )
    return Part(rows=(rows,), bends={("messages",): Bend(shown, taken)})


def answers_part(label: Text, questions: Questions) -> Part:
    """Answers that are handed on to a linked procedure: rows of its question and ours."""
    ours: Choices = (("", "—"), *((name, one.label) for name, one in questions.items() if one.keeps_answer))
    pair = Part(
        (
            Entry(("own",), gettext_lazy("Mã câu hỏi của thủ tục kia"), Control.LINE, most=60),
            Entry(("from",), gettext_lazy("Lấy câu trả lời của"), Control.CHOICE, ours),
        )
    )

    def shown(value: Any) -> list[dict[str, Any]]:
        return [{"own": own, "from": source} for own, source in (value or {}).items()]

    def taken(rows: list[dict[str, Any]]) -> dict[str, Any]:
        return {row["own"]: row["from"] for row in rows or [] if row["own"] and row["from"]}

    rows = Rows(
        ("answers",),
        label,
        lambda _data, _prefix: pair,
        lambda _count, _picked: {"own": "", "from": ""},
        gettext_lazy("Thêm câu trả lời chuyển sang"),
    )
    return Part(rows=(rows,), bends={("answers",): Bend(shown, taken)})


def _lean(value: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is empty; places get a name of their own where none was typed."""
    names: set[str] = set()
    places = []
    for one in value.get("fields") or []:
        kept = {key: own for key, own in one.items() if own not in ("", False, None)}
        if kept.get("type") == FieldType.TEXT:  # as a template that leaves it out
            del kept["type"]
        kept.setdefault("label", "")
        kept["name"] = one["name"] or slug(one["label"] or one["prefill"], taken=frozenset(names))
        names.add(kept["name"])
        places.append(kept)
    lean = {key: own for key, own in value.items() if own not in ("", [], None) and key != "fields"}
    if isinstance(lean.get("paragraphs"), list):
        lean["paragraphs"] = [one for one in lean["paragraphs"] if one.strip()]
    return {**lean, "fields": places} if places else lean
