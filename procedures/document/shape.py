"""What a document may say, read strictly: every problem comes with its path, such as ``steps[2].time.value``.

A document is a mapping of plain values. An entry that is left out, or empty, has its default; entries that nobody
knows are refused, because a misspelt one would be lost without a word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from core.errors import InvalidInput, Text
from core.working_time import Mode, PausePolicy
from procedures import eforms, eligibility, messages, templates
from procedures.document import plain, wording
from procedures.document.entries import Strict, choice, day, list_of, number, several, text
from procedures.document.rows import (
    ChannelPart,
    LegalBasisPart,
    LinkPart,
    OutcomePart,
    Paper,
    ResultPart,
    Step,
    Upload,
    Words,
)
from procedures.states import (
    ApplicantCategory,
    AuthoritativeRoute,
    CompetentAgencyRule,
    DecisionKind,
    Level,
    OnlineLevel,
    PartialReason,
)

FORMAT = "danang-procedure/1"


class Decision(Strict):
    number = text(gettext_lazy("số quyết định"), 255)
    signed_on = day(gettext_lazy("ngày ký"))
    issuer = text(gettext_lazy("cơ quan ban hành"), 255)
    kind = choice(DecisionKind.choices, gettext_lazy("loại quyết định"))


class Published(Strict):
    """The eight legal parts that stand as text (NĐ 63/2010, art. 8.2); the others are lists of the document."""

    execution_sequence = text(gettext_lazy("trình tự thực hiện"))
    eligibility_conditions = text(gettext_lazy("yêu cầu, điều kiện"))
    authority = text(gettext_lazy("cơ quan thực hiện"))
    methods_text = text(gettext_lazy("cách thức thực hiện như đã công bố"))
    components_text = text(gettext_lazy("thành phần hồ sơ như đã công bố"))
    legal_bases_text = text(gettext_lazy("căn cứ pháp lý như đã công bố"))
    levels_text = text(gettext_lazy("cấp thực hiện như đã công bố"))
    applicant_categories_text = text(gettext_lazy("đối tượng như đã công bố"))


class Online(Strict):
    """How far it goes online, and why not all the way (NĐ 224/2026, art. 14)."""

    level = choice(OnlineLevel.choices, gettext_lazy("mức độ"), OnlineLevel.INFORMATION_ONLY.value)
    partial_reason = choice(PartialReason.choices, gettext_lazy("lý do chưa toàn trình"))
    partial_basis = text(gettext_lazy("căn cứ chưa toàn trình"), 500)
    legacy_level = number(gettext_lazy("mức độ theo cách gọi cũ"), 4, 1)


class Deciding(Strict):
    """Which agency decides; ``agency`` is its code under a fixed rule."""

    rule = choice(
        CompetentAgencyRule.choices, gettext_lazy("cách xác định"), CompetentAgencyRule.NOT_SET.value
    )
    agency = text(gettext_lazy("cơ quan"), 35)
    route = choice(
        AuthoritativeRoute.choices, gettext_lazy("hệ thống xử lý chính"), AuthoritativeRoute.CITY.value
    )


class ClockRules(Strict):
    """How the time limit is counted where this procedure differs (domain: timers)."""

    counting_mode = choice(Mode.choices, gettext_lazy("cách tính thời hạn"), Mode.EXACT.value)
    supplement_policy = choice(PausePolicy.choices, gettext_lazy("thời hạn sau khi bổ sung"))
    late_supplement_basis = text(gettext_lazy("căn cứ yêu cầu bổ sung sau 3 ngày"), 500)
    supplement_wait_days = number(gettext_lazy("số ngày chờ bổ sung"), 365, 1, default=30)
    excludes_verification = text(gettext_lazy("căn cứ không tính thời gian xác minh"), 500)


class Eligibility(Strict):
    """The check before filing; see `procedures.eligibility`."""

    questions = serializers.ListField(
        child=serializers.DictField(),
        label=gettext_lazy("câu hỏi điều kiện"),
        required=False,
        default=list,
        max_length=30,
    )
    outcomes = list_of(OutcomePart, gettext_lazy("kết luận"))


class Document(Strict):
    """The whole. Labels are for people who compare two versions; names are for the file."""

    format = serializers.ChoiceField(choices=[FORMAT], label=gettext_lazy("định dạng"))
    code = serializers.RegexField(r"\A[0-9A-Za-z][0-9A-Za-z.\-]{0,31}\Z", label=gettext_lazy("mã thủ tục"))
    name = text(gettext_lazy("tên thủ tục"), 2_000, required=True, default=serializers.empty)
    name_en = text(gettext_lazy("tên tiếng Anh"), 2_000)
    short_name = text(gettext_lazy("tên ngắn"), 160)
    sector = text(gettext_lazy("lĩnh vực"), 255)
    ministry = text(gettext_lazy("bộ, ngành"), 255)
    kind = text(gettext_lazy("loại thủ tục"), 255)
    levels = several(Level.choices, gettext_lazy("cấp thực hiện"))
    applicant_categories = several(ApplicantCategory.choices, gettext_lazy("đối tượng thực hiện"))
    decision = Decision(required=False, default=dict, label=gettext_lazy("quyết định công bố"))
    effective_from = day(gettext_lazy("có hiệu lực từ"))
    effective_to = day(gettext_lazy("hết hiệu lực sau"))
    source_url = serializers.URLField(
        max_length=500, allow_blank=True, required=False, default="", label=gettext_lazy("trang nguồn")
    )
    published = Published(required=False, default=dict, label=gettext_lazy("nội dung công bố"))
    channels = list_of(ChannelPart, gettext_lazy("cách thức thực hiện"))
    papers = list_of(Paper, gettext_lazy("thành phần hồ sơ đã công bố"))
    legal_bases = list_of(LegalBasisPart, gettext_lazy("căn cứ pháp lý"))
    guidance = text(gettext_lazy("hướng dẫn cho người nộp"))
    guidance_en = text(gettext_lazy("hướng dẫn bằng tiếng Anh"))
    online = Online(required=False, default=dict, label=gettext_lazy("dịch vụ trực tuyến"))
    deciding = Deciding(required=False, default=dict, label=gettext_lazy("cơ quan giải quyết"))
    clock = ClockRules(required=False, default=dict, label=gettext_lazy("cách tính thời gian"))
    eligibility = Eligibility(required=False, default=dict, label=gettext_lazy("kiểm tra điều kiện"))
    eform = serializers.DictField(label=gettext_lazy("biểu mẫu điện tử"), required=False, default=dict)
    uploads = list_of(Upload, gettext_lazy("thành phần nộp trực tuyến"))
    steps = list_of(Step, gettext_lazy("quy trình nội bộ"))
    results = list_of(ResultPart, gettext_lazy("kết quả"))
    links = list_of(LinkPart, gettext_lazy("thủ tục liên thông"))
    messages = serializers.DictField(
        child=Words(), label=gettext_lazy("lời nhắn riêng"), required=False, default=dict
    )


@cache
def shape() -> Document:
    """Give the reader of all documents. It keeps nothing of what it reads; to make its 150 fields costs more than to
    read with them.
    """
    document = Document()
    wording.speak(document)
    return document


def parse(raw: Any) -> dict[str, Any]:
    """Read a document; give it whole, with every default filled in, as plain JSON values in the document's order.

    The e-form, own messages and the result templates are read as strictly as their own readers do.

    :raises InvalidInput: with every problem under its path.
    """
    problems = plain.problems(raw)
    if problems:
        raise InvalidInput(problems, _("Tài liệu thủ tục chưa đúng. Hãy sửa các mục được nêu."))
    try:
        read = shape().run_validation(raw)
    except serializers.ValidationError as refusal:
        for path, texts in _flat(refusal.detail):
            problems.setdefault(path, []).extend(texts)
        raise InvalidInput(problems, _("Tài liệu thủ tục chưa đúng. Hãy sửa các mục được nêu.")) from None
    # As a file would hold it: dates as text, numbers as numbers.
    document: dict[str, Any] = _native(shape().to_representation(read))
    problems = dict(_of_forms(document))
    if problems:
        raise InvalidInput(problems, _("Tài liệu thủ tục chưa đúng. Hãy sửa các mục được nêu."))
    return document


def _native(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _native(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_native(one) for one in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _of_forms(document: Mapping[str, Any]) -> Iterator[tuple[str, list[Text]]]:
    """Give the problems of what is more than values: e-form, conditions, check before filing, messages, templates."""
    fields: frozenset[str] = frozenset()
    try:
        schema = eforms.parse(document["eform"])
    except InvalidInput as problem:
        yield from ((f"eform.{path}", texts) for path, texts in problem.errors.items())
    else:
        fields = frozenset(schema.fields)
        for at, upload in enumerate(document["uploads"]):
            try:
                eforms.condition_on(schema, upload["condition"])
            except InvalidInput as problem:
                yield from ((f"uploads[{at}].{path}", texts) for path, texts in problem.errors.items())
    for path, said in messages.problems(document["messages"]):
        yield f"messages.{path}", [said]
    try:
        eligibility.parse(document["eligibility"])
    except InvalidInput as problem:
        yield from ((f"eligibility.{path}", texts) for path, texts in problem.errors.items())
    for at, result in enumerate(document["results"]):
        try:
            templates.parse(result["template"], form_fields=fields or None)
        except InvalidInput as problem:
            yield from ((f"results[{at}].template.{path}", texts) for path, texts in problem.errors.items())


def _flat(errors: Any, path: str = "") -> Iterator[tuple[str, list[Text]]]:
    """Walk nested problems of a serializer and give each under one path."""
    if isinstance(errors, Mapping):
        for key, inner in errors.items():
            if key == "non_field_errors":
                yield from _flat(inner, path)
            elif isinstance(key, int):
                yield from _flat(inner, f"{path}[{key}]")
            else:
                yield from _flat(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(errors, list) and any(isinstance(one, Mapping) for one in errors):
        for at, inner in enumerate(errors):
            yield from _flat(inner, f"{path}[{at}]")
    elif errors:
        yield path or "document", [str(one) for one in errors]
