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

from agencies.states import Role
from core.errors import InvalidInput, Text
from core.working_time import Mode, PausePolicy
from procedures import eforms, eligibility, messages, templates
from procedures.document import plain, wording
from procedures.states import (
    ApplicantCategory,
    AuthoritativeRoute,
    Channel,
    CompetentAgencyRule,
    ComponentKind,
    ComponentSource,
    DecisionKind,
    DurationUnit,
    EligibilityResult,
    FeeKind,
    InspectorClass,
    Level,
    OnlineLevel,
    PartialReason,
    StepKind,
)

FORMAT = "danang-procedure/1"
LONGEST_LIST = 500
MOST_VND = 10**12
LONGEST_TEXT = 120_000  # the longest text of the national catalogue has 113,000 characters


def _text(label: Any = "", most: int = LONGEST_TEXT, **options: Any) -> serializers.CharField:
    options.setdefault("required", False)
    options.setdefault("default", "")
    return serializers.CharField(
        label=label, allow_blank=not options["required"], max_length=most, trim_whitespace=False, **options
    )


def _choice(choices: Any, label: Any = "", default: Any = "") -> serializers.ChoiceField:
    return serializers.ChoiceField(
        choices=choices, label=label, required=False, allow_blank=default == "", default=default
    )


def _several(choices: Any, label: Any = "") -> serializers.ListField:
    return serializers.ListField(
        child=serializers.ChoiceField(choices=choices), label=label, required=False, default=list
    )


def _number(label: Any = "", most: int = 10_000, least: int = 0, **options: Any) -> serializers.IntegerField:
    options.setdefault("required", False)
    options.setdefault("default", None)
    return serializers.IntegerField(label=label, allow_null=True, min_value=least, max_value=most, **options)


def _flag(label: Any = "", default: bool = False) -> serializers.BooleanField:
    return serializers.BooleanField(label=label, required=False, default=default)


def _day(label: Any = "") -> serializers.DateField:
    return serializers.DateField(label=label, required=False, allow_null=True, default=None)


class _Strict(serializers.Serializer[Any]):
    """A part of the document that knows all its entries."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := [key for key in data if key not in self.fields]):
            known = ", ".join(self.fields)
            raise serializers.ValidationError(
                {str(key): [_("Không có mục này. Các mục được dùng: %s.") % known] for key in unknown}
            )
        return super().to_internal_value(data)


def _list_of(part: Any, label: Any) -> Any:
    return part(many=True, label=label, required=False, default=list, max_length=LONGEST_LIST)


class Time(_Strict):
    """A length of time. Both empty: the source gives none that can be counted."""

    value = serializers.DecimalField(
        max_digits=8,
        decimal_places=2,
        min_value=0,
        allow_null=True,
        required=False,
        default=None,
        coerce_to_string=False,
        label=gettext_lazy("con số"),
    )
    unit = _choice(DurationUnit.choices, gettext_lazy("đơn vị"))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["value"] is not None and not attrs["unit"]:
            raise serializers.ValidationError({"unit": [_("Có con số thì phải có đơn vị.")]})
        return attrs


class Fee(_Strict):
    kind = _choice(FeeKind.choices, gettext_lazy("loại"))
    amount_vnd = _number(gettext_lazy("số tiền (đồng)"), MOST_VND)
    text = _text(gettext_lazy("diễn giải"))


class ChannelPart(_Strict):
    channel = serializers.ChoiceField(choices=Channel.choices, label=gettext_lazy("hình thức nộp"))
    time = Time(required=False, default=dict, label=gettext_lazy("thời hạn"))
    time_text = _text(gettext_lazy("thời hạn như đã công bố"))
    note = _text(gettext_lazy("ghi chú"))
    fees = _list_of(Fee, gettext_lazy("phí, lệ phí"))


class Paper(_Strict):
    """One published row of the papers."""

    group = _text(gettext_lazy("nhóm"))
    name = _text(gettext_lazy("tên giấy tờ"), required=True, default=serializers.empty)
    form_template = _text(gettext_lazy("mẫu đơn, tờ khai"))
    originals = _number(gettext_lazy("số bản chính"), 1_000, default=0)
    copies = _number(gettext_lazy("số bản sao"), 1_000, default=0)
    kind = _choice(ComponentKind.choices, gettext_lazy("loại giấy tờ"), ComponentKind.EVIDENCE.value)


class Upload(_Strict):
    """One component that is asked for online."""

    name = _text(gettext_lazy("tên thành phần"), required=True, default=serializers.empty)
    name_en = _text(gettext_lazy("tên tiếng Anh"))
    kind = _choice(ComponentKind.choices, gettext_lazy("loại giấy tờ"), ComponentKind.EVIDENCE.value)
    is_required = _flag(gettext_lazy("bắt buộc"), default=True)
    condition = serializers.DictField(label=gettext_lazy("khi nào cần"), required=False, default=dict)
    hint = _text(gettext_lazy("hướng dẫn"))
    hint_en = _text(gettext_lazy("hướng dẫn tiếng Anh"))
    max_pages = _number(gettext_lazy("số trang tối đa"), 500, 1, default=20)
    accepted_sources = _several(ComponentSource.choices, gettext_lazy("nguồn được chấp nhận, theo thứ tự"))
    result_of = serializers.ListField(
        child=serializers.CharField(max_length=32),
        label=gettext_lazy("là kết quả của thủ tục (mã)"),
        required=False,
        default=list,
        max_length=50,
    )
    validity_months = _number(gettext_lazy("giá trị trong (tháng)"), 600, 1)
    is_digitised = _flag(gettext_lazy("số hóa khi nộp giấy"), default=True)


class LegalBasisPart(_Strict):
    code = _text(gettext_lazy("số, ký hiệu"), 255)
    title = _text(gettext_lazy("trích yếu"))


class Step(_Strict):
    """One internal step. ``agency`` is the code of another agency; empty: the competent one."""

    name = _text(gettext_lazy("tên bước"), 200, required=True, default=serializers.empty)
    kind = serializers.ChoiceField(choices=StepKind.choices, label=gettext_lazy("loại bước"))
    role = serializers.ChoiceField(choices=Role.choices, label=gettext_lazy("vai trò"))
    time = Time(label=gettext_lazy("thời gian"))
    group = _number(gettext_lazy("nhóm làm song song"), 100, 1)
    is_optional = _flag(gettext_lazy("không bắt buộc"))
    condition = serializers.DictField(label=gettext_lazy("khi nào có bước này"), required=False, default=dict)
    agency = _text(gettext_lazy("cơ quan khác thực hiện"), 35)

    def validate_condition(self, value: dict[str, Any]) -> dict[str, Any]:
        if value and not (
            set(value) == {"field", "equals"}
            and isinstance(value["field"], str)
            and isinstance(value["equals"], str | int)
        ):
            raise serializers.ValidationError(
                [_("Điều kiện của bước gồm đúng hai mục: field (tên câu hỏi) và equals (câu trả lời).")]
            )
        return value

    def validate_time(self, value: dict[str, Any]) -> dict[str, Any]:
        if value["value"] is None:
            raise serializers.ValidationError({"value": [_("Mỗi bước phải có thời gian.")]})
        return value


class ResultPart(_Strict):
    code = _text(gettext_lazy("mã kết quả"), 64)
    name = _text(gettext_lazy("tên kết quả"), required=True, default=serializers.empty)
    symbol = _text(gettext_lazy("ký hiệu văn bản"), 32)
    template = serializers.DictField(label=gettext_lazy("mẫu kết quả"), required=False, default=dict)
    validity_months = _number(gettext_lazy("thời hạn giá trị (tháng)"), 1_200, 1)
    until_event = _text(gettext_lazy("có giá trị đến khi"), 300)
    until_event_en = _text(gettext_lazy("có giá trị đến khi (tiếng Anh)"), 300)
    is_licence = _flag(gettext_lazy("là giấy phép"))
    has_qr = _flag(gettext_lazy("có mã QR"), default=True)
    inspector_classes = _several(InspectorClass.choices, gettext_lazy("nhóm người kiểm tra"))
    renewal_days = _number(gettext_lazy("được gia hạn trước (ngày)"), 3_650)
    reissue_procedure = _text(gettext_lazy("thủ tục cấp lại"), 32)


class LinkPart(_Strict):
    procedure = _text(gettext_lazy("mã thủ tục thành phần"), 32, required=True, default=serializers.empty)
    answers = serializers.DictField(
        child=serializers.CharField(),
        label=gettext_lazy("câu trả lời chuyển sang"),
        required=False,
        default=dict,
    )


class Decision(_Strict):
    number = _text(gettext_lazy("số quyết định"), 255)
    signed_on = _day(gettext_lazy("ngày ký"))
    issuer = _text(gettext_lazy("cơ quan ban hành"), 255)
    kind = _choice(DecisionKind.choices, gettext_lazy("loại quyết định"))


class Published(_Strict):
    """The eight legal parts that stand as text (NĐ 63/2010, art. 8.2); the others are lists of the document."""

    execution_sequence = _text(gettext_lazy("trình tự thực hiện"))
    eligibility_conditions = _text(gettext_lazy("yêu cầu, điều kiện"))
    authority = _text(gettext_lazy("cơ quan thực hiện"))
    methods_text = _text(gettext_lazy("cách thức thực hiện như đã công bố"))
    components_text = _text(gettext_lazy("thành phần hồ sơ như đã công bố"))
    legal_bases_text = _text(gettext_lazy("căn cứ pháp lý như đã công bố"))
    levels_text = _text(gettext_lazy("cấp thực hiện như đã công bố"))
    applicant_categories_text = _text(gettext_lazy("đối tượng như đã công bố"))


class Online(_Strict):
    """How far it goes online, and why not all the way (NĐ 224/2026, art. 14)."""

    level = _choice(OnlineLevel.choices, gettext_lazy("mức độ"), OnlineLevel.INFORMATION_ONLY.value)
    partial_reason = _choice(PartialReason.choices, gettext_lazy("lý do chưa toàn trình"))
    partial_basis = _text(gettext_lazy("căn cứ chưa toàn trình"), 500)
    legacy_level = _number(gettext_lazy("mức độ theo cách gọi cũ"), 4, 1)


class Deciding(_Strict):
    """Which agency decides; ``agency`` is its code under a fixed rule."""

    rule = _choice(
        CompetentAgencyRule.choices, gettext_lazy("cách xác định"), CompetentAgencyRule.NOT_SET.value
    )
    agency = _text(gettext_lazy("cơ quan"), 35)
    route = _choice(
        AuthoritativeRoute.choices, gettext_lazy("hệ thống xử lý chính"), AuthoritativeRoute.CITY.value
    )


class ClockRules(_Strict):
    """How the time limit is counted where this procedure differs (domain: timers)."""

    counting_mode = _choice(Mode.choices, gettext_lazy("cách tính thời hạn"), Mode.EXACT.value)
    supplement_policy = _choice(PausePolicy.choices, gettext_lazy("thời hạn sau khi bổ sung"))
    late_supplement_basis = _text(gettext_lazy("căn cứ yêu cầu bổ sung sau 3 ngày"), 500)
    supplement_wait_days = _number(gettext_lazy("số ngày chờ bổ sung"), 365, 1, default=30)
    excludes_verification = _text(gettext_lazy("căn cứ không tính thời gian xác minh"), 500)


class OutcomePart(_Strict):
    """What some answers to the questions before filing lead to. Without a condition: for everybody who is left."""

    condition = serializers.DictField(label=gettext_lazy("khi nào"), required=False, default=dict)
    result = serializers.ChoiceField(choices=EligibilityResult.choices, label=gettext_lazy("kết luận"))
    reason = _text(gettext_lazy("vì sao"), 1_000)
    reason_en = _text(gettext_lazy("vì sao (tiếng Anh)"), 1_000)
    law = _text(gettext_lazy("căn cứ pháp luật"), 500)
    service = _text(gettext_lazy("mã thủ tục cần làm thay"), 32)


class Eligibility(_Strict):
    """The check before filing; see `procedures.eligibility`."""

    questions = serializers.ListField(
        child=serializers.DictField(),
        label=gettext_lazy("câu hỏi điều kiện"),
        required=False,
        default=list,
        max_length=30,
    )
    outcomes = _list_of(OutcomePart, gettext_lazy("kết luận"))


class Words(_Strict):
    """Own words of one notice in two languages."""

    vi = _text(gettext_lazy("tiếng Việt"), 2_000)
    en = _text(gettext_lazy("tiếng Anh"), 2_000)


class Document(_Strict):
    """The whole. Labels are for people who compare two versions; names are for the file."""

    format = serializers.ChoiceField(choices=[FORMAT], label=gettext_lazy("định dạng"))
    code = serializers.RegexField(r"\A[0-9A-Za-z][0-9A-Za-z.\-]{0,31}\Z", label=gettext_lazy("mã thủ tục"))
    name = _text(gettext_lazy("tên thủ tục"), 2_000, required=True, default=serializers.empty)
    name_en = _text(gettext_lazy("tên tiếng Anh"), 2_000)
    short_name = _text(gettext_lazy("tên ngắn"), 160)
    sector = _text(gettext_lazy("lĩnh vực"), 255)
    ministry = _text(gettext_lazy("bộ, ngành"), 255)
    kind = _text(gettext_lazy("loại thủ tục"), 255)
    levels = _several(Level.choices, gettext_lazy("cấp thực hiện"))
    applicant_categories = _several(ApplicantCategory.choices, gettext_lazy("đối tượng thực hiện"))
    decision = Decision(required=False, default=dict, label=gettext_lazy("quyết định công bố"))
    effective_from = _day(gettext_lazy("có hiệu lực từ"))
    effective_to = _day(gettext_lazy("hết hiệu lực sau"))
    source_url = serializers.URLField(
        max_length=500, allow_blank=True, required=False, default="", label=gettext_lazy("trang nguồn")
    )
    published = Published(required=False, default=dict, label=gettext_lazy("nội dung công bố"))
    channels = _list_of(ChannelPart, gettext_lazy("cách thức thực hiện"))
    papers = _list_of(Paper, gettext_lazy("thành phần hồ sơ đã công bố"))
    legal_bases = _list_of(LegalBasisPart, gettext_lazy("căn cứ pháp lý"))
    guidance = _text(gettext_lazy("hướng dẫn cho người nộp"))
    guidance_en = _text(gettext_lazy("hướng dẫn bằng tiếng Anh"))
    online = Online(required=False, default=dict, label=gettext_lazy("dịch vụ trực tuyến"))
    deciding = Deciding(required=False, default=dict, label=gettext_lazy("cơ quan giải quyết"))
    clock = ClockRules(required=False, default=dict, label=gettext_lazy("cách tính thời gian"))
    eligibility = Eligibility(required=False, default=dict, label=gettext_lazy("kiểm tra điều kiện"))
    eform = serializers.DictField(label=gettext_lazy("biểu mẫu điện tử"), required=False, default=dict)
    uploads = _list_of(Upload, gettext_lazy("thành phần nộp trực tuyến"))
    steps = _list_of(Step, gettext_lazy("quy trình nội bộ"))
    results = _list_of(ResultPart, gettext_lazy("kết quả"))
    links = _list_of(LinkPart, gettext_lazy("thủ tục liên thông"))
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
    problems: dict[str, list[Text]] = dict(plain.problems(raw))
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
    for path, text in messages.problems(document["messages"]):
        yield f"messages.{path}", [text]
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
