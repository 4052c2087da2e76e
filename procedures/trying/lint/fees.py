"""Fees and charges as they are published (domain: 3.4, 6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from procedures.states import Channel
from procedures.trying.findings import Finding, amber, red
from procedures.trying.lint.draft import Draft, Rule, says

LEAST_AMOUNT = 1_000


def amounts_make_sense(draft: Draft) -> Iterator[Finding]:
    for path, channel in draft.rows("channels"):
        for at, fee in enumerate(channel["fees"]):
            yield from _of_fee(f"{path}.fees[{at}]", fee)


def _of_fee(path: str, fee: Mapping[str, Any]) -> Iterator[Finding]:
    amount = fee["amount_vnd"]
    if amount is None and not fee["text"]:
        yield red(
            "fee_without_amount",
            path,
            _("Dòng phí không có số tiền và diễn giải. Ghi số tiền, hoặc bỏ dòng này."),
        )
    if amount is not None and 0 < amount < LEAST_AMOUNT:
        yield red(
            "lost_thousands",
            f"{path}.amount_vnd",
            _("%d đồng là quá ít, có thể mất hàng nghìn. So lại với văn bản quy định.") % amount,
        )
    if amount and says(fee["text"], "miễn phí", "không thu"):
        yield red(
            "free_contradicted",
            path,
            _("Diễn giải nói miễn phí nhưng có số tiền. Sửa một trong hai cho khớp."),
        )
    if amount and not fee["kind"]:
        yield amber("fee_or_charge", f"{path}.kind", _("Chọn là phí hay lệ phí: hai loại khác nhau về luật."))


def online_is_never_dearer(draft: Draft) -> Iterator[Finding]:
    totals: dict[str, int] = {}
    for _path, channel in draft.rows("channels"):
        total = sum(fee["amount_vnd"] or 0 for fee in channel["fees"])
        totals[channel["channel"]] = max(total, totals.get(channel["channel"], 0))
    if Channel.ONLINE in totals and totals[Channel.ONLINE] > totals.get(
        Channel.COUNTER, totals[Channel.ONLINE]
    ):
        yield red(
            "online_dearer",
            "channels",
            _("Nộp trực tuyến phải trả nhiều hơn nộp trực tiếp. Sửa cho bằng hoặc ít hơn."),
        )


RULES: list[Rule] = [amounts_make_sense, online_is_never_dearer]
