"""The e-form: data that the city holds already, kinds that do not fit, questions that nobody is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from core.vietnamese import fold
from procedures.eforms.labels import KIND_LABELS, PREFILL_LABELS
from procedures.eforms.schema import Field, FieldType
from procedures.trying.findings import Finding, amber, red
from procedures.trying.lint.draft import Draft, Rule, says

_MOST_ON_A_PAGE = 15
_MOST_CHOICES = 15

# What a question about the applicant is called, and where its answer lies already.
_HELD: tuple[tuple[tuple[str, ...], str], ...] = (
    (("họ và tên", "họ tên", "họ, chữ đệm và tên"), "person.full_name"),
    (("ngày sinh", "ngày tháng năm sinh", "ngày, tháng, năm sinh"), "person.birth_on"),
    (("số định danh cá nhân", "số căn cước", "số cccd", "số cmnd"), "person.personal_id_number"),
    (("giới tính",), "person.sex"),
    (("quốc tịch",), "person.nationality"),
    (("nơi cư trú", "địa chỉ thường trú", "nơi thường trú"), "person.address"),
    (("điện thoại", "số điện thoại"), "person.phone"),
    (("email", "thư điện tử"), "person.email"),
    (("tên doanh nghiệp", "tên đơn vị", "tên tổ chức"), "organisation.name"),
    (("mã số doanh nghiệp", "mã số thuế"), "organisation.code"),
    (("địa chỉ trụ sở",), "organisation.address"),
)
# What a question asks for by its name, and the kind that checks it.
_KINDS: tuple[tuple[tuple[str, ...], frozenset[FieldType]], ...] = (
    (("số điện thoại", "điện thoại"), frozenset({FieldType.PHONE})),
    (("email", "thư điện tử"), frozenset({FieldType.EMAIL})),
    (
        ("số định danh cá nhân", "số căn cước", "số cccd"),
        frozenset({FieldType.PERSONAL_NUMBER}),
    ),
    (("ngày sinh", "ngày cấp", "ngày kết hôn"), frozenset({FieldType.DATE, FieldType.CHOICE})),
    (("số tiền", "giá trị hợp đồng", "vốn đầu tư"), frozenset({FieldType.MONEY, FieldType.COMPUTED})),
    (("mã số thuế",), frozenset({FieldType.TAX_CODE, FieldType.ORGANISATION_CODE})),
)
_SENSITIVE = ("tôn giáo", "quan điểm chính trị", "xu hướng tình dục", "tiền án", "nhiễm hiv", "dân tộc")


def asks_for_what_is_held(draft: Draft) -> Iterator[Finding]:
    """Data that published databases hold must not be asked again (NĐ 309/2026, art. 2)."""
    used = draft.schema.sources
    for name, one in draft.schema.fields.items():
        if not one.takes_answer or one.prefill:
            continue
        for labels, source in _HELD:
            # A second person's name is asked for as well; the applicant's own is the first of its kind.
            if fold(one.label) in {fold(label) for label in labels} and source not in used:
                yield red(
                    "asks_for_held_data",
                    f"eform.{name}",
                    _("Thành phố đã có “%(label)s”. Điền sẵn từ “%(source)s”, không hỏi lại.")
                    % {"label": one.label, "source": PREFILL_LABELS[source]},
                )


def kinds_fit_the_question(draft: Draft) -> Iterator[Finding]:
    for path, one in draft.questions():
        if (
            not one.takes_answer
            or one.readonly
            or one.type not in (FieldType.TEXT, FieldType.TEXTAREA, FieldType.INTEGER)
        ):
            continue
        for labels, kinds in _KINDS:
            if any(fold(one.label).startswith(fold(label)) for label in labels) and one.type not in kinds:
                yield amber(
                    "kind_does_not_check",
                    path,
                    _("“%(label)s” nhập dạng chữ nên không kiểm tra được. Dùng loại “%(kind)s”.")
                    % {"label": one.label, "kind": KIND_LABELS[min(kinds)]},
                )
                break


def birthdays_lie_in_the_past(draft: Draft) -> Iterator[Finding]:
    for path, one in draft.questions():
        if one.type is FieldType.DATE and says(one.label, "ngày sinh") and not one.not_future:
            yield red(
                "birthday_in_future", path, _("Ngày sinh nhận cả ngày ở tương lai. Bật “không sau hôm nay”.")
            )


def everybody_is_asked_everything_sometimes(draft: Draft) -> Iterator[Finding]:
    for name in draft.trial.unreachable:
        yield red(
            "unreachable",
            f"eform.{name}",
            _("Không ai được hỏi “%s”: điều kiện của câu này không bao giờ đúng. Sửa điều kiện, hoặc bỏ câu.")
            % draft.schema.fields[name].label,
        )
    for name in draft.trial.unfillable:
        yield amber(
            "no_example",
            f"eform.{name}",
            _("“%s” có cách viết riêng nhưng không có ví dụ. Thêm ví dụ để người dân biết viết thế nào.")
            % draft.schema.fields[name].label,
        )


def foreigners_can_answer(draft: Draft) -> Iterator[Finding]:
    """That the applicant's own number is filled in where it is known is of no help to those who have none."""
    if "foreigner" not in draft.document["applicant_categories"]:
        return
    for path, one in draft.questions():
        if one.type is FieldType.PERSONAL_NUMBER and one.required and one.condition is None:
            yield red(
                "foreigners_shut_out",
                path,
                _(
                    "Người nước ngoài không có số định danh cá nhân nhưng câu này bắt buộc. Hỏi có điều kiện, hoặc nhận hộ chiếu."
                ),
            )


def sensitive_data_needs_a_ground(draft: Draft) -> Iterator[Finding]:
    """A question that says beside itself why it is asked has been thought about."""
    for path, one in draft.questions():
        if one.takes_answer and not one.hint and not one.help and (word := says(one.label, *_SENSITIVE)):
            yield amber(
                "sensitive_data",
                path,
                _("Hỏi dữ liệu nhạy cảm (“%s”). Chỉ giữ lại nếu luật yêu cầu, và nói rõ để làm gì.") % word,
            )


def pages_are_short(draft: Draft) -> Iterator[Finding]:
    for page in draft.schema.pages:
        asked = [one for one in page.fields if one.takes_answer]
        if len(asked) > _MOST_ON_A_PAGE:
            yield amber(
                "long_page",
                f"eform.{page.id}",
                _("Trang “%(title)s” có %(count)d câu hỏi, khó điền trên điện thoại. Chia thành nhiều trang.")
                % {"title": page.title, "count": len(asked)},
            )
    for path, one in draft.questions():
        if one.type is FieldType.CHOICE and len(one.choices) > _MOST_CHOICES:
            yield amber(
                "long_choice", path, _("Có %d lựa chọn. Dùng loại chọn có tìm kiếm.") % len(one.choices)
            )


def bounds_are_sensible(draft: Draft) -> Iterator[Finding]:
    for path, one in draft.questions():
        if one.type is FieldType.TEXTAREA and one.required and one.max_length and one.max_length < 50:
            yield amber(
                "too_little_room",
                path,
                _("Chỉ cho viết %d ký tự. Cho viết dài hơn, hoặc dùng câu trả lời ngắn.") % one.max_length,
            )
        if one.pattern is not None and _refuses_marks(one):
            yield amber(
                "refuses_marks", path, _("Cách viết không nhận chữ có dấu tiếng Việt. So lại biểu thức.")
            )


def _refuses_marks(one: Field) -> bool:
    pattern = one.pattern.pattern if one.pattern else ""
    return bool(re.search(r"\[[a-zA-Z\-\\ s]*a-z[a-zA-Z\-\\ s]*\]", pattern)) and bool(
        says(one.label, "họ và tên", "tên", "địa chỉ")
    )


def uploads_stand_on_the_form_once(draft: Draft) -> Iterator[Finding]:
    names = {row["name"] for _path, row in draft.rows("uploads")}
    for name, one in draft.schema.fields.items():
        if one.type is FieldType.FILE and one.component and one.component not in names:
            yield red(
                "file_of_no_component",
                f"eform.{name}",
                _("Không có thành phần “%s” để gắn tệp. Chọn một thành phần trong danh sách.")
                % one.component,
            )


def the_form_exists(draft: Draft) -> Iterator[Finding]:
    if draft.document["online"]["level"] == "full_online" and not draft.schema:
        yield red("no_form", "eform", _("Dịch vụ toàn trình chưa có biểu mẫu điện tử. Thêm biểu mẫu."))


RULES: list[Rule] = [
    the_form_exists,
    asks_for_what_is_held,
    kinds_fit_the_question,
    birthdays_lie_in_the_past,
    everybody_is_asked_everything_sometimes,
    foreigners_can_answer,
    sensitive_data_needs_a_ground,
    pages_are_short,
    bounds_are_sensible,
    uploads_stand_on_the_form_once,
]
