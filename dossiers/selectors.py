"""What applicants and anonymous visitors read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Agency
from agencies.states import COMMUNE_KINDS, Role
from core import crypto
from core.actor import Actor, ActorKind
from core.errors import Text
from core.kept_statements import ANY_TEXT, Statement, statement
from core.vietnamese import fold
from dossiers import codes, policies
from dossiers.models import Dossier, DossierEvent
from dossiers.plain_words import ENDED, NEEDS_APPLICANT, WORDS, due_change
from dossiers.states import OPEN, Action, Status

GROUPS: dict[str, tuple[Promise, frozenset[str]]] = {
    "nhap": (gettext_lazy("Bản nháp"), frozenset({Status.DRAFT})),
    "can-ban-lam": (gettext_lazy("Cần bạn làm"), NEEDS_APPLICANT | {Status.COMPLETED}),
    "dang-giai-quyet": (gettext_lazy("Đang giải quyết"), OPEN - NEEDS_APPLICANT - {Status.COMPLETED}),
    "da-xong": (gettext_lazy("Đã xong"), ENDED),
}
"""Lists of one's own dossiers, by their word in the address."""

VERSION_TEXTS = (
    "name_words",
    "title_search",
    "body_search",
    "execution_sequence",
    "methods_text",
    "components_text",
    "legal_bases_text",
    "eligibility_conditions",
    "eligibility",
    "authority",
)
"""What a procedure's version says at length, and no page of a dossier shows."""


def of_applicant(actor: Actor) -> QuerySet[Dossier]:
    """Give the actor's own dossiers and those of the organisations that they act for, drafts included."""
    if not actor.is_person:
        return Dossier.objects.none()
    return Dossier.objects.filter(policies.own(actor))


def list_of_applicant(actor: Actor, *, group: str = "", search: str = "") -> QuerySet[Dossier]:
    """Give the rows of “my dossiers”; ``search`` is a code, a tracking number or a piece of either."""
    rows = of_applicant(actor).select_related(
        "procedure_version__procedure", "received_at_unit", "owner_organisation"
    )
    rows = rows.defer("form_data", *(f"procedure_version__{name}" for name in ("eform", *VERSION_TEXTS)))
    if group in GROUPS:
        rows = rows.filter(status__in=GROUPS[group][1])
    if wanted := normal_reference(search):
        rows = rows.filter(Q(code__contains=wanted) | Q(tracking_no__contains=wanted))
    return rows


def open_drafts(actor: Actor, *, procedure_id: int) -> QuerySet[Dossier]:
    """Give the actor's drafts for any version of a procedure, the latest first."""
    return (
        of_applicant(actor)
        .filter(status=Status.DRAFT, procedure_version__procedure=procedure_id)
        .select_related("owner_organisation")
        .order_by("-updated_at")
    )


def normal_reference(text: str) -> str:
    """Bring a code as people type it (spaces, small letters, long dashes) into its written form."""
    return re.sub(r"\s+", "", text).upper().replace("–", "-").replace("—", "-")[:64]


_ANY_DIGEST, _ANY_NUMBER = "any-digest-987654321", "any-number-987654321"


@dataclass(frozen=True, slots=True)
class Progress:
    """All that an anonymous look-up tells: the number that was asked for and how far it has come (TT 01/2018)."""

    reference: str
    status: Text
    colour: str
    stage: int


def look_up(*, reference: str, number: str) -> Progress | None:
    """Find a filed dossier by code or tracking number together with its owner's number.

    ``number`` is a personal identification number (12 digits) or an organisation's code. One query with both
    conditions: a wrong code and a wrong number cannot be told apart, by the answer or by the time it takes.
    """
    wanted = normal_reference(reference)
    if not codes.LOOK_UP.match(wanted):
        wanted = ""
    number = re.sub(r"[\s.]", "", number)
    found = _filed().rows({ANY_TEXT: wanted, _ANY_DIGEST: crypto.digest(number), _ANY_NUMBER: number})
    if not found:
        return None
    words = WORDS[found[0][0]]
    return Progress(reference=wanted, status=words.title, colour=words.colour, stage=words.stage)


@cache
def _filed() -> Statement:
    """One of a dossier's two numbers, and one of its owner's two."""
    found = Dossier.objects.filter(Q(code=ANY_TEXT) | Q(tracking_no=ANY_TEXT))
    owned = Q(owner_person__personal_id_digest=_ANY_DIGEST) | Q(owner_organisation__code=_ANY_NUMBER)
    return statement(
        found.filter(owned).exclude(status=Status.DRAFT).order_by("pk").values_list("status")[:1]
    )


def by_reference(actor: Actor, reference: str) -> Dossier | None:
    """Find one of the applicant's own dossiers by code or tracking number."""
    if not actor.is_person:
        return None
    wanted = normal_reference(reference)
    return of_applicant(actor).filter(Q(code=wanted) | Q(tracking_no=wanted)).first() if wanted else None


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of the history as the applicant sees it: by whom is told by role and unit, never by name."""

    seq: int
    action: str
    title: Text
    at: datetime
    by: Text
    state: str
    note: str = ""


_TITLES: dict[str, Promise] = {
    Action.SUBMIT: gettext_lazy("Đã nộp hồ sơ"),
    Action.ACCEPT: gettext_lazy("Đã tiếp nhận, cấp mã hồ sơ và hẹn ngày trả"),
    Action.REFUSE_INTAKE: gettext_lazy("Không được tiếp nhận"),
    Action.SUPPLEMENT_HANDED_IN: gettext_lazy("Đã gửi bổ sung, chờ xác nhận"),
    Action.SUPPLEMENT_SENT_BACK: gettext_lazy("Phần bổ sung chưa đạt, cần bổ sung lại"),
    Action.FORWARD: gettext_lazy("Đã chuyển đến cơ quan giải quyết"),
    Action.ASSIGN: gettext_lazy("Bắt đầu giải quyết"),
    Action.START_VERIFICATION: gettext_lazy("Bắt đầu xác minh"),
    Action.FINISH_VERIFICATION: gettext_lazy("Đã xác minh xong"),
    Action.ASK_OPINION: gettext_lazy("Đã hỏi ý kiến cơ quan khác"),
    Action.RECEIVE_OPINION: gettext_lazy("Tiếp tục giải quyết sau khi lấy ý kiến"),
    Action.NOTIFY_OBLIGATION: gettext_lazy("Đã thông báo khoản phải nộp, thời hạn tạm dừng"),
    Action.CONFIRM_PAYMENT: gettext_lazy("Đã xác nhận tiền nộp, tiếp tục giải quyết"),
    Action.CANCEL_OBLIGATION: gettext_lazy("Đã hủy thông báo nộp tiền, tiếp tục giải quyết"),
    Action.SUBMIT_FOR_SIGNATURE: gettext_lazy("Đã soạn kết quả, trình ký"),
    Action.RETURN_DRAFT: gettext_lazy("Đang hoàn thiện kết quả"),
    Action.SIGN: gettext_lazy("Kết quả đã được ký số"),
    Action.ISSUE: gettext_lazy("Đã phát hành kết quả"),
    Action.CHOOSE_RETURN: gettext_lazy("Đã chọn cách nhận kết quả"),
    Action.HAND_TO_POST: gettext_lazy("Đã giao kết quả cho bưu điện"),
    Action.FOLLOW_POST: gettext_lazy("Bưu điện cập nhật hành trình"),
    Action.HAND_OVER: gettext_lazy("Đã trả kết quả"),
    Action.EXTEND: gettext_lazy("Cơ quan xin lỗi và hẹn lại ngày trả"),
    Action.LOSS_INCIDENT: gettext_lazy("Cơ quan xin lỗi: giấy tờ của hồ sơ bị mất, hỏng"),
    Action.LOSS_MENDED: gettext_lazy("Đã khắc phục việc mất, hỏng giấy tờ"),
    Action.CORRECT_RESULT: gettext_lazy("Kết quả có sai sót, đang được sửa"),
    Action.APPROVE_WITHDRAWAL: gettext_lazy("Đã được rút, dừng giải quyết"),
    Action.DENY_WITHDRAWAL: gettext_lazy("Không cho rút, tiếp tục giải quyết"),
    Action.RECOMPUTE: gettext_lazy("Thời hạn được tính lại do lịch làm việc thay đổi"),
}
_STATES: dict[str, str] = {
    Action.REFUSE_INTAKE: "error",
    Action.EXTEND: "warning",
    Action.NOTIFY_OBLIGATION: "warning",
    Action.SUPPLEMENT_SENT_BACK: "warning",
    Action.STOP: "error",
    Action.CORRECT_RESULT: "warning",
    Action.ISSUE: "success",
    Action.HAND_OVER: "success",
}


_AMONG_OFFICERS = frozenset({Action.PROPOSE_SUPPLEMENT, Action.DECLINE_SUPPLEMENT})
"""Steps that change nothing for the applicant, and are not told."""


def timeline(dossier: Dossier, *, actor: Actor) -> list[TimelineEntry]:
    """Give the dossier's history for its applicant, the oldest first."""
    events = (
        DossierEvent.objects.filter(dossier=dossier)
        .exclude(action__in=_AMONG_OFFICERS)
        .select_related("agency")
        .only(
            "seq",
            "action",
            "to_status",
            "at",
            "data",
            "actor_kind",
            "actor_user_id",
            "actor_role",
            "agency__name",
        )
        .order_by("seq")
    )
    return [
        TimelineEntry(
            seq=event.seq,
            action=event.action,
            title=_TITLES.get(event.action) or WORDS[event.to_status].title,
            at=event.at,
            by=_by(event, actor),
            state=_STATES.get(event.action, "done"),
            note=due_change(event.data),
        )
        for event in events
        # What a calendar moved inside the agencies is not the applicant's.
        if event.action != Action.RECOMPUTE or due_change(event.data)
    ]


def _by(event: DossierEvent, actor: Actor) -> str:
    if event.actor_kind == ActorKind.PERSON:
        return _("Bạn") if event.actor_user_id == actor.user_id else _("Người nộp hồ sơ")
    if event.actor_kind == ActorKind.SYSTEM:
        return _("Hệ thống")
    role = str(Role(event.actor_role).label) if event.actor_role else _("Cán bộ")
    return f"{role}, {event.agency.name}" if event.agency else role


def receiving_units(*, on: date, search: str = "") -> list[Agency]:
    """List the wards and communes that may be chosen on a day, in Vietnamese order, filtered by name."""
    units = Agency.objects.filter(kind__in=COMMUNE_KINDS).in_force(on=on).order_by("name_sort", "pk")
    wanted = fold(search).split()
    return [unit for unit in units if all(word in fold(unit.name) for word in wanted)]


def suggested_unit(units: list[Agency], *, address: str) -> Agency | None:
    """Find the unit that an address names, such as “…, phường Hải Châu, …”."""
    words = re.split(r"[\s,;.]+", fold(address))
    home = f" {' '.join(words)} "
    best: Agency | None = None
    for unit in units:
        name = fold(unit.place_name)
        if f" {name} " in home and (best is None or len(unit.name) > len(best.name)):
            best = unit
    return best
