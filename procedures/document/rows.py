"""The rows of a document's lists: channels with their fees, papers, uploads, steps, results, links."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from agencies.states import Role
from procedures.document.entries import MOST_VND, Strict, choice, flag, list_of, number, several, text
from procedures.states import (
    Channel,
    ComponentKind,
    ComponentSource,
    DurationUnit,
    EligibilityResult,
    FeeKind,
    InspectorClass,
    StepKind,
)


class Time(Strict):
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
    unit = choice(DurationUnit.choices, gettext_lazy("đơn vị"))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["value"] is not None and not attrs["unit"]:
            raise serializers.ValidationError({"unit": [_("Có con số thì phải có đơn vị.")]})
        return attrs


class Fee(Strict):
    kind = choice(FeeKind.choices, gettext_lazy("loại"))
    amount_vnd = number(gettext_lazy("số tiền (đồng)"), MOST_VND)
    text = text(gettext_lazy("diễn giải"))


class ChannelPart(Strict):
    channel = serializers.ChoiceField(choices=Channel.choices, label=gettext_lazy("hình thức nộp"))
    time = Time(required=False, default=dict, label=gettext_lazy("thời hạn"))
    time_text = text(gettext_lazy("thời hạn như đã công bố"))
    note = text(gettext_lazy("ghi chú"))
    fees = list_of(Fee, gettext_lazy("phí, lệ phí"))


class Paper(Strict):
    """One published row of the papers."""

    group = text(gettext_lazy("nhóm"))
    name = text(gettext_lazy("tên giấy tờ"), required=True, default=serializers.empty)
    form_template = text(gettext_lazy("mẫu đơn, tờ khai"))
    originals = number(gettext_lazy("số bản chính"), 1_000, default=0)
    copies = number(gettext_lazy("số bản sao"), 1_000, default=0)
    kind = choice(ComponentKind.choices, gettext_lazy("loại giấy tờ"), ComponentKind.EVIDENCE.value)


class Upload(Strict):
    """One component that is asked for online."""

    name = text(gettext_lazy("tên thành phần"), required=True, default=serializers.empty)
    name_en = text(gettext_lazy("tên tiếng Anh"))
    kind = choice(ComponentKind.choices, gettext_lazy("loại giấy tờ"), ComponentKind.EVIDENCE.value)
    is_required = flag(gettext_lazy("bắt buộc"), default=True)
    condition = serializers.DictField(label=gettext_lazy("khi nào cần"), required=False, default=dict)
    hint = text(gettext_lazy("hướng dẫn"))
    hint_en = text(gettext_lazy("hướng dẫn tiếng Anh"))
    max_pages = number(gettext_lazy("số trang tối đa"), 500, 1, default=20)
    accepted_sources = several(ComponentSource.choices, gettext_lazy("nguồn được chấp nhận, theo thứ tự"))
    result_of = serializers.ListField(
        child=serializers.CharField(max_length=32),
        label=gettext_lazy("là kết quả của thủ tục (mã)"),
        required=False,
        default=list,
        max_length=50,
    )
    validity_months = number(gettext_lazy("giá trị trong (tháng)"), 600, 1)
    is_digitised = flag(gettext_lazy("số hóa khi nộp giấy"), default=True)


class LegalBasisPart(Strict):
    code = text(gettext_lazy("số, ký hiệu"), 255)
    title = text(gettext_lazy("trích yếu"))


class Step(Strict):
    """One internal step. ``agency`` is the code of another agency; empty: the competent one."""

    name = text(gettext_lazy("tên bước"), 200, required=True, default=serializers.empty)
    kind = serializers.ChoiceField(choices=StepKind.choices, label=gettext_lazy("loại bước"))
    role = serializers.ChoiceField(choices=Role.choices, label=gettext_lazy("vai trò"))
    time = Time(label=gettext_lazy("thời gian"))
    group = number(gettext_lazy("nhóm làm song song"), 100, 1)
    is_optional = flag(gettext_lazy("không bắt buộc"))
    condition = serializers.DictField(label=gettext_lazy("khi nào có bước này"), required=False, default=dict)
    agency = text(gettext_lazy("cơ quan khác thực hiện"), 35)

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


class ResultPart(Strict):
    code = text(gettext_lazy("mã kết quả"), 64)
    name = text(gettext_lazy("tên kết quả"), required=True, default=serializers.empty)
    symbol = text(gettext_lazy("ký hiệu văn bản"), 32)
    template = serializers.DictField(label=gettext_lazy("mẫu kết quả"), required=False, default=dict)
    validity_months = number(gettext_lazy("thời hạn giá trị (tháng)"), 1_200, 1)
    until_event = text(gettext_lazy("có giá trị đến khi"), 300)
    until_event_en = text(gettext_lazy("có giá trị đến khi (tiếng Anh)"), 300)
    is_licence = flag(gettext_lazy("là giấy phép"))
    has_qr = flag(gettext_lazy("có mã QR"), default=True)
    inspector_classes = several(InspectorClass.choices, gettext_lazy("nhóm người kiểm tra"))
    renewal_days = number(gettext_lazy("được gia hạn trước (ngày)"), 3_650)
    reissue_procedure = text(gettext_lazy("thủ tục cấp lại"), 32)


class LinkPart(Strict):
    procedure = text(gettext_lazy("mã thủ tục thành phần"), 32, required=True, default=serializers.empty)
    answers = serializers.DictField(
        child=serializers.CharField(),
        label=gettext_lazy("câu trả lời chuyển sang"),
        required=False,
        default=dict,
    )


class OutcomePart(Strict):
    """What some answers to the questions before filing lead to. Without a condition: for everybody who is left."""

    condition = serializers.DictField(label=gettext_lazy("khi nào"), required=False, default=dict)
    result = serializers.ChoiceField(choices=EligibilityResult.choices, label=gettext_lazy("kết luận"))
    reason = text(gettext_lazy("vì sao"), 1_000)
    reason_en = text(gettext_lazy("vì sao (tiếng Anh)"), 1_000)
    law = text(gettext_lazy("căn cứ pháp luật"), 500)
    service = text(gettext_lazy("mã thủ tục cần làm thay"), 32)


class Words(Strict):
    """Own words of one notice in two languages."""

    vi = text(gettext_lazy("tiếng Việt"), 2_000)
    en = text(gettext_lazy("tiếng Anh"), 2_000)
