"""Results and the templates from which they are drafted (domain: 3.6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from core.vietnamese import fold
from procedures.trying.findings import Finding, amber, red
from procedures.trying.lint.draft import Draft, Rule

_BEGINS_TWICE = re.compile(r"\s*(có giá trị|cho đến khi|đến khi|cho tới khi|khi)\b", re.IGNORECASE)
_LENGTH_OF_TIME = re.compile(r"\b\d+\s*(ngày|tháng|năm)\b(?!\s*\d)", re.IGNORECASE)
_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def something_is_issued(draft: Draft) -> Iterator[Finding]:
    if (
        draft.is_online
        and not draft.document["links"]
        and not any(row["template"] for _p, row in draft.rows("results"))
    ):
        yield red(
            "no_template",
            "results",
            _("Chưa có kết quả nào có mẫu soạn thảo. Thêm mẫu cho ít nhất một kết quả."),
        )


def results_can_be_numbered(draft: Draft) -> Iterator[Finding]:
    for path, row in draft.rows("results"):
        if row["template"] and not row["symbol"]:
            yield red(
                "no_symbol",
                f"{path}.symbol",
                _("Kết quả “%s” chưa có ký hiệu văn bản. Ghi ký hiệu để cấp số.") % row["name"][:80],
            )


def licences_say_how_long(draft: Draft) -> Iterator[Finding]:
    for path, row in draft.rows("results"):
        if row["is_licence"] and row["validity_months"] is None and not row["until_event"]:
            yield amber(
                "licence_without_validity",
                f"{path}.validity_months",
                _("Giấy phép chưa ghi có giá trị đến bao giờ. Ghi số tháng, hoặc sự kiện làm hết giá trị."),
            )
        if row["is_licence"] and not row["has_qr"]:
            yield red(
                "licence_without_qr", f"{path}.has_qr", _("Giấy phép phải có mã QR để kiểm tra. Bật mã QR.")
            )
        if row["is_licence"] and not row["inspector_classes"]:
            yield amber(
                "nobody_inspects",
                f"{path}.inspector_classes",
                _("Chưa ghi ai được kiểm tra giấy phép này. Chọn nhóm người kiểm tra."),
            )
        renewal, validity = row["renewal_days"], row["validity_months"]
        if renewal is not None and validity is not None and renewal >= validity * 30:
            yield red(
                "renewed_before_given",
                f"{path}.renewal_days",
                _("Được gia hạn trước %d ngày, dài hơn cả thời hạn giá trị. Giảm số ngày.") % renewal,
            )


def events_are_events(draft: Draft) -> Iterator[Finding]:
    """The words are read after ‘có giá trị đến khi’; what is a length of time is counted, not told."""
    for path, row in draft.rows("results"):
        event = row["until_event"]
        if _BEGINS_TWICE.match(event):
            yield amber(
                "event_begins_twice",
                f"{path}.until_event",
                _("Chữ “đến khi” được in sẵn. Bỏ chữ ấy ở đầu “%s”.") % event[:80],
            )
        if _LENGTH_OF_TIME.search(event):
            yield amber(
                "event_is_a_period",
                f"{path}.until_event",
                _("“%s” là thời hạn, không phải sự kiện. Ghi số tháng ở mục thời hạn giá trị.") % event[:80],
            )
        if event and row["renewal_days"] is not None and row["validity_months"] is None:
            yield red(
                "renewal_without_end",
                f"{path}.renewal_days",
                _("Giấy có giá trị đến một sự kiện thì không có ngày hết hạn để gia hạn trước. Bỏ số ngày."),
            )


def reissue_is_another_procedure(draft: Draft) -> Iterator[Finding]:
    for path, row in draft.rows("results"):
        if row["reissue_procedure"] and row["reissue_procedure"] == draft.document["code"]:
            yield red(
                "reissued_by_itself",
                f"{path}.reissue_procedure",
                _("Thủ tục cấp lại không thể là chính thủ tục này. Chọn mã khác."),
            )
        elif (
            row["reissue_procedure"]
            and draft.codes is not None
            and row["reissue_procedure"] not in draft.codes
        ):
            yield amber(
                "reissue_unknown",
                f"{path}.reissue_procedure",
                _("Danh mục chưa có thủ tục cấp lại mã %s. Sửa mã, hoặc nhập thủ tục ấy trước.")
                % row["reissue_procedure"],
            )


def templates_use_what_was_asked(draft: Draft) -> Iterator[Finding]:
    """What an officer finds out is typed by the officer; what the applicant has stated is not typed again."""
    stated = {fold(one.label) for one in draft.schema.fields.values() if one.keeps_answer}
    for path, row in draft.rows("results"):
        template = row["template"]
        if not template:
            continue
        used = set(_PLACE.findall(" ".join(_texts(template))))
        for at, field in enumerate(template.get("fields", [])):
            here = f"{path}.template.fields[{at}]"
            if field.get("name") not in used:
                yield amber(
                    "place_not_used",
                    here,
                    _("Mục “%s” không xuất hiện trong mẫu. Dùng trong lời văn, hoặc bỏ.")
                    % field.get("label"),
                )
            source = field.get("prefill", "")
            if source.startswith("form.") and source.removeprefix("form.") not in draft.schema.fields:
                yield red(
                    "place_reads_nothing",
                    here,
                    _("Mục lấy từ câu hỏi “%s” không có trong biểu mẫu. Sửa nguồn.") % source,
                )
            elif not source and (
                field.get("name") in draft.schema.fields or fold(field.get("label", "")) in stated
            ):
                yield amber(
                    "typed_again",
                    here,
                    _("“%s” phải gõ tay dù người nộp đã khai. Lấy từ biểu mẫu.") % field.get("label"),
                )


def _texts(template: dict[str, Any]) -> list[str]:
    return [template.get("intro", ""), *template.get("paragraphs", [])]


RULES: list[Rule] = [
    something_is_issued,
    results_can_be_numbered,
    licences_say_how_long,
    events_are_events,
    reissue_is_another_procedure,
    templates_use_what_was_asked,
]
