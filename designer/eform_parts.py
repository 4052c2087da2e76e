"""What is edited of an e-form: a page, a section, a question of each kind, the rules about several answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Text
from designer.conditions import KEPT, Questions, condition_part, number_of
from designer.eform_editing import needed
from designer.expressions import expression_part
from designer.parts import Bend, Choices, Control, Entry, Part, Rows
from designer.shapes import slug
from procedures.eforms.field_reading import CHOICE_SOURCES
from procedures.eforms.kinds import KINDS
from procedures.eforms.kinds.computed import SHOWN_AS
from procedures.eforms.labels import KIND_LABELS, PREFILL_LABELS
from procedures.eforms.schema import PREFILL_SOURCES, ROWS, UNANSWERED, FieldType

_SOURCE_LABELS: dict[str, Text] = {
    "provinces": gettext_lazy("Tỉnh, thành phố"),
    "communal_units": gettext_lazy("Phường, xã của thành phố"),
}
_DISPLAYS: Choices = (
    ("", gettext_lazy("tự chọn theo số lựa chọn")),
    ("radio", gettext_lazy("các nút tròn")),
    ("select", gettext_lazy("danh sách thả xuống")),
)
KINDS_TO_CHOOSE: Choices = tuple((kind.value, label) for kind, label in KIND_LABELS.items())
_IN_ROWS: Choices = tuple(
    (kind.value, label) for kind, label in KIND_LABELS.items() if kind not in UNANSWERED | ROWS
)

_WORDS, _LIMITS = gettext_lazy("Hướng dẫn, ví dụ"), gettext_lazy("Giới hạn và kiểm tra")
_ENGLISH, _SAID = gettext_lazy("Tiếng Anh"), gettext_lazy("Lời báo khi trả lời sai")
_ASKED, _KNOWN = gettext_lazy("Khi nào hỏi"), gettext_lazy("Điền sẵn từ dữ liệu đã có")


def page_part(questions: Questions, *, kept: bool) -> Part:
    """What is said of a page or a section; ``questions`` are those of earlier ones."""
    texts = Part(
        (
            Entry(("title",), gettext_lazy("Tiêu đề"), Control.LINE, required=True, most=300),
            Entry(("title_en",), gettext_lazy("Tiêu đề tiếng Anh"), Control.LINE, most=300),
            Entry(("intro",), gettext_lazy("Lời dẫn"), Control.LONG, most=2_000),
            Entry(("intro_en",), gettext_lazy("Lời dẫn tiếng Anh"), Control.LONG, most=2_000),
        )
    )
    return texts + _shown_when(questions, kept=kept)


def rules_part(questions: Questions) -> Part:
    """Rules about several answers."""
    choices: Choices = tuple((name, one.label) for name, one in questions.items())

    def part(data: Mapping[str, Any], prefix: str) -> Part:
        check = bool(data.get(f"{prefix}-check-{KEPT}"))
        when = bool(data.get(f"{prefix}-show_when-{KEPT}"))
        return (
            Part(
                (
                    Entry(
                        ("problem",), gettext_lazy("Lời báo khi sai, nói cách sửa"), Control.LONG, most=500
                    ),
                    Entry(("problem_en",), gettext_lazy("Lời báo tiếng Anh"), Control.LONG, most=500),
                    Entry(("field",), gettext_lazy("Báo ở câu hỏi"), Control.CHOICE, choices),
                )
            )
            + condition_part(questions, ("check",), gettext_lazy("Điều phải đúng"), kept=check)
            + condition_part(
                questions, ("show_when",), gettext_lazy("Chỉ kiểm tra khi"), kept=when, group=_ASKED
            )
        )

    last = choices[-1][0] if choices else ""
    rows = Rows(
        ("rules",),
        gettext_lazy("Quy tắc giữa các câu trả lời"),
        part,
        lambda _count, _picked: {
            "field": last,
            "problem": _("Hãy xem lại câu trả lời này."),
            "check": {"field": last, "filled": True},
        },
        gettext_lazy("Thêm quy tắc"),
    )
    return Part(rows=(rows,))


def question_part(
    kind: FieldType,
    questions: Questions,
    *,
    components: tuple[str, ...] = (),
    kept: frozenset[str] = frozenset(),
    in_rows: bool = False,
) -> Part:
    """What is edited of a question of a kind; ``questions`` are those before it.

    ``kept`` are the entries (``show_when``, ``value``) that hold what lines cannot say.
    """
    made = Part(
        (
            Entry(("label",), gettext_lazy("Câu hỏi"), Control.LONG, required=True, most=500),
            Entry(
                ("type",),
                gettext_lazy("Loại câu trả lời"),
                Control.CHOICE,
                _IN_ROWS if in_rows else KINDS_TO_CHOOSE,
                refreshes=True,
            ),
        )
    )
    answered = kind not in UNANSWERED
    if answered or kind is FieldType.FILE:
        made += Part((Entry(("required",), gettext_lazy("Bắt buộc trả lời"), Control.FLAG, empty=None),))
    made += _own(kind, questions, components, kept, in_rows=in_rows)
    if answered:
        made += _known(kind) if not in_rows else Part()
    made += Part((_line("label_en", gettext_lazy("Câu hỏi bằng tiếng Anh"), _ENGLISH, most=500),))
    if kind is not FieldType.HEADING and kind is not FieldType.NOTE:
        made += _words(kind)
    if answered:
        made += Part(
            (
                _line("problem", gettext_lazy("Khi trả lời sai"), _SAID),
                _line("required_problem", gettext_lazy("Khi bỏ trống"), _SAID),
                _line("problem_en", gettext_lazy("Khi trả lời sai (tiếng Anh)"), _SAID),
                _line("required_problem_en", gettext_lazy("Khi bỏ trống (tiếng Anh)"), _SAID),
            )
        )
    return _in_order(made + _shown_when(questions, kept="show_when" in kept))


def _in_order(part: Part) -> Part:
    """Put the groups into the order in which somebody thinks of them."""
    groups = ["", *(str(one) for one in (_ASKED, _KNOWN, _WORDS, _LIMITS, _ENGLISH, _SAID))]
    return replace(part, entries=tuple(sorted(part.entries, key=lambda one: groups.index(str(one.group)))))


def question_data(value: Mapping[str, Any], kind: FieldType) -> dict[str, Any]:
    """Give a question as the form keeps it: nothing that is empty, nothing that its kind does not know."""
    made = {key: one for key, one in value.items() if key == "value" or not _is_empty(one)}
    for key in ("min", "max"):
        if isinstance(made.get(key), str):
            made[key] = number_of(made[key])
    if "fields" in made:
        seen: set[str] = set()
        made["fields"] = [question_in_row(one, seen) for one in made["fields"]]
    if made.get("source"):
        made.pop("choices", None)
    if not made.get("prefill"):
        made.pop("readonly", None)
    if made.get("type") != kind.value:
        made |= {key: own for key, own in needed(FieldType(made["type"])).items() if key not in made}
    return made


def _is_empty(value: Any) -> bool:
    """Say whether a value says nothing; 0 says something."""
    return value is None or value is False or value in ("", [], {})


def question_in_row(value: Mapping[str, Any], seen: set[str]) -> dict[str, Any]:
    """Give a question of a row as it is kept, under a name that is not among those ``seen``, to which it is added."""
    made = question_data(value, FieldType(value["type"]))
    made["name"] = value.get("name") or slug(value["label"], taken=frozenset(seen))
    seen.add(made["name"])
    return made


def _own(
    kind: FieldType, questions: Questions, components: tuple[str, ...], kept: frozenset[str], *, in_rows: bool
) -> Part:
    """Give the controls of the keys that only this kind has."""
    made = Part()
    for key in _ORDER:
        if key in KINDS[kind].keys and not (in_rows and key in ("fields", "rows")):
            made += _OWN[key](kind, questions, components, kept)
    return made


def _line(key: str, label: Text, group: Text = "", *, most: int = 200) -> Entry:
    return Entry((key,), label, Control.LINE, most=most, group=group)


def _flag(key: str, label: Text) -> Part:
    return Part((Entry((key,), label, Control.FLAG, empty=None, group=_LIMITS),))


def _known(kind: FieldType) -> Part:
    sources: Choices = (
        ("", gettext_lazy("không điền sẵn")),
        *((one, PREFILL_LABELS.get(one, one)) for one in sorted(PREFILL_SOURCES)),
    )
    made = Part((Entry(("prefill",), gettext_lazy("Lấy từ"), Control.CHOICE, sources, group=_KNOWN),))
    if KINDS[kind].may_be_fixed:
        fixed = gettext_lazy("Không cho sửa dữ liệu đã có")
        made += Part((Entry(("readonly",), fixed, Control.FLAG, empty=None, group=_KNOWN),))
    return made


def _words(kind: FieldType) -> Part:
    made = Part((_line("hint", gettext_lazy("Hướng dẫn ngắn"), _WORDS, most=500),))
    if kind not in UNANSWERED:
        made += Part(
            (
                _line("example", gettext_lazy("Ví dụ"), _WORDS),
                Entry(("help",), gettext_lazy("Giải thích thêm"), Control.LONG, most=2_000, group=_WORDS),
                _line("example_en", gettext_lazy("Ví dụ tiếng Anh"), _ENGLISH),
                Entry(
                    ("help_en",),
                    gettext_lazy("Giải thích thêm bằng tiếng Anh"),
                    Control.LONG,
                    most=2_000,
                    group=_ENGLISH,
                ),
            )
        )
    return made + Part((_line("hint_en", gettext_lazy("Hướng dẫn ngắn bằng tiếng Anh"), _ENGLISH, most=500),))


def _shown_when(questions: Questions, *, kept: bool) -> Part:
    label = gettext_lazy("Chỉ hỏi khi")
    hint = gettext_lazy("Không có dòng nào: luôn hỏi. Chỉ chọn được câu hỏi đứng trước.")
    return condition_part(questions, ("show_when",), label, kept=kept, group=_ASKED, hint=hint)


def _list_of_choices(key: str, label: Text, add: Text) -> Part:
    """Lists of value, label and English label as rows; a value is made from the label where none is typed."""
    choice = Part(
        (
            _line("label", gettext_lazy("Lời"), most=500),
            _line("label_en", gettext_lazy("Tiếng Anh"), most=500),
            _line("value", gettext_lazy("Giá trị lưu (tự đặt nếu để trống)"), most=60),
        )
    )

    def shown(value: Any) -> list[dict[str, Any]]:
        return [
            {"value": one[0], "label": one[1], "label_en": one[2] if len(one) > 2 else ""}
            for one in value or []
        ]

    def taken(rows: list[dict[str, Any]]) -> list[list[str]]:
        values: set[str] = {row["value"] for row in rows or [] if row["value"]}
        made = []
        for row in rows or []:
            if not row["label"] and not row["value"]:
                continue
            value = row["value"] or slug(row["label"], taken=frozenset(values))
            values.add(value)
            made.append([value, row["label"], row["label_en"]] if row["label_en"] else [value, row["label"]])
        return made

    rows = Rows(
        (key,),
        label,
        lambda _data, _prefix: choice,
        lambda count, _picked: {"label": f"{label} {count + 1}", "value": ""},
        add,
    )
    return Part(rows=(rows,), bends={(key,): Bend(shown, taken)})


def _columns(questions: Questions) -> Part:
    def part(data: Mapping[str, Any], prefix: str) -> Part:
        try:
            kind = FieldType(data.get(f"{prefix}-type", ""))
        except ValueError:
            kind = FieldType.TEXT
        kept = bool(data.get(f"{prefix}-show_when-{KEPT}"))
        own = question_part(kind, {}, kept=frozenset({"show_when"} if kept else ()), in_rows=True)
        code = _line("name", gettext_lazy("Mã (tự đặt nếu để trống)"), _LIMITS, most=60)
        return own + Part((code,))

    rows = Rows(
        ("fields",),
        gettext_lazy("Câu hỏi của mỗi dòng"),
        part,
        lambda count, _picked: {"label": _("Câu hỏi %d") % (count + 1), "type": FieldType.TEXT.value},
        gettext_lazy("Thêm câu hỏi vào dòng"),
    )
    return Part(rows=(rows,))


def _bounds(kind: FieldType) -> tuple[Text, Text]:
    if kind in ROWS:
        return gettext_lazy("Ít nhất bao nhiêu dòng"), gettext_lazy("Nhiều nhất bao nhiêu dòng")
    if kind is FieldType.MULTI_CHOICE:
        return gettext_lazy("Chọn ít nhất"), gettext_lazy("Chọn nhiều nhất")
    return gettext_lazy("Số nhỏ nhất"), gettext_lazy("Số lớn nhất")


def _bound(key: str, kind: FieldType) -> Part:
    label = _bounds(kind)[key == "max"]
    control = Control.LINE if kind is FieldType.DECIMAL else Control.NUMBER
    return Part((Entry((key,), label, control, empty=None, group=_LIMITS, most=20),))


def _number(key: str, label: Text) -> Part:
    return Part((Entry((key,), label, Control.NUMBER, empty=None, group=_LIMITS),))


_Make = Callable[[FieldType, Questions, tuple[str, ...], frozenset[str]], Part]


def _of(part: Callable[[], Part]) -> _Make:
    return lambda _kind, _questions, _components, _kept: part()


def _component(_kind: FieldType, _questions: Questions, components: tuple[str, ...], _kept: Any) -> Part:
    choices: Choices = tuple((one, one) for one in components)
    hint = gettext_lazy("Thêm giấy tờ ở phần “Thành phần nộp trực tuyến” trước.")
    label = gettext_lazy("Tệp của thành phần")
    return Part((Entry(("component",), label, Control.CHOICE, choices, hint=hint),))


def _value(_kind: FieldType, questions: Questions, _components: Any, kept: frozenset[str]) -> Part:
    return expression_part(questions, ("value",), gettext_lazy("Cách tính"), kept="value" in kept)


def _shown_as() -> Part:
    choices: Choices = tuple((kind.value, KIND_LABELS[kind]) for kind in SHOWN_AS)
    return Part((Entry(("shown_as",), gettext_lazy("Hiện ra như"), Control.CHOICE, choices),))


def _source() -> Part:
    known: Choices = (
        ("", gettext_lazy("các lựa chọn ở trên")),
        *((one, _SOURCE_LABELS.get(one, one)) for one in CHOICE_SOURCES),
    )
    return Part((Entry(("source",), gettext_lazy("Hoặc lấy danh sách có sẵn"), Control.CHOICE, known),))


_OWN: dict[str, _Make] = {
    "choices": _of(
        partial(_list_of_choices, "choices", gettext_lazy("Lựa chọn"), gettext_lazy("Thêm lựa chọn"))
    ),
    "source": _of(_source),
    "display": _of(
        lambda: Part((Entry(("display",), gettext_lazy("Hiện ra như"), Control.CHOICE, _DISPLAYS),))
    ),
    "fields": lambda _kind, questions, _components, _kept: _columns(questions),
    "rows": lambda kind, _questions, _components, _kept: (
        _list_of_choices("rows", gettext_lazy("Dòng cố định"), gettext_lazy("Thêm dòng cố định"))
        if kind is FieldType.TABLE
        else Part()
    ),
    "row_label": _of(lambda: Part((_line("row_label", gettext_lazy("Gọi mỗi dòng là")),))),
    "row_label_en": _of(
        lambda: Part((_line("row_label_en", gettext_lazy("Gọi mỗi dòng là (tiếng Anh)"), _ENGLISH),))
    ),
    "component": _component,
    "value": _value,
    "shown_as": _of(_shown_as),
    "max_length": _of(partial(_number, "max_length", gettext_lazy("Số ký tự nhiều nhất"))),
    "min": lambda kind, _questions, _components, _kept: _bound("min", kind),
    "max": lambda kind, _questions, _components, _kept: _bound("max", kind),
    "decimals": _of(partial(_number, "decimals", gettext_lazy("Số chữ số thập phân"))),
    "in_words": _of(partial(_flag, "in_words", gettext_lazy("Đọc số tiền bằng chữ"))),
    "not_future": _of(partial(_flag, "not_future", gettext_lazy("Không sau hôm nay"))),
    "not_past": _of(partial(_flag, "not_past", gettext_lazy("Không trước hôm nay"))),
    "pattern": _of(
        lambda: Part((_line("pattern", gettext_lazy("Cách viết (biểu thức chính quy)"), _LIMITS),))
    ),
    "pattern_problem": _of(
        lambda: Part((_line("pattern_problem", gettext_lazy("Lời báo khi viết sai cách"), _LIMITS),))
    ),
    "pattern_problem_en": _of(
        lambda: Part(
            (_line("pattern_problem_en", gettext_lazy("Lời báo khi viết sai cách (tiếng Anh)"), _LIMITS),)
        )
    ),
}
_ORDER = tuple(_OWN)
