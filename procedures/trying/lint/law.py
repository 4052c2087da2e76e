"""What the law wants of every procedure (NĐ 63/2010, art. 8.2; NĐ 224/2026, art. 14)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from procedures.states import CompetentAgencyRule, OnlineLevel
from procedures.trying.findings import Finding, amber, red
from procedures.trying.lint.draft import Draft, Rule, says

_DISTRICT = (
    "cấp huyện",
    "UBND quận",
    "UBND huyện",
    "Ủy ban nhân dân quận",
    "Ủy ban nhân dân huyện",
    "Phòng Tư pháp",
)


def the_eight_parts(draft: Draft) -> Iterator[Finding]:
    said, published = draft.document, draft.document["published"]
    wanted = (
        (said["decision"]["number"], "decision.number", _("Ghi số quyết định công bố.")),
        (said["effective_from"], "effective_from", _("Ghi ngày có hiệu lực.")),
        (
            published["execution_sequence"],
            "published.execution_sequence",
            _("Viết trình tự thực hiện, từng bước."),
        ),
        (published["authority"], "published.authority", _("Ghi cơ quan thực hiện.")),
        (said["applicant_categories"], "applicant_categories", _("Chọn đối tượng thực hiện.")),
        (said["levels"], "levels", _("Chọn cấp thực hiện.")),
        (said["channels"], "channels", _("Thêm ít nhất một cách thức thực hiện.")),
        (
            said["papers"] or said["uploads"],
            "papers",
            _("Liệt kê thành phần hồ sơ; nếu không cần giấy tờ nào thì ghi rõ."),
        ),
        (said["results"], "results", _("Ghi kết quả mà người dân nhận được.")),
    )
    for value, path, mend in wanted:
        if not value:
            yield red("legal_part_missing", path, mend)
    if not said["legal_bases"] and not published["legal_bases_text"]:
        yield amber("no_legal_basis", "legal_bases", _("Ghi căn cứ pháp lý của thủ tục."))


def dates_in_order(draft: Draft) -> Iterator[Finding]:
    first, last = draft.document["effective_from"], draft.document["effective_to"]
    signed = draft.document["decision"]["signed_on"]
    if first and last and last < first:
        yield red(
            "dates_in_disorder",
            "effective_to",
            _("Ngày hết hiệu lực đứng trước ngày có hiệu lực. Sửa một trong hai."),
        )
    elif last and last < draft.today.isoformat():
        yield red(
            "already_over",
            "effective_to",
            _("Ngày hết hiệu lực đã qua, không ai nộp được. Sửa hoặc bỏ ngày này."),
        )
    if first and signed and first < signed:
        yield amber(
            "in_force_before_signed",
            "effective_from",
            _("Có hiệu lực trước ngày ký quyết định. So lại với quyết định công bố."),
        )


def a_reason_for_half_a_service(draft: Draft) -> Iterator[Finding]:
    online = draft.document["online"]
    if online["level"] == OnlineLevel.PARTIAL_ONLINE and not (
        online["partial_reason"] and online["partial_basis"]
    ):
        yield red(
            "partial_without_reason",
            "online.partial_reason",
            _("Dịch vụ một phần phải công bố lý do và căn cứ. Chọn lý do, hoặc cung cấp toàn trình."),
        )
    if online["level"] == OnlineLevel.FULL_ONLINE and online["partial_reason"]:
        yield amber(
            "reason_without_need",
            "online.partial_reason",
            _("Dịch vụ toàn trình không cần lý do chưa toàn trình. Bỏ lý do này."),
        )
    guidance = draft.document["guidance"]
    if online["level"] == OnlineLevel.FULL_ONLINE and (
        word := says(guidance, "đến trực tiếp", "nộp bản giấy", "mang bản chính", "ký trực tiếp")
    ):
        yield red(
            "full_online_asks_to_come",
            "guidance",
            _(
                "Dịch vụ toàn trình nhưng hướng dẫn bảo người dân “%s”. Bỏ yêu cầu đó, hoặc công bố là một phần."
            )
            % word,
        )


def a_deciding_agency(draft: Draft) -> Iterator[Finding]:
    deciding = draft.document["deciding"]
    if not draft.is_online:
        return
    if deciding["rule"] == CompetentAgencyRule.NOT_SET:
        yield red("no_deciding_agency", "deciding.rule", _("Chọn cách xác định cơ quan giải quyết."))
    elif deciding["rule"] == CompetentAgencyRule.FIXED and not deciding["agency"]:
        yield red("no_deciding_agency", "deciding.agency", _("Chọn cơ quan giải quyết."))
    elif (
        deciding["rule"] == CompetentAgencyRule.COMMUNE_OF_CHOICE
        and "commune" not in draft.document["levels"]
    ):
        yield amber(
            "level_and_agency_differ",
            "deciding.rule",
            _("Phường, xã giải quyết nhưng cấp thực hiện không có cấp xã. So lại hai mục."),
        )


def no_district_any_more(draft: Draft) -> Iterator[Finding]:
    """The district level was abolished on 1 July 2025."""
    texts = [("guidance", draft.document["guidance"], True)]
    texts += [(f"{path}.name", row["name"], True) for path, row in draft.rows("uploads")]
    texts += [(f"{path}.hint", row["hint"], True) for path, row in draft.rows("uploads")]
    texts += [(path, f"{one.label} {one.hint} {one.help}", True) for path, one in draft.questions()]
    texts += [(f"{path}.name", row["name"], True) for path, row in draft.rows("steps")]
    texts += [(f"published.{key}", text, False) for key, text in draft.document["published"].items()]
    for path, text, is_ours in texts:
        if word := says(text, *_DISTRICT):
            made = red if is_ours else amber
            yield made(
                "district_level",
                path,
                _("Còn nhắc đến “%s”, đã bỏ từ 01/7/2025. Thay bằng phường, xã hoặc sở.") % word,
            )


def links_make_sense(draft: Draft) -> Iterator[Finding]:
    for path, link in draft.rows("links"):
        if link["procedure"] == draft.document["code"]:
            yield red("linked_to_itself", path, _("Thủ tục không thể liên thông với chính nó. Bỏ dòng này."))
        for field in link["answers"].values():
            if field not in draft.schema.fields:
                yield red(
                    "link_reads_nothing",
                    f"{path}.answers",
                    _("Biểu mẫu không có câu hỏi “%s”. Sửa tên câu hỏi.") % field,
                )


RULES: list[Rule] = [
    the_eight_parts,
    dates_in_order,
    a_reason_for_half_a_service,
    a_deciding_agency,
    no_district_any_more,
    links_make_sense,
]
