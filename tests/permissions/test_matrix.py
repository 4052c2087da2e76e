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
from dossiers.drafts import page_mark
from dossiers.models import Dossier, RefusalProposal
from dossiers.states import Status
from procedures import eforms
from tests.dossiers.filing_kit import pdf
from tests.factories import NINE
from tests.permissions.world import (
    ANOTHER,
    ANYBODY,
    CLERK,
    COLLEAGUE,
    DEACTIVATED,
    FILES,
    HEAD,
    LAPSED,
    LEADER,
    LEVEL_ONE,
    OF_ANOTHER_ORGANISATION,
    ONE_STOP,
    ORGANISATION,
    OWNER,
    RECEIVES,
    REPRESENTATIVE,
    REVOKED,
    SIGNER,
    SPECIALIST,
    STATES,
    World,
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
AT_THE_UNIT = {ONE_STOP}
AT_THE_AGENCY = {SPECIALIST, COLLEAGUE, LEADER, SIGNER, CLERK, HEAD}
NOT_SIGNED_IN = {ANYBODY, DEACTIVATED}

ALWAYS = frozenset(STATES)
DRAFT = frozenset({Status.DRAFT})
FILED = ALWAYS - DRAFT
SUBMITTED = frozenset({Status.SUBMITTED})
ACCEPTED = FILED - SUBMITTED - {Status.INTAKE_REFUSED}
WAITING = frozenset({Status.ACCEPTED, Status.FORWARDED})
IN_PROCESS = frozenset({Status.IN_PROCESS})
AWAITING = frozenset({Status.AWAITING_SIGN_OFF})
SIGNED = frozenset({Status.SIGNED})
COMPLETED = frozenset({Status.COMPLETED})
WITHDRAWABLE = SUBMITTED | WAITING | IN_PROCESS | AWAITING
STOPPABLE = frozenset({Status.FORWARDED}) | IN_PROCESS
ASKED_BACK = frozenset({Status.WITHDRAWAL_REQUESTED})
CLOSED = frozenset({Status.RETURNED, Status.STOPPED})
DRAFTED = AWAITING | SIGNED | COMPLETED | {Status.RETURNED}


def sees(who: str, *, of: str, state: str, side: str) -> bool:
    """Say whether a dossier exists for a person on this side: the applicants' pages, or the officers' desk."""
    if side == "desk":
        return (state in FILED and who in AT_THE_UNIT) or (state in ACCEPTED and who in AT_THE_AGENCY)
    return who in APPLICANTS_OF[of]


# What the pages answer

TOLD, REFUSED, HIDDEN, WRONG = 302, 403, 404, 422
Data = Callable[[World, Dossier], dict[str, Any]]


def nothing(world: World, dossier: Dossier) -> dict[str, Any]:
    return {}


def typed(**values: str) -> Data:
    return lambda world, dossier: dict(values)


def a_file(world: World, dossier: Dossier) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("giay-to.pdf", pdf(), "application/pdf")}


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


def proposed(world: World, dossier: Dossier) -> dict[str, Any]:
    """Let the holder have proposed a refusal."""
    if dossier.status == Status.IN_PROCESS:
        RefusalProposal.objects.create(
            dossier=dossier,
            reason="not_eligible",
            explanation="Người yêu cầu chưa đủ tuổi. Hãy nộp lại khi đủ 18 tuổi.",
            legal_basis="Điều 8 khoản 1 Luật Hôn nhân và gia đình",
            proposed_by=world.officers[SPECIALIST],
            proposed_at=NINE,
        )
    return {}


def wrong_place(world: World, dossier: Dossier) -> dict[str, Any]:
    reason = "Nơi cư trú ghi trong tờ khai thuộc phường khác, không thuộc phường này."
    return {"unit": str(world.elsewhere.pk), "reason": reason}


@dataclass(frozen=True)
class Page:
    """One page or button.

    ``may`` are those who may, of those who see the dossier (None: all of them). ``when`` are the states in which it
    is there, with the answer ``then``; at other times the answer is ``late``. Only a POST that succeeds and
    ``changes`` something may change anything.
    """

    name: str
    method: str = "GET"
    may: frozenset[str] | None = None
    when: frozenset[Status] = ALWAYS
    then: int = 200
    late: int = TOLD
    data: Data = nothing
    changes: bool = True

    @property
    def side(self) -> str:
        return "desk" if self.name.startswith("desk:") else "applicants"

    def __str__(self) -> str:
        return f"{self.method} {self.name}"


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
NEVER: frozenset[Status] = frozenset()
"""Pages of what the world's dossiers do not have: a supplement that waits."""
A_LIST = typed(
    count="1",
    item_0_what="khac",
    item_0_name="Buổi có mặt ở nhà",
    item_0_reason="other",
    item_0_guidance="Cơ quan cần hẹn bạn để kiểm tra. Hãy ghi buổi bạn có mặt.",
)
GROUNDS = typed(
    reason="not_eligible",
    explanation="Người yêu cầu chưa đủ tuổi. Hãy nộp lại khi đủ 18 tuổi.",
    legal_basis="Điều 8 khoản 1 Luật Hôn nhân và gia đình",
)
NOTE = typed(text="Xin cho biết khi nào hồ sơ có kết quả.")
ANSWERING = only(ONE_STOP, SPECIALIST, COLLEAGUE, LEADER)

# fmt: off
PAGES = [
    # the applicants' side             method  who of those who see it             when        then  late   with
    Page("dossiers:detail",            "GET",  None,                               FILED,      200),
    Page("dossiers:status",            "GET"),
    Page("dossiers:file",              "GET"),
    Page("dossiers:paper",             "GET",  None,                               FILED,      200, HIDDEN),
    Page("dossiers:receive",           "POST", RECEIVERS,                          COMPLETED,  302, 409),
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
    Page("dossiers:draft_files",       "GET",  None,                               DRAFT,      200),
    Page("dossiers:draft_upload",      "POST", None,                               DRAFT,      302, TOLD,   a_file),
    Page("dossiers:draft_remove_file", "POST", None,                               DRAFT,      302, TOLD,   typed(confirmed="1")),
    Page("dossiers:draft_delete",      "GET",  None,                               DRAFT,      200),
    Page("dossiers:draft_delete",      "POST", None,                               DRAFT,      302),
    Page("dossiers:check",             "GET",  None,                               DRAFT,      200),
    Page("dossiers:check",             "POST", LEVEL_TWO,                          DRAFT,      302, TOLD,   declared),
    Page("dossiers:supplement",        "GET",  None,                               FILED,      302, HIDDEN),
    Page("dossiers:supplement_answer", "POST", None,                               FILED,      HIDDEN, HIDDEN, changes=False),
    Page("dossiers:supplement_hand_in", "POST", None,                              FILED,      302, HIDDEN, changes=False),
    Page("dossiers:withdraw",          "GET",  None,                               WITHDRAWABLE, 200),
    Page("dossiers:withdraw",          "POST", None,                               WITHDRAWABLE, 302, TOLD, WHY_BACK),
    Page("dossiers:say",               "POST", None,                               ALWAYS,     302, TOLD,   NOTE, changes=False),
    Page("api_dossiers:detail",        "GET"),
    Page("api_dossiers:events",        "GET"),
    # the officers' desk
    Page("desk:dossier",               "GET"),
    Page("desk:reveal",                "POST", changes=False),
    Page("desk:paper",                 "GET"),
    Page("desk:note",                  "POST", None,                               FILED,      302, TOLD,   NOTE, changes=False),
    Page("desk:say",                   "POST", ANSWERING,                          FILED,      302, TOLD,   NOTE),
    Page("desk:paper_again",           "POST", None,                               ALWAYS,     302, TOLD,   changes=False),
    Page("desk:component",             "GET"),
    Page("desk:check",                 "POST", only(ONE_STOP),                     SUBMITTED,  302, TOLD,   typed(state="correct")),
    Page("desk:accept",                "POST", only(ONE_STOP),                     SUBMITTED,  302),
    Page("desk:refuse",                "GET",  only(ONE_STOP),                     SUBMITTED,  200),
    Page("desk:refuse",                "POST", only(ONE_STOP),                     SUBMITTED,  302, TOLD,   REASON),
    Page("desk:request_supplement",    "GET",  ASKERS,                             SUBMITTED,  200),
    Page("desk:request_supplement",    "POST", ASKERS,                             SUBMITTED,  302, TOLD,   A_LIST),
    Page("desk:confirm_supplement",    "GET",  only(ONE_STOP),                     NEVER),
    Page("desk:confirm_supplement",    "POST", only(ONE_STOP),                     NEVER),
    Page("desk:supplement_file",       "GET",  None,                               NEVER,      200, HIDDEN),
    Page("desk:reroute",               "GET",  only(ONE_STOP),                     SUBMITTED,  200),
    Page("desk:reroute",               "POST", only(ONE_STOP),                     SUBMITTED,  302, TOLD,   wrong_place),
    Page("desk:refusal",               "GET",  only(SPECIALIST),                   IN_PROCESS, 200),
    Page("desk:refusal",               "POST", only(SPECIALIST),                   IN_PROCESS, 302, TOLD,   GROUNDS, changes=False),
    Page("desk:decide_refusal",        "GET",  only(SIGNER),                       IN_PROCESS, 200, TOLD,   proposed),
    Page("desk:decide_refusal",        "POST", only(SIGNER),                       IN_PROCESS, 302, TOLD,   proposed),
    Page("desk:forward",               "POST", only(ONE_STOP),                     frozenset({Status.ACCEPTED}), 302),
    Page("desk:take",                  "POST", only(SPECIALIST, COLLEAGUE, LEADER), WAITING,   302),
    Page("desk:assign",                "POST", only(SPECIALIST, LEADER),           WAITING,    302, TOLD,   the_holder),
    Page("desk:draft",                 "GET",  only(SPECIALIST),                   IN_PROCESS, 200),
    Page("desk:draft",                 "POST", only(SPECIALIST),                   IN_PROCESS, 302, TOLD,   RESULT),
    Page("desk:preview",               "POST", only(SPECIALIST),                   IN_PROCESS, 200, 409,    RESULT, changes=False),
    Page("desk:draft_file",            "GET",  only(*AT_THE_AGENCY),               DRAFTED,    200, HIDDEN),
    Page("desk:progress",              "GET"),
    Page("desk:sign",                  "POST", only(SIGNER),                       AWAITING,   302),
    Page("desk:return_draft",          "POST", only(SIGNER),                       AWAITING,   302, TOLD,   typed(note="Sai số")),
    Page("desk:issue",                 "POST", only(CLERK),                        SIGNED,     302),
    Page("desk:hand_over",             "GET",  only(ONE_STOP),                     COMPLETED,  200),
    Page("desk:hand_over",             "POST", only(ONE_STOP),                     COMPLETED,  302, TOLD,   received),
    Page("desk:receive",               "GET",  only(SPECIALIST, COLLEAGUE, LEADER), frozenset({Status.FORWARDED}), 200),
    Page("desk:receive",               "POST", only(SPECIALIST, COLLEAGUE, LEADER), frozenset({Status.FORWARDED}), 302),
    Page("desk:reassign",              "GET",  only(LEADER),                       IN_PROCESS, 200),
    Page("desk:reassign",              "POST", only(LEADER),                       IN_PROCESS, 302, TOLD,   a_colleague),
    # No plan is laid out here, so there is no step to pass on: who may, finds none (dossiers: test_step_pages).
    Page("desk:pass_step",             "GET",  only(SPECIALIST, COLLEAGUE, LEADER), IN_PROCESS, HIDDEN),
    Page("desk:take_step",             "POST", only(SPECIALIST, COLLEAGUE, LEADER), IN_PROCESS, HIDDEN),
    Page("desk:return_step",           "GET",  only(SPECIALIST, COLLEAGUE, LEADER), IN_PROCESS, 200),
    Page("desk:approve_withdrawal",    "GET",  only(LEADER),                       ASKED_BACK, 200),
    Page("desk:approve_withdrawal",    "POST", only(LEADER),                       ASKED_BACK, 302),
    Page("desk:deny_withdrawal",       "GET",  only(LEADER),                       ASKED_BACK, 200),
    Page("desk:deny_withdrawal",       "POST", only(LEADER),                       ASKED_BACK, 302, TOLD,   typed(note="Chỉ còn ký.")),
    Page("desk:propose_extension",     "GET",  only(SPECIALIST),                   IN_PROCESS, 200),
    Page("desk:propose_extension",     "POST", only(SPECIALIST),                   IN_PROCESS, 302, TOLD,   WHY_LATE),
    Page("desk:extend",                "POST", only(HEAD),                         IN_PROCESS, 302),
    Page("desk:decline_extension",     "GET",  only(HEAD),                         IN_PROCESS, 200),
    Page("desk:decline_extension",     "POST", only(HEAD),                         IN_PROCESS, 302, TOLD,   typed(note="Còn đủ ngày.")),
    Page("desk:stop",                  "GET",  only(HEAD),                         STOPPABLE,  200),
    Page("desk:stop",                  "POST", only(HEAD),                         STOPPABLE,  302, TOLD,   WHY_STOPPED),
    Page("desk:notify_obligation",     "GET",  only(SPECIALIST),                   IN_PROCESS, 200),
    Page("desk:notify_obligation",     "POST", only(SPECIALIST),                   IN_PROCESS, 302, TOLD,   a_notice),
    Page("desk:start_verification",    "GET",  only(SPECIALIST),                   IN_PROCESS, 200),
    Page("desk:start_verification",    "POST", only(SPECIALIST),                   IN_PROCESS, 302, TOLD,   a_verification),
    Page("desk:ask_opinion",           "GET",  only(SPECIALIST),                   IN_PROCESS, 200),
    Page("desk:ask_opinion",           "POST", only(SPECIALIST),                   IN_PROCESS, 302, TOLD,   a_question),
    Page("desk:correct_result",        "GET",  only(SIGNER),                       COMPLETED,  200),
    Page("desk:correct_result",        "POST", only(SIGNER),                       COMPLETED,  302, TOLD,   an_error),
    Page("desk:archive",               "GET",  only(CLERK),                        CLOSED,     200),
    Page("desk:archive",               "POST", only(CLERK),                        CLOSED,     302),
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
        return page.late  # nobody holds it yet
    if page.may is not None and who not in page.may:
        return REFUSED
    if page.name == "desk:request_supplement" and state == Status.IN_PROCESS and who != SPECIALIST:
        return REFUSED  # once it is in process, its holder asks
    if page.name == "desk:archive" and state == Status.COMPLETED:
        return REFUSED  # a result that nobody collects is archived by the system alone
    if page.name == "desk:reveal" and of == ORGANISATION:
        return 409  # it has no personal number
    if page.name == "dossiers:receive" and state == Status.RETURNED:
        return TOLD  # pressed twice: the page shows that it is done
    if page.name == "desk:take" and who == LEADER and state in WAITING:
        return WRONG  # a leader gives dossiers to specialists
    return page.then if state in page.when else page.late


def answer_of(world: World, page: Page, *, who: str, of: str, state: str) -> list[str]:
    """Ask for a page and say everything that is not as it should be."""
    dossier = world.dossiers[of, state]
    address = world.address(page.name, dossier)
    with transaction.atomic():
        answer = world.visit(who, address, page.method, page.data(world, dossier))
        changed = footprints() != world.untouched
        transaction.set_rollback(True)
    wanted = expected(page, who=who, of=of, state=state)
    got: int | str = answer.status_code
    if answer.get("Location") == f"/dang-nhap/?next={quote(address)}":
        got = "sign in"
    done = page.method == "POST" and page.changes and got == wanted == page.then and state in page.when
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    problems = [f"{got} in place of {wanted}"] if got != wanted else []
    problems += [f"{'something' if changed else 'nothing'} was changed"] if changed != done else []
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
        moments = sorted(page.when, key=STATES.index)
        problems = []
        for state in {moments[0], moments[-1]} if len(moments) > len(WAITING) else moments[:1]:
            for who in world.users:
                for of in OWNERS.get(who, (OWNER,)):
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
