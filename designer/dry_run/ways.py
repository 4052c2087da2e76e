"""The ways that a dossier can go, each walked through the services that people and officers use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from agencies.states import Role
from designer.dry_run import turns
from designer.dry_run.playing import Play
from designer.dry_run.scenes import (
    a_page,
    accept,
    check_steps,
    check_times,
    draft,
    examine,
    file,
    hand_over,
    issue,
    sign,
    submit,
)
from designer.dry_run.supplements import answer_list, ask_for_list, confirm_list
from procedures.states import Channel


@dataclass(frozen=True, slots=True)
class Way:
    """``for_everybody`` says whether every applicant goes it; the others are gone by the first one alone."""

    key: str
    label: Promise
    walk: Callable[[Play], None]
    for_everybody: bool = False


def granted(play: Play) -> None:
    """From the draft to the result in the applicant's hands, every step done by itself and just in time."""
    file(play)
    if play.dossier.is_bundle:
        return
    accept(play)
    examine(play)
    draft(play)
    sign(play)
    issue(play)
    check_times(play)
    hand_over(play)
    check_steps(play)


def without_optional(play: Play) -> None:
    """As far as the signature, with the optional steps left out."""
    file(play)
    accept(play)
    examine(play, skip=True)
    draft(play)
    sign(play)


def sent_back(play: Play) -> None:
    """The signer gives the draft back once, and signs it then."""
    file(play)
    accept(play)
    examine(play)
    draft(play)
    turns.send_draft_back(play)
    if play.stage.document["steps"]:
        examine(play)
    submit(play)
    sign(play)


def supplement_at_intake(play: Play) -> None:
    file(play)
    ask_for_list(play, by=Role.ONE_STOP_OFFICER)
    answer_list(play, content=a_page())
    accept(play)


def supplement_in_process(play: Play) -> None:
    file(play)
    accept(play)
    ask_for_list(play, by=Role.SPECIALIST)
    answer_list(play, content=a_page())
    confirm_list(play)


def refused_at_intake(play: Play) -> None:
    file(play)
    turns.refuse_intake(play)


def refused_on_substance(play: Play) -> None:
    file(play)
    accept(play)
    turns.refuse(play)


def withdrawn(play: Play) -> None:
    file(play)
    accept(play)
    turns.withdraw(play)


def paid_for(play: Play) -> None:
    """Money is asked for, and comes."""
    file(play)
    accept(play)
    turns.ask_for_money(play, amount_vnd=online_fee_vnd(play.stage.document))


def inquired(play: Play) -> None:
    """The place is looked at, and another agency is asked, which stays silent."""
    file(play)
    accept(play)
    turns.verify(play)
    turns.ask_another_agency(play)


def apologised(play: Play) -> None:
    """The agency is late, apologises and names another day."""
    file(play)
    accept(play)
    turns.apologise(play)


def papers_lost(play: Play) -> None:
    """The agency loses papers, owns up and mends it."""
    file(play)
    accept(play)
    turns.lose_papers(play)


def corrected(play: Play) -> None:
    """The result has a mistake, and is opened again."""
    file(play)
    accept(play)
    examine(play)
    draft(play)
    sign(play)
    issue(play)
    turns.correct(play)


# fmt: off
WAYS = {
    one.key: one
    for one in (
        Way("granted", gettext_lazy("Được giải quyết"), granted, for_everybody=True),
        Way("without_optional", gettext_lazy("Bỏ qua bước không bắt buộc"), without_optional),
        Way("sent_back", gettext_lazy("Lãnh đạo trả lại dự thảo rồi ký"), sent_back),
        Way("supplement_at_intake", gettext_lazy("Bổ sung trước khi tiếp nhận"), supplement_at_intake),
        Way("supplement_in_process", gettext_lazy("Bổ sung khi đang giải quyết"), supplement_in_process),
        Way("refused_at_intake", gettext_lazy("Từ chối tiếp nhận"), refused_at_intake),
        Way("refused_on_substance", gettext_lazy("Từ chối giải quyết"), refused_on_substance),
        Way("withdrawn", gettext_lazy("Người nộp xin rút"), withdrawn),
        Way("inquired", gettext_lazy("Xác minh, lấy ý kiến cơ quan khác"), inquired),
        Way("apologised", gettext_lazy("Xin lỗi và hẹn lại"), apologised),
        Way("papers_lost", gettext_lazy("Cơ quan làm mất giấy tờ, xin lỗi và khắc phục"), papers_lost),
        Way("corrected", gettext_lazy("Sửa kết quả có sai sót"), corrected),
        Way("paid_for", gettext_lazy("Nộp phí, lệ phí khi đang giải quyết"), paid_for),
    )
}
# fmt: on


def ways_of(document: Mapping[str, Any]) -> list[Way]:
    """Give the ways that exist under a document: a bundle is only filed, money is asked for where there is a fee."""
    if document["links"]:
        return [WAYS["granted"]]
    found = dict(WAYS)
    if not any(step["is_optional"] for step in document["steps"]):
        del found["without_optional"]
    if not online_fee_vnd(document):
        del found["paid_for"]
    return list(found.values())


def online_fee_vnd(document: Mapping[str, Any]) -> int:
    """Give what an online filing costs, as far as amounts are published, in đồng."""
    return sum(
        fee["amount_vnd"] or 0
        for channel in document["channels"]
        if channel["channel"] == Channel.ONLINE
        for fee in channel["fees"]
    )
