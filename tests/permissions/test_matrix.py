"""Who gets what: every page about a dossier, asked by every kind of person, about dossiers of every kind and state.

The tables below are the rule, written down apart from the code: what does not exist for a person is 404, what they
see but may not do is 403, what comes at the wrong moment is told. Whatever is not done leaves no trace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from agencies.calendars import working_calendar
from agencies.states import Role
from dossiers.drafts import page_mark
from dossiers.models import (
    Dossier,
    LossIncident,
    RefusalProposal,
    StepRecord,
    SupplementItem,
    SupplementProposal,
    SupplementRequest,
)
from dossiers.services import identity, obligations, supplements
from dossiers.states import OPEN, Action, GivenAs, HandOverMethod, IdPaper, Status
from procedures import eforms
from results_vault.models import Result
from tests.dossiers.filing_kit import pdf
from tests.factories import NINE
from tests.permissions.world import (
    ACCOUNTANT,
    ANOTHER,
    ANSWERED,
    ANYBODY,
    AT_COUNTER,
    CLERK,
    COLLEAGUE,
    COLLECTOR,
    DEACTIVATED,
    EARLY_WITHDRAWAL,
    FILES,
    FURTHER,
    HEAD,
    KINDS,
    LAPSED,
    LEADER,
    LEVEL_ONE,
    MOMENTS,
    OF_ANOTHER_ORGANISATION,
    ONE_STOP,
    ORGANISATION,
    OWNER,
    RECEIVERS_ROLES,
    RECEIVES,
    REPRESENTATIVE,
    REVOKED,
    SIGNER,
    SPECIALIST,
    STATES,
    UNANSWERED,
    World,
    answer_all,
    ask_before,
    footprints,
)

pytestmark = pytest.mark.django_db

# Who sees what

APPLICANTS_OF = {
    OWNER: {OWNER},
    ANOTHER: {ANOTHER},
    LEVEL_ONE: {LEVEL_ONE},
    ORGANISATION: {REPRESENTATIVE, FILES},
}
AT_THE_UNIT = {ONE_STOP, COLLECTOR}
AT_THE_AGENCY = {SPECIALIST, COLLEAGUE, LEADER, SIGNER, CLERK, ACCOUNTANT, HEAD}
NOT_SIGNED_IN = {ANYBODY, DEACTIVATED}


def states(*names: str) -> frozenset[str]:
    return frozenset(names)


ALWAYS = frozenset(STATES)
DRAFT = states(Status.DRAFT)
COUNTER = states(AT_COUNTER)
FILED = ALWAYS - DRAFT
SUBMITTED = states(Status.SUBMITTED)
UNACCEPTED = SUBMITTED | {Status.INTAKE_SUPPLEMENT, Status.INTAKE_REFUSED, EARLY_WITHDRAWAL, FURTHER}
ASKED = states(Status.INTAKE_SUPPLEMENT, Status.PROCESS_SUPPLEMENT)
ACCEPTED = states(*MOMENTS) - DRAFT - COUNTER - UNACCEPTED
WAITING = states(Status.ACCEPTED, Status.FORWARDED)
IN_PROCESS = states(Status.IN_PROCESS)
EXAMINED = IN_PROCESS | {
    Status.VERIFYING,
    Status.AWAITING_OPINION,
    Status.PROCESS_SUPPLEMENT,
    Status.AWAITING_PAYMENT,
}
AWAITING = states(Status.AWAITING_SIGN_OFF)
SIGNED = states(Status.SIGNED)
COMPLETED = states(Status.COMPLETED)
WITH_RESULT = states(Status.COMPLETED, Status.RETURNED)
WITHDRAWABLE = SUBMITTED | {Status.INTAKE_SUPPLEMENT} | WAITING | EXAMINED | AWAITING
STOPPABLE = EXAMINED | {Status.FORWARDED}
RUNNING = (
    WAITING
    | IN_PROCESS
    | {Status.VERIFYING, Status.AWAITING_OPINION}
    | AWAITING
    | SIGNED
    | {Status.WITHDRAWAL_REQUESTED}
)
ASKED_BACK = states(Status.WITHDRAWAL_REQUESTED)
UNRETURNED = states(*OPEN)
CLOSED = states(Status.RETURNED, Status.STOPPED)
DRAFTED = AWAITING | SIGNED | WITH_RESULT


def sees(who: str, *, of: str, state: str, side: str) -> bool:
    """Say whether a dossier exists for a person on this side: the applicants' pages, or the officers' desk."""
    if side == "desk":
        return (
            (who in AT_THE_UNIT and state not in DRAFT)
            or (who in AT_THE_AGENCY and state in ACCEPTED)
            or (
                who == RECEIVERS_ROLES and state in (EARLY_WITHDRAWAL, FURTHER)
            )  # a leader there decides on it
        )
    return who in APPLICANTS_OF[of]


# What the pages answer

TOLD, REFUSED, HIDDEN, WRONG = 302, 403, 404, 422
Data = Callable[[World, Dossier], dict[str, Any]]
Before = Callable[[World, Dossier], None]


def nothing(world: World, dossier: Dossier) -> dict[str, Any]:
    return {}


def typed(**values: str) -> Data:
    return lambda world, dossier: dict(values)


def a_file(world: World, dossier: Dossier) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("giay-to.pdf", pdf(), "application/pdf")}


def a_scan(world: World, dossier: Dossier) -> dict[str, Any]:
    scans = [SimpleUploadedFile("1-giay-to.pdf", pdf(), "application/pdf") for _twice in range(2)]
    return {"file": scans[0], "files": scans[1:], "given_as": GivenAs.CERTIFIED_COPY}


def answered(world: World, dossier: Dossier) -> dict[str, Any]:
    schema = eforms.of_version(dossier.procedure_version)
    mark = page_mark(schema, "noi-dung", dossier.form_data)
    return {"muc_dich": "khac", "so_ban": "3", "version": mark}


def declared(world: World, dossier: Dossier) -> dict[str, Any]:
    return {"key": "k", "revision": str(dossier.form_revision), "declaration": "on"}


def another_unit(world: World, dossier: Dossier) -> dict[str, Any]:
    return {"unit": str(world.elsewhere.pk)}


def the_holder(world: World, dossier: Dossier) -> dict[str, Any]:
    return {"officer": str(world.officers[SPECIALIST].pk)}


def a_notice(world: World, dossier: Dossier) -> dict[str, Any]:
    return {
        "amount_vnd": "60.000",
        "basis": "Nghị quyết về lệ phí, điều 4 (minh họa)",
        "due_on": a_working_day(world),
    }


def a_verification(world: World, dossier: Dossier) -> dict[str, Any]:
    return {"purpose": "Đo lại lối đi.", "place": "Kiệt 12", "planned_at": f"{a_working_day(world)}T09:00"}


def a_question(world: World, dossier: Dossier) -> dict[str, Any]:
    asked = {"agency_0": str(world.elsewhere.pk), "question_0": "Có trong quy hoạch không?"}
    return {"rows": "1", **asked, "due_on_0": a_working_day(world)}


def a_working_day(world: World) -> str:
    """Give the working day after tomorrow."""
    calendar = working_calendar(world.department.pk)
    return calendar.nth_working_day(timezone.localdate(), 2).isoformat()


def a_colleague(world: World, dossier: Dossier) -> dict[str, Any]:
    return {"officer": str(world.officers[COLLEAGUE].pk), "reason": "Nghỉ phép"}


def received(world: World, dossier: Dossier) -> dict[str, Any]:
    receiver = dossier.owner_person or world.people[REPRESENTATIVE]
    return {"receiver_name": receiver.full_name, "receiver_id_checked": "on"}


def an_error(world: World, dossier: Dossier) -> dict[str, Any]:
    return {
        "error": "Sai ngày sinh: ghi 31/01/1990, đúng là 30/01/1990 theo giấy khai sinh.",
        "decision": "Quyết định số 12/QĐ-UBND ngày 04/03/2026",
        "bears_cost": str(world.department.pk),
    }


def a_loss(world: World, dossier: Dossier) -> dict[str, Any]:
    return {
        "kind": "lost",
        "what": "Bản chính giấy chứng nhận",
        "found_at": "2026-03-02T09:00",
        "circumstances": "Thất lạc khi chuyển giữa hai phòng.",
        "remedy": "Cơ quan xin cấp lại bản chính và giao tận nhà trước ngày 20/03/2026.",
    }


def the_money(world: World, dossier: Dossier) -> dict[str, Any]:
    due = obligations.waiting(dossier)
    paid_at = f"{timezone.localtime():%Y-%m-%dT%H:%M}"
    return {
        "obligation": str(due.pk) if due else "",
        "proof": "BL-0042",
        "paid_at": paid_at,
        "reason": "Được miễn lệ phí theo điều 8 Luật Phí và lệ phí.",
    }


def to_the_post(world: World, dossier: Dossier) -> dict[str, Any]:
    return {"method": HandOverMethod.POST, "consignment_no": "EK987654321VN"}


def earlier_step(world: World, dossier: Dossier) -> dict[str, Any]:
    return {"to_position": "1", "reason": "Thiếu biên bản đo đạc."}


# What has to have happened before the page is asked for


def all_answered(world: World, dossier: Dossier) -> None:
    answer_all(dossier)


def asked_before(world: World, dossier: Dossier) -> None:
    ask_before(dossier, world.officers[ONE_STOP])


def further_proposed(world: World, dossier: Dossier) -> None:
    """Let the holder have proposed to ask once more; before the acceptance it was proposed already."""
    if dossier.status != Status.IN_PROCESS:
        return
    asked_before(world, dossier)
    SupplementProposal.objects.create(
        dossier=dossier,
        phase=supplements.phase_of(dossier),
        items=[
            {"reason": "other", "name": "Buổi có mặt ở nhà", "guidance": "Hãy ghi buổi bạn có mặt ở nhà."}
        ],
        legal_basis="Điều 8 khoản 1 Luật Cư trú",
        proposed_by=world.officers[SPECIALIST],
        proposed_at=NINE,
    )


def papers_seen(world: World, dossier: Dossier) -> None:
    """Let the officer have looked at the papers of the owner, who came to answer."""
    identity.note(
        dossier,
        supplement=SupplementRequest.objects.get(dossier=dossier),
        visitor_name=str(dossier.owner_person),
        paper=IdPaper.ID_CARD,
        agency_id=world.ward.pk,
        actor=world.actor(ONE_STOP),
        at=timezone.now(),
    )


def all_typed(world: World, dossier: Dossier) -> None:
    papers_seen(world, dossier)
    answer_all(dossier)


def the_bearer(world: World, dossier: Dossier) -> dict[str, Any]:
    return {"name": dossier.submitter.full_name, "paper": IdPaper.ID_CARD}


def what_lacks(world: World, dossier: Dossier) -> dict[str, Any]:
    items = SupplementItem.objects.filter(request__dossier=dossier).values_list("pk", flat=True)
    why = "Chưa ghi ngày có mặt. Hãy ghi rõ ngày và buổi bạn có mặt ở nhà."
    return {f"verdict_{pk}": "chua_dat" for pk in items} | {f"why_{pk}": why for pk in items}


def its_result(world: World, dossier: Dossier) -> None:
    """Let the owner's result in the vault be that of the dossier."""
    Result.objects.filter(pk=world.results[OWNER].pk).update(dossier_code=dossier.reference)


def steps_of(role: str, *, is_held: bool = True) -> Before:
    """Lay two internal steps out, the first of them done, the second at work in the hands of the role's officer."""
    holders = {Role.SPECIALIST: SPECIALIST, Role.UNIT_LEADER: LEADER}

    def lay_out(world: World, dossier: Dossier) -> None:
        for position, finished in ((1, NINE), (2, None)):
            StepRecord.objects.create(
                dossier=dossier,
                position=position,
                name=f"Bước {position}",
                role=role,
                agency=world.department,
                officer=world.officers[holders[Role(role)]] if is_held or finished else None,
                started_at=NINE,
                due_at=NINE,
                finished_at=finished,
            )

    return lay_out


def proposed(world: World, dossier: Dossier) -> None:
    """Let the holder have proposed a refusal."""
    RefusalProposal.objects.create(
        dossier=dossier,
        reason="not_eligible",
        explanation="Người yêu cầu chưa đủ tuổi. Hãy nộp lại khi đủ 18 tuổi.",
        legal_basis="Điều 8 khoản 1 Luật Hôn nhân và gia đình",
        proposed_by=world.officers[SPECIALIST],
        proposed_at=NINE,
    )


def lost(world: World, dossier: Dossier) -> None:
    """Let papers of the dossier have been lost."""
    LossIncident.objects.create(
        dossier=dossier,
        kind="lost",
        what="Bản chính giấy chứng nhận",
        found_at=NINE,
        circumstances="Thất lạc khi chuyển giữa hai phòng.",
        remedy="Cơ quan xin cấp lại bản chính.",
        agency=world.department,
        recorded_by=world.officers[LEADER],
        recorded_at=NINE,
    )


def wrong_place(world: World, dossier: Dossier) -> dict[str, Any]:
    reason = "Nơi cư trú ghi trong tờ khai thuộc phường khác, không thuộc phường này."
    return {"unit": str(world.elsewhere.pk), "reason": reason}


@dataclass(frozen=True)
class Page:
    """One page or button.

    ``may`` are those who may, of those who see the dossier (None: all of them). ``when`` are the states in which it
    is there, with the answer ``then``, ``now`` those of them who may then; at other times the answer is ``late``. ``first`` happens before it is asked for
    at the right time. Only a POST that succeeds and ``changes`` something may change anything; a button that moves the
    dossier ``takes`` the action, at once or ``by_worker``.
    """

    name: str
    method: str = "GET"
    may: frozenset[str] | None = None
    when: frozenset[str] = ALWAYS
    then: int = 200
    late: int = TOLD
    data: Data = nothing
    changes: bool = True
    takes: Action | None = None
    by_worker: bool = False
    first: Before | None = None
    now: frozenset[str] | None = None

    @property
    def side(self) -> str:
        return "desk" if self.name.startswith("desk:") else "applicants"

    def __str__(self) -> str:
        return f"{self.method} {self.name}{f' to {self.takes}' if self.takes else ''}"


def only(*people: str) -> frozenset[str]:
    return frozenset(people)


RECEIVERS = only(OWNER, ANOTHER, LEVEL_ONE, REPRESENTATIVE)
LEVEL_TWO = only(OWNER, ANOTHER, REPRESENTATIVE, FILES)
RESULT = typed(ho_ten="Nguyễn Văn Mẫu", version="0")
WHY_BACK = typed(reason="Tôi đã làm thủ tục ở nơi khác.")
WHY_LATE = typed(
    reason="workload",
    explanation="Phải đối chiếu thêm hồ sơ gốc của năm 1998 nên chưa kịp trả kết quả.",
    working_days="2",
)
WHY_STOPPED = typed(reason="Thửa đất đang được tòa án thụ lý tranh chấp theo thông báo số 12.")
REASON = typed(reason="not_eligible", explanation="Người yêu cầu chưa đủ tuổi. Hãy nộp lại khi đủ 18 tuổi.")

ASKERS = only(ONE_STOP, SPECIALIST, COLLEAGUE)
A_LIST = typed(
    count="1",
    item_0_what="khac",
    item_0_name="Buổi có mặt ở nhà",
    item_0_reason="other",
    item_0_guidance="Cơ quan cần hẹn bạn để kiểm tra. Hãy ghi buổi bạn có mặt.",
    basis="Điều 28 khoản 3 Luật Cư trú số 68/2020/QH14",
)
DECIDERS_OF_MORE = only(LEADER, RECEIVERS_ROLES)
GROUNDS = typed(
    reason="not_eligible",
    explanation="Người yêu cầu chưa đủ tuổi. Hãy nộp lại khi đủ 18 tuổi.",
    legal_basis="Điều 8 khoản 1 Luật Hôn nhân và gia đình",
)
NOTE = typed(text="Xin cho biết khi nào hồ sơ có kết quả.")
TO_SIGN = typed(ho_ten="Nguyễn Văn Mẫu", version="0", action="submit")
COUNTER_FORM = typed(noi_o="12 Trần Phú, phường Hải Châu", muc_dich="ket_hon", so_ban="2")
KEEPERS = only(ONE_STOP, SPECIALIST, COLLEAGUE, LEADER, HEAD)
COLLECTORS = only(COLLECTOR, ACCOUNTANT)
EXAMINERS = only(SPECIALIST, COLLEAGUE, LEADER)
TALKING = FILED - {Status.ARCHIVED}
PAYING = states(Status.AWAITING_PAYMENT)
ANSWERING = only(ONE_STOP, SPECIALIST, COLLEAGUE, LEADER)

# fmt: off
PAGES = [
    # the applicants' side             method  who of those who see it             when        then  late   with
    Page("dossiers:detail",            "GET",  None,                               FILED,      200),
    Page("dossiers:status",            "GET"),
    Page("dossiers:file",              "GET"),
    Page("dossiers:paper",             "GET",  None,                               FILED,      200, HIDDEN),
    Page("dossiers:receive",           "POST", RECEIVERS,                          COMPLETED,  302, 409, takes=Action.HAND_OVER),
    Page("dossiers:submitted",         "GET",  None,                               FILED,      200),
    Page("dossiers:acknowledgement",   "GET"),
    Page("dossiers:draft",             "GET",  None,                               DRAFT,      200),
    Page("dossiers:draft_page",        "GET",  None,                               DRAFT,      200),
    Page("dossiers:draft_page",        "POST", None,                               DRAFT,      302, TOLD,   answered),
    Page("dossiers:draft_autosave",    "POST", None,                               DRAFT,      200, TOLD,   answered),
    Page("dossiers:draft_unit",        "GET",  None,                               DRAFT,      200),
    Page("dossiers:draft_unit",        "POST", None,                               DRAFT,      302, TOLD,   another_unit),
    Page("dossiers:draft_contact",     "GET",  None,                               DRAFT,      200),
    Page("dossiers:draft_contact",     "POST", None,                               DRAFT,      302, TOLD,   typed(phone="0905000000")),
    Page("dossiers:draft_return",      "GET",  None,                               DRAFT,      200),
    Page("dossiers:draft_return",      "POST", None,                               DRAFT,      302, TOLD,   typed(method="counter")),
    Page("dossiers:draft_files",       "GET",  None,                               DRAFT,      200),
    Page("dossiers:draft_upload",      "POST", None,                               DRAFT,      302, TOLD,   a_file),
    Page("dossiers:draft_reuse",       "POST", None,                               DRAFT,      422, TOLD,   changes=False),
    Page("dossiers:draft_vneid",       "POST", None,                               DRAFT,      302, TOLD,   changes=False),
    Page("dossiers:draft_remove_file", "POST", None,                               DRAFT,      302, TOLD,   typed(confirmed="1")),
    Page("dossiers:draft_delete",      "GET",  None,                               DRAFT,      200),
    Page("dossiers:draft_delete",      "POST", None,                               DRAFT,      302),
    Page("dossiers:check",             "GET",  None,                               DRAFT,      200),
    Page("dossiers:check",             "POST", LEVEL_TWO,                          DRAFT,      302, TOLD,   declared, takes=Action.SUBMIT),
    Page("dossiers:supplement",        "GET",  None,                               ASKED,      200),
    Page("dossiers:supplement_answer", "POST", None,                               ASKED,      302, HIDDEN, typed(text="Buổi sáng"), changes=False),
    Page("dossiers:supplement_hand_in", "POST", None,                              states(Status.INTAKE_SUPPLEMENT), 302, takes=Action.RESUBMIT, first=all_answered),
    Page("dossiers:supplement_hand_in", "POST", None,                              states(Status.PROCESS_SUPPLEMENT), 302, takes=Action.SUPPLEMENT_HANDED_IN, first=all_answered),
    Page("dossiers:payment",           "GET",  None,                               states(Status.AWAITING_PAYMENT), 200),
    Page("dossiers:return_choice",     "GET",  None,                               UNRETURNED, 200),
    Page("dossiers:return_choice",     "POST", None,                               UNRETURNED, 302, TOLD,   typed(method="counter"), takes=Action.CHOOSE_RETURN),
    Page("dossiers:withdraw",          "GET",  None,                               WITHDRAWABLE, 200),
    Page("dossiers:withdraw",          "POST", None,                               WITHDRAWABLE, 302, TOLD, WHY_BACK, takes=Action.REQUEST_WITHDRAWAL),
    Page("dossiers:say",               "POST", None,                               ALWAYS,     302, TOLD,   NOTE, changes=False),
    Page("api_dossiers:detail",        "GET"),
    Page("api_dossiers:events",        "GET"),
    # the officers' desk
    Page("desk:dossier",               "GET"),
    Page("desk:reveal",                "POST", changes=False),
    Page("desk:paper",                 "GET"),
    Page("desk:note",                  "POST", None,                               FILED,      302, TOLD,   NOTE, changes=False),
    Page("desk:say",                   "POST", ANSWERING,                          TALKING,     302, TOLD,   NOTE),
    Page("desk:paper_again",           "POST", None,                               ALWAYS,     302, TOLD,   changes=False),
    Page("desk:component",             "GET"),
    Page("desk:counter_draft",         "GET",  None,                               COUNTER,    200, HIDDEN),
    Page("desk:counter_fill",          "POST", only(ONE_STOP),                     COUNTER,    302, HIDDEN, COUNTER_FORM),
    Page("desk:counter_scan",          "POST", only(ONE_STOP),                     COUNTER,    302, HIDDEN, a_scan),
    Page("desk:counter_use_held",      "POST", only(ONE_STOP),                     COUNTER,    422, HIDDEN, changes=False),
    Page("desk:counter_folder",        "POST", only(ONE_STOP),                     COUNTER,    302, HIDDEN, a_scan),
    Page("desk:counter_remove",        "POST", only(ONE_STOP),                     COUNTER,    302, HIDDEN),
    Page("desk:counter_accept",        "POST", only(ONE_STOP),                     COUNTER,    302, HIDDEN, COUNTER_FORM, takes=Action.ACCEPT_AT_COUNTER),
    Page("desk:check",                 "POST", only(ONE_STOP),                     SUBMITTED,  302, TOLD,   typed(state="correct")),
    Page("desk:accept",                "POST", only(ONE_STOP),                     SUBMITTED,  302, takes=Action.ACCEPT),
    Page("desk:refuse",                "GET",  only(ONE_STOP),                     SUBMITTED,  200),
    Page("desk:refuse",                "POST", only(ONE_STOP),                     SUBMITTED,  302, TOLD,   REASON, takes=Action.REFUSE_INTAKE),
    Page("desk:request_supplement",    "GET",  ASKERS,                             SUBMITTED | IN_PROCESS, 200),
    Page("desk:request_supplement",    "POST", ASKERS,                             SUBMITTED | IN_PROCESS, 302, TOLD, A_LIST, takes=Action.REQUEST_SUPPLEMENT),
    Page("desk:confirm_supplement",    "GET",  only(ONE_STOP),                     states(ANSWERED), 200),
    Page("desk:confirm_supplement",    "POST", only(ONE_STOP),                     states(ANSWERED), 302, takes=Action.SUPPLEMENT_RECEIVED),
    Page("desk:request_supplement",    "POST", ASKERS,                             SUBMITTED | IN_PROCESS, 302, TOLD, A_LIST, takes=Action.PROPOSE_SUPPLEMENT, first=asked_before),
    Page("desk:decide_supplement",     "GET",  DECIDERS_OF_MORE,                   IN_PROCESS | {FURTHER}, 200, first=further_proposed),
    Page("desk:decide_supplement",     "POST", DECIDERS_OF_MORE,                   IN_PROCESS | {FURTHER}, 302, takes=Action.APPROVE_SUPPLEMENT, first=further_proposed),
    Page("desk:decide_supplement",     "POST", DECIDERS_OF_MORE,                   IN_PROCESS | {FURTHER}, 302, TOLD, typed(tra_lai="1", note="Đã có đủ."), takes=Action.DECLINE_SUPPLEMENT, first=further_proposed),
    Page("desk:send_back_supplement",  "GET",  only(ONE_STOP),                     states(ANSWERED), 200),
    Page("desk:send_back_supplement",  "POST", only(ONE_STOP),                     states(ANSWERED), 302, TOLD, what_lacks, takes=Action.SUPPLEMENT_SENT_BACK),
    Page("desk:supplement_at_counter", "GET",  only(ONE_STOP),                     ASKED,      200),
    Page("desk:supplement_at_counter", "POST", only(ONE_STOP),                     ASKED,      302, TOLD,   the_bearer, changes=False),
    Page("desk:supplement_at_counter_answer", "POST", only(ONE_STOP),              ASKED,      302, TOLD,   typed(text="Buổi sáng"), first=papers_seen, changes=False),
    Page("desk:supplement_at_counter_hand_in", "POST", only(ONE_STOP),             states(Status.INTAKE_SUPPLEMENT), 302, takes=Action.RESUBMIT, first=all_typed),
    Page("desk:supplement_at_counter_hand_in", "POST", only(ONE_STOP),             states(Status.PROCESS_SUPPLEMENT), 302, takes=Action.SUPPLEMENT_HANDED_IN, first=all_typed),
    Page("desk:supplement_file",       "GET",  None,                               states(ANSWERED), HIDDEN, HIDDEN),
    Page("desk:reroute",               "GET",  only(ONE_STOP),                     SUBMITTED,  200),
    Page("desk:reroute",               "POST", only(ONE_STOP),                     SUBMITTED,  302, TOLD,   wrong_place, takes=Action.REROUTE),
    Page("desk:refusal",               "GET",  only(SPECIALIST),                   IN_PROCESS, 200),
    Page("desk:refusal",               "POST", only(SPECIALIST),                   IN_PROCESS, 302, TOLD,   GROUNDS, changes=False),
    Page("desk:refusal",               "POST", only(SPECIALIST),                   states(UNANSWERED), 302, TOLD, GROUNDS, takes=Action.REFUSE),
    Page("desk:decide_refusal",        "GET",  only(SIGNER),                       IN_PROCESS, 200, first=proposed),
    Page("desk:decide_refusal",        "POST", only(SIGNER),                       IN_PROCESS, 302, first=proposed, takes=Action.REFUSE),
    Page("desk:forward",               "POST", only(ONE_STOP),                     states(Status.ACCEPTED), 302, takes=Action.FORWARD),
    Page("desk:take",                  "POST", only(SPECIALIST, COLLEAGUE, LEADER), WAITING,   302, takes=Action.ASSIGN),
    Page("desk:assign",                "POST", only(SPECIALIST, LEADER),           WAITING,    302, TOLD,   the_holder, takes=Action.ASSIGN),
    Page("desk:draft",                 "GET",  only(SPECIALIST),                   IN_PROCESS, 200),
    Page("desk:draft",                 "POST", only(SPECIALIST),                   IN_PROCESS, 302, TOLD,   RESULT),
    Page("desk:draft",                 "POST", only(SPECIALIST),                   IN_PROCESS, 302, TOLD,   TO_SIGN, takes=Action.SUBMIT_FOR_SIGNATURE, by_worker=True),
    Page("desk:preview",               "POST", only(SPECIALIST),                   IN_PROCESS, 200, 409,    RESULT, changes=False),
    Page("desk:draft_file",            "GET",  only(*AT_THE_AGENCY),               DRAFTED,    200, HIDDEN),
    Page("desk:progress",              "GET"),
    Page("desk:sign",                  "POST", only(SIGNER),                       AWAITING,   302, takes=Action.SIGN, by_worker=True),
    Page("desk:return_draft",          "POST", only(SIGNER),                       AWAITING,   302, TOLD,   typed(note="Sai số"), takes=Action.RETURN_DRAFT),
    Page("desk:issue",                 "POST", only(CLERK),                        SIGNED,     302, takes=Action.ISSUE, by_worker=True),
    Page("desk:hand_over",             "GET",  only(ONE_STOP),                     COMPLETED,  200),
    Page("desk:hand_over",             "POST", only(ONE_STOP),                     COMPLETED,  302, TOLD,   received, takes=Action.HAND_OVER),
    Page("desk:hand_over",             "POST", only(ONE_STOP),                     COMPLETED,  302, TOLD,   to_the_post, takes=Action.HAND_TO_POST),
    Page("desk:receive",               "GET",  only(SPECIALIST, COLLEAGUE, LEADER), states(Status.FORWARDED), 200),
    Page("desk:receive",               "POST", only(SPECIALIST, COLLEAGUE, LEADER), states(Status.FORWARDED), 302, takes=Action.RECEIVE),
    Page("desk:reassign",              "GET",  only(LEADER),                       EXAMINED,   200),
    Page("desk:reassign",              "POST", only(LEADER),                       EXAMINED,   302, TOLD,   a_colleague, takes=Action.REASSIGN),
    Page("desk:take_step",             "POST", EXAMINERS,                          IN_PROCESS, 302, first=steps_of(Role.SPECIALIST, is_held=False), takes=Action.TAKE_STEP, now=only(SPECIALIST, COLLEAGUE)),
    Page("desk:take_step",             "POST", EXAMINERS,                          IN_PROCESS, 302, first=steps_of(Role.UNIT_LEADER, is_held=False), takes=Action.TAKE_STEP, now=only(LEADER)),
    Page("desk:pass_step",             "GET",  EXAMINERS,                          IN_PROCESS, 200, first=steps_of(Role.SPECIALIST), now=only(SPECIALIST)),
    Page("desk:pass_step",             "POST", EXAMINERS,                          IN_PROCESS, 302, first=steps_of(Role.SPECIALIST), now=only(SPECIALIST), takes=Action.PASS_STEP),
    Page("desk:pass_step",             "POST", EXAMINERS,                          IN_PROCESS, 302, first=steps_of(Role.UNIT_LEADER), now=only(LEADER), takes=Action.PASS_STEP),
    Page("desk:return_step",           "GET",  EXAMINERS,                          IN_PROCESS, 200),
    Page("desk:return_step",           "POST", EXAMINERS,                          IN_PROCESS, 302, TOLD,   earlier_step, first=steps_of(Role.SPECIALIST), now=only(SPECIALIST), takes=Action.RETURN_STEP),
    Page("desk:return_step",           "POST", EXAMINERS,                          IN_PROCESS, 302, TOLD,   earlier_step, first=steps_of(Role.UNIT_LEADER), now=only(LEADER), takes=Action.RETURN_STEP),
    Page("desk:approve_withdrawal",    "GET",  only(LEADER, RECEIVERS_ROLES),      ASKED_BACK | {EARLY_WITHDRAWAL}, 200),
    Page("desk:approve_withdrawal",    "POST", only(LEADER, RECEIVERS_ROLES),      ASKED_BACK | {EARLY_WITHDRAWAL}, 302, takes=Action.APPROVE_WITHDRAWAL),
    Page("desk:deny_withdrawal",       "GET",  only(LEADER, RECEIVERS_ROLES),      ASKED_BACK | {EARLY_WITHDRAWAL}, 200),
    Page("desk:deny_withdrawal",       "POST", only(LEADER, RECEIVERS_ROLES),      ASKED_BACK | {EARLY_WITHDRAWAL}, 302, TOLD, typed(note="Chỉ còn ký."), takes=Action.DENY_WITHDRAWAL),
    Page("desk:propose_extension",     "GET",  only(SPECIALIST),                   RUNNING,    200),
    Page("desk:propose_extension",     "POST", only(SPECIALIST),                   RUNNING,    302, TOLD, WHY_LATE),
    Page("desk:extend",                "POST", only(HEAD),                         RUNNING,    302, takes=Action.EXTEND),
    Page("desk:decline_extension",     "GET",  only(HEAD),                         RUNNING,    200),
    Page("desk:decline_extension",     "POST", only(HEAD),                         RUNNING,    302, TOLD,   typed(note="Còn đủ ngày.")),
    Page("desk:stop",                  "GET",  only(HEAD),                         STOPPABLE,  200),
    Page("desk:stop",                  "POST", only(HEAD),                         STOPPABLE,  302, TOLD,   WHY_STOPPED, takes=Action.STOP),
    Page("desk:notify_obligation",     "GET",  only(SPECIALIST),                   IN_PROCESS, 200),
    Page("desk:notify_obligation",     "POST", only(SPECIALIST),                   IN_PROCESS, 302, TOLD,   a_notice, takes=Action.NOTIFY_OBLIGATION),
    Page("desk:confirm_payment",       "GET",  COLLECTORS,                         PAYING,     200),
    Page("desk:confirm_payment",       "POST", COLLECTORS,                         PAYING,     302, TOLD,   the_money, takes=Action.CONFIRM_PAYMENT),
    Page("desk:cancel_obligation",     "GET",  only(SPECIALIST),                   PAYING,     200),
    Page("desk:cancel_obligation",     "POST", only(SPECIALIST),                   PAYING,     302, TOLD,   the_money, takes=Action.CANCEL_OBLIGATION),
    Page("desk:remind_payment",        "POST", COLLECTORS | {SPECIALIST, COLLEAGUE}, PAYING,   302),
    Page("desk:start_verification",    "GET",  only(SPECIALIST),                   IN_PROCESS, 200),
    Page("desk:start_verification",    "POST", only(SPECIALIST),                   IN_PROCESS, 302, TOLD,   a_verification, takes=Action.START_VERIFICATION),
    Page("desk:finish_verification",   "GET",  only(SPECIALIST),                   states(Status.VERIFYING), 200),
    Page("desk:finish_verification",   "POST", only(SPECIALIST),                   states(Status.VERIFYING), 302, TOLD, typed(people="Ông A", findings="3 m"), takes=Action.FINISH_VERIFICATION),
    Page("desk:ask_opinion",           "GET",  only(SPECIALIST),                   IN_PROCESS, 200),
    Page("desk:ask_opinion",           "POST", only(SPECIALIST),                   IN_PROCESS, 302, TOLD,   a_question, takes=Action.ASK_OPINION),
    Page("desk:remind_opinion",        "POST", only(SPECIALIST),                   states(Status.AWAITING_OPINION), 302, HIDDEN),
    Page("desk:receive_opinion",       "GET",  only(SPECIALIST),                   states(Status.AWAITING_OPINION), 200),
    Page("desk:receive_opinion",       "POST", only(SPECIALIST),                   states(Status.AWAITING_OPINION), 302, TOLD, typed(reason="Quá hạn trả lời."), takes=Action.RECEIVE_OPINION),
    Page("desk:record_loss",           "GET",  KEEPERS,                            FILED - {Status.ARCHIVED}, 200),
    Page("desk:record_loss",           "POST", KEEPERS,                            FILED - {Status.ARCHIVED}, 302, TOLD, a_loss, takes=Action.LOSS_INCIDENT),
    Page("desk:mend_loss",             "GET",  KEEPERS,                            FILED - {Status.ARCHIVED}, 200, first=lost),
    Page("desk:mend_loss",             "POST", KEEPERS,                            FILED - {Status.ARCHIVED}, 302, TOLD, typed(note="Đã cấp lại."), takes=Action.LOSS_MENDED, first=lost),
    Page("desk:correct_result",        "GET",  only(SIGNER),                       WITH_RESULT, 200, first=its_result),
    Page("desk:correct_result",        "POST", only(SIGNER),                       WITH_RESULT, 302, TOLD,  an_error, takes=Action.CORRECT_RESULT, first=its_result),
    Page("desk:archive",               "GET",  only(CLERK),                        CLOSED,     200),
    Page("desk:archive",               "POST", only(CLERK),                        CLOSED,     302, takes=Action.ARCHIVE),
]
# fmt: on


OWNERS = {
    OWNER: (OWNER, ANOTHER, ORGANISATION),
    REPRESENTATIVE: (OWNER, ORGANISATION),
    FILES: (OWNER, ORGANISATION),
    RECEIVES: (ORGANISATION,),
    OF_ANOTHER_ORGANISATION: (ORGANISATION,),
    REVOKED: (ORGANISATION,),
    LAPSED: (ORGANISATION,),
}
"""Whose dossiers each person asks for; all others ask for the owner's: officers see dossiers by agency."""


OF_THE_HOLDER = (
    "desk:draft",
    "desk:preview",
    "desk:propose_extension",
    "desk:notify_obligation",
    "desk:start_verification",
    "desk:ask_opinion",
)


def expected(page: Page, *, who: str, of: str, state: str) -> int | str:
    """Read the answer from the tables."""
    if who in NOT_SIGNED_IN:
        return REFUSED if page.name.startswith("api_") else "sign in"
    if not sees(who, of=of, state=state, side=page.side):
        return HIDDEN
    if who == COLLEAGUE and page.name in OF_THE_HOLDER and state in WAITING:
        return page.then if state in page.when else page.late  # nobody holds it yet
    if page.name.startswith("desk:counter_") and state not in page.when:
        return HIDDEN
    if page.may is not None and who not in page.may:
        return REFUSED
    if page.now is not None and state in page.when and who not in page.now:
        return REFUSED  # somebody else's turn
    if page.name == "desk:decide_refusal" and state == Status.PROCESS_SUPPLEMENT:
        return REFUSED  # its holder refuses what was not answered
    if page.name.startswith("dossiers:supplement") and state == Status.DRAFT:
        return HIDDEN
    if page.name == "desk:request_supplement" and state == Status.IN_PROCESS and who != SPECIALIST:
        return REFUSED  # once it is in process, its holder asks
    if page.name == "desk:archive" and state == Status.COMPLETED:
        return REFUSED  # a result that nobody collects is archived by the system alone
    if page.name == "desk:reveal" and of == ORGANISATION:
        return 409  # it has no personal number
    if page.name == "dossiers:receive" and state in (Status.RETURNED, Status.ARCHIVED):
        return TOLD  # pressed twice, or long after: the page shows that it is done
    if page.name == "desk:take" and who == LEADER and state in WAITING:
        return WRONG  # a leader gives dossiers to specialists
    return page.then if state in page.when else page.late


def answer_of(world: World, page: Page, *, who: str, of: str, state: str) -> list[str]:
    """Ask for a page and say everything that is not as it should be."""
    dossier = world.dossiers[of, state]
    with transaction.atomic():
        before = world.untouched
        if page.first is not None and state in page.when:
            page.first(world, dossier)
            before = footprints()
        address = world.address(page.name, dossier)
        answer = world.visit(who, address, page.method, page.data(world, dossier))
        changed = footprints() != before
        moved = set(dossier.events.filter(pk__gt=world.last_event).values_list("action", flat=True))
        transaction.set_rollback(True)
    wanted = expected(page, who=who, of=of, state=state)
    got: int | str = answer.status_code
    if answer.get("Location") == f"/dang-nhap/?next={quote(address)}":
        got = "sign in"
    done = page.method == "POST" and page.changes and got == wanted == page.then and state in page.when
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    problems = [f"{got} in place of {wanted}"] if got != wanted else []
    problems += [f"{'something' if changed else 'nothing'} was changed"] if changed != done else []
    problems += (
        [f"{sorted(moved)} was taken"]
        if done and page.takes and not page.by_worker and page.takes not in moved
        else []
    )
    problems += missing_headers(answer, signed_in=who not in NOT_SIGNED_IN)
    if not sees(who, of=of, state=state, side=page.side):
        leaks = [
            one for one in world.secrets_of(of, state) if one.encode() in body and one != world.name_of(who)
        ]
        problems += [f"tells {leaks}"] if leaks else []
    return [f"{who}, dossier of {of}, {state}: {problem}" for problem in problems]


def missing_headers(answer: Any, *, signed_in: bool) -> Iterable[str]:
    """Name what guards every answer and is not there."""
    wanted = {"Content-Security-Policy": "default-src", "X-Content-Type-Options": "nosniff"}
    if signed_in:
        wanted |= {"Cache-Control": "no-store"}
    return [f"{name} lacks {value}" for name, value in wanted.items() if value not in answer.get(name, "")]


def by_title(pages: list[Page]) -> list[Any]:
    return [pytest.param(page, id=str(page)) for page in pages]


@pytest.mark.usefixtures("clean_scanner")
class TestMatrix:
    @pytest.mark.parametrize("page", by_title(PAGES))
    def test_every_person_gets_what_the_tables_say(self, world: World, page: Page):
        """At the moment when the page is there: own dossiers, those of others, those of an organisation."""
        moments = sorted(page.when, key=MOMENTS.index)
        problems = []
        for state in moments if page.takes else {moments[0], moments[-1]}:
            for who in world.users:
                for of in (OWNER,) if state in KINDS else OWNERS.get(who, (OWNER,)):
                    problems += answer_of(world, page, who=who, of=of, state=state)

        assert not problems, "\n".join(problems)

    @pytest.mark.parametrize("page", by_title(PAGES))
    def test_every_state_has_its_answer(self, world: World, page: Page):
        """Asked by those who may, and by the first and the second who see the dossier."""
        seeing = {ONE_STOP, SPECIALIST} if page.side == "desk" else {OWNER, REPRESENTATIVE, FILES}
        people = (page.may or set()) - {ANOTHER, LEVEL_ONE} | seeing
        problems = []
        for state in STATES:
            for who in people:
                of = ORGANISATION if who in (REPRESENTATIVE, FILES) else OWNER
                problems += answer_of(world, page, who=who, of=of, state=state)

        assert not problems, "\n".join(problems)

    @pytest.mark.parametrize("page", by_title([page for page in PAGES if page.side == "applicants"]))
    def test_a_citizen_of_level_1_drafts_and_does_not_file(self, world: World, page: Page):
        assert not answer_of(world, page, who=LEVEL_ONE, of=LEVEL_ONE, state=Status.DRAFT)
