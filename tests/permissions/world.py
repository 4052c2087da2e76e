"""A small city for the permission tests: people and officers of every kind, and dossiers in every state.

The ward receives and the department decides, so that a role at the one is no role at the other.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from agencies.calendars import working_calendar
from agencies.models import Agency, Officer, OfficerRole
from agencies.states import AgencyKind, Role
from citizens.models import Organisation, Person
from citizens.states import EidLevel, Scope
from core.actor import Actor, ActorKind, Grant
from dossiers.models import (
    Dossier,
    DossierComponent,
    DossierEvent,
    Extension,
    HandOver,
    Paper,
    ResultDraft,
    SupplementItem,
    SupplementRequest,
    Withdrawal,
)
from dossiers.services import (
    further_supplements,
    obligations,
    opinions,
    returning,
    supplement_answers,
    supplements,
    withdrawals,
)
from dossiers.services.supplement_lists import Wanted
from dossiers.services.supplements import Asking
from dossiers.states import (
    CheckState,
    DraftState,
    Form,
    HandOverMethod,
    LateReason,
    ScanState,
    Status,
    SupplementState,
)
from dossiers.transitions import EXTENDABLE
from notifications.models import EmailDelivery, Notice
from notifications.states import DeliveryState
from procedures.models import Component, ProcedureVersion, ResultType
from procedures.states import Channel
from results_vault import codes
from results_vault.models import Result
from tests.dossiers.filing_kit import ANSWERS, fileable, pdf
from tests.dossiers.inquiries import BASIS, verifying
from tests.factories import (
    LONG_AGO,
    NINE,
    AgencyFactory,
    DossierFactory,
    OfficerFactory,
    OrganisationFactory,
    PersonFactory,
    actor_of_person,
    represent,
    walk,
)

OWNER, ANOTHER, LEVEL_ONE = "owner", "another citizen", "level-1 citizen"
REPRESENTATIVE = "representative who files and receives"
FILES = "representative who files"
RECEIVES = "representative who receives"
OF_ANOTHER_ORGANISATION = "representative of another organisation"
REVOKED, LAPSED = "revoked representative", "lapsed representative"
ONE_STOP = "one-stop officer"
SPECIALIST, COLLEAGUE = "specialist who holds the dossier", "another specialist"
LEADER, SIGNER, CLERK, HEAD = "unit leader", "signer", "clerk", "agency head"
COLLECTOR, ACCOUNTANT = "fee collector", "accountant"
DECIDERS_ONE_STOP = "one-stop officer of the deciding agency"
RECEIVERS_ROLES = "all other roles at the receiving unit"
ELSEWHERE = "all roles elsewhere"
CONTROL, ADMIN, AUDITOR = "procedure control officer", "system administrator", "auditor"
IOC = "operations centre"
ENDED, NOT_YET = "officer whose roles have ended", "officer whose roles begin tomorrow"
DEACTIVATED = "deactivated officer"
ANYBODY = "anonymous"

ORGANISATION = "organisation"
STATES = tuple(Status)
AT_COUNTER = "draft that the counter types"
EARLY_WITHDRAWAL = "withdrawal requested before acceptance"
UNANSWERED = "supplement that was not answered in time"
ANSWERED = "supplement that was handed in"
FURTHER = "filing for which a further supplement was proposed"
WITH_POST = "result that the post has"
STATUS_OF_KIND = {
    AT_COUNTER: Status.DRAFT,
    EARLY_WITHDRAWAL: Status.WITHDRAWAL_REQUESTED,
    UNANSWERED: Status.PROCESS_SUPPLEMENT,
    ANSWERED: Status.PROCESS_SUPPLEMENT,
    FURTHER: Status.SUBMITTED,
    WITH_POST: Status.COMPLETED,
}
"""Dossiers to which more has happened than their status says; only the owner has them."""
KINDS = tuple(STATUS_OF_KIND)
MOMENTS = (*STATES, *KINDS)

TEMPLATE = {
    "title": "GIẤY XÁC NHẬN",
    "paragraphs": ["Xác nhận {ho_ten}."],
    "fields": [{"name": "ho_ten", "label": "Họ và tên", "required": True, "prefill": "owner.name"}],
}


ASKED_FOR = [
    Wanted(
        reason="other",
        name="Buổi có mặt ở nhà",
        guidance="Cơ quan cần hẹn bạn để kiểm tra. Hãy ghi buổi bạn có mặt.",
    )
]
WAITS_AFTER = {
    Status.INTAKE_SUPPLEMENT: Status.SUBMITTED,
    Status.PROCESS_SUPPLEMENT: Status.IN_PROCESS,
    Status.AWAITING_PAYMENT: Status.IN_PROCESS,
    Status.VERIFYING: Status.IN_PROCESS,
    Status.AWAITING_OPINION: Status.IN_PROCESS,
}
"""States in which somebody was asked for something, and the state in which they were asked."""


@dataclass
class World:
    """The rows; `visit` asks for a page as one of the people.

    Each of `OWNER`, `ANOTHER` and `ORGANISATION` has a dossier in every status and a result.
    """

    ward: Agency = field(init=False)
    department: Agency = field(init=False)
    users: dict[str, User | None] = field(default_factory=dict)
    dossiers: dict[tuple[str, str], Dossier] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    _parts: dict[int, dict[str, Any]] = field(default_factory=dict)
    _secrets: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ward = AgencyFactory.create(name="Ủy ban nhân dân phường Nhận (minh họa)")
        self.department = AgencyFactory.create(
            name="Sở Quyết định (minh họa)", kind=AgencyKind.DEPARTMENT, seal_key_id="department"
        )
        self.elsewhere = AgencyFactory.create(name="Ủy ban nhân dân phường Khác (minh họa)")
        self._people()
        self._officers()
        self.version = self._version()
        for of in (OWNER, ANOTHER, ORGANISATION):
            for state in STATES:
                self.dossiers[of, state] = self._dossier(of, state)
            self.results[of] = self._result(of)
        for kind in KINDS:
            self.dossiers[OWNER, kind] = self._of_kind(kind)
        self.notices = {
            of: self._notice(self.dossiers[of, Status.COMPLETED], self.people[of]) for of in (OWNER, ANOTHER)
        }
        self.dossiers[LEVEL_ONE, Status.DRAFT] = self._dossier(LEVEL_ONE, Status.DRAFT)
        for name, user in self.users.items():
            self.clients[name] = Client()
            if user is not None:
                self.clients[name].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        User.objects.filter(pk=self.users[DEACTIVATED].pk).update(is_active=False)
        self.untouched = footprints()
        self.last_event = DossierEvent.objects.latest("pk").pk

    def visit(
        self, who: str, address: str, method: str = "GET", data: Any = None, *, follow: bool = False
    ) -> Any:
        client = self.clients[who]
        if method == "GET":
            return client.get(address, data, follow=follow)
        return client.post(address, data or {}, follow=follow)

    # People

    def _people(self) -> None:
        self.people: dict[str, Person] = {
            OWNER: PersonFactory.create(full_name="Trần Thị Chủ (minh họa)"),
            ANOTHER: PersonFactory.create(full_name="Lê Văn Láng Giềng (minh họa)"),
            LEVEL_ONE: PersonFactory.create(full_name="Ngô Mức Một (minh họa)", eid_level=EidLevel.LEVEL_1),
        }
        self.organisation: Organisation = OrganisationFactory.create(name="Công ty TNHH Của Ta (minh họa)")
        other = OrganisationFactory.create(name="Công ty TNHH Người Khác (minh họa)")
        both = (Scope.FILE, Scope.RECEIVE_RESULT)
        for name, organisation, scopes in (
            (REPRESENTATIVE, self.organisation, both),
            (FILES, self.organisation, (Scope.FILE,)),
            (RECEIVES, self.organisation, (Scope.RECEIVE_RESULT,)),
            (OF_ANOTHER_ORGANISATION, other, both),
            (REVOKED, self.organisation, both),
            (LAPSED, self.organisation, both),
        ):
            person = PersonFactory.create(full_name=f"Đại diện {len(self.people)} (minh họa)")
            representation = represent(person, organisation, *scopes)
            if name == REVOKED:
                representation.revoked_at = timezone.now() - timedelta(minutes=1)
            if name == LAPSED:
                representation.valid_to = timezone.now() - timedelta(minutes=1)
            representation.save()
            self.people[name] = person
        self.users |= {ANYBODY: None} | {name: person.user for name, person in self.people.items()}

    def _officers(self) -> None:
        now = timezone.now()
        every = tuple(Role)
        deciding = (
            Role.SPECIALIST,
            Role.UNIT_LEADER,
            Role.SIGNER,
            Role.CLERK,
            Role.ACCOUNTANT,
            Role.AGENCY_HEAD,
        )
        self.officers: dict[str, Officer] = {}
        for name, agency, roles, begins, ends in (
            (ONE_STOP, self.ward, [Role.ONE_STOP_OFFICER], LONG_AGO, None),
            (SPECIALIST, self.department, [Role.SPECIALIST], LONG_AGO, None),
            (COLLEAGUE, self.department, [Role.SPECIALIST], LONG_AGO, None),
            (LEADER, self.department, [Role.UNIT_LEADER], LONG_AGO, None),
            (SIGNER, self.department, [Role.SIGNER], LONG_AGO, None),
            (CLERK, self.department, [Role.CLERK], LONG_AGO, None),
            (HEAD, self.department, [Role.AGENCY_HEAD], LONG_AGO, None),
            (COLLECTOR, self.ward, [Role.FEE_COLLECTOR], LONG_AGO, None),
            (ACCOUNTANT, self.department, [Role.ACCOUNTANT], LONG_AGO, None),
            (DECIDERS_ONE_STOP, self.department, [Role.ONE_STOP_OFFICER, Role.FEE_COLLECTOR], LONG_AGO, None),
            (RECEIVERS_ROLES, self.ward, deciding, LONG_AGO, None),
            (ELSEWHERE, self.elsewhere, every, LONG_AGO, None),
            (CONTROL, self.department, [Role.PROCEDURE_CONTROL_OFFICER], LONG_AGO, None),
            (ADMIN, self.department, [Role.SYSTEM_ADMIN], LONG_AGO, None),
            (AUDITOR, self.department, [Role.AUDITOR], LONG_AGO, None),
            (IOC, self.department, [Role.IOC_OPERATOR], LONG_AGO, None),
            (ENDED, self.ward, every, LONG_AGO, now - timedelta(minutes=1)),
            (ENDED, self.department, every, LONG_AGO, now - timedelta(minutes=1)),
            (NOT_YET, self.ward, every, now + timedelta(days=1), None),
            (NOT_YET, self.department, every, now + timedelta(days=1), None),
            (DEACTIVATED, self.ward, every, LONG_AGO, None),
            (DEACTIVATED, self.department, every, LONG_AGO, None),
        ):
            officer = self.officers.get(name) or OfficerFactory.create(
                full_name=f"Cán bộ số {len(self.officers)} (minh họa)", signing_key_id="signer"
            )
            self.officers[name] = officer
            OfficerRole.objects.bulk_create(
                OfficerRole(officer=officer, agency=agency, role=role, valid_from=begins, valid_to=ends)
                for role in roles
            )
        self.users |= {name: officer.user for name, officer in self.officers.items()}

    # Dossiers

    def _version(self) -> ProcedureVersion:
        # For everybody; a supplement may be asked for at any time.
        version = fileable(applicant_categories=[], late_supplement_basis=BASIS)
        ResultType.objects.create(version=version, position=1, name="Giấy xác nhận", template=TEMPLATE)
        return version

    def _dossier(self, of: str, state: Status) -> Dossier:
        dossier = self._draft(of)
        walk(dossier, WAITS_AFTER.get(state, state))
        if state not in (
            Status.DRAFT,
            Status.SUBMITTED,
            Status.INTAKE_SUPPLEMENT,
            Status.INTAKE_REFUSED,
            Status.ACCEPTED,
            Status.FORWARDED,
        ):
            dossier.current_handler = self.officers[SPECIALIST]
            dossier.save(update_fields=["current_handler"])
        if state in WAITS_AFTER:
            self._let_wait(dossier, state)
            dossier.refresh_from_db()
        if state != Status.DRAFT:
            self._paper(dossier)
        if state in (Status.AWAITING_SIGN_OFF, Status.SIGNED, Status.COMPLETED, Status.RETURNED):
            self._result_draft(dossier)
        if state in EXTENDABLE:
            self._drafted_apology(dossier)
        if state in (Status.WITHDRAWAL_REQUESTED, Status.STOPPED):
            self._withdrawal(dossier)
        if state in (Status.RETURNED, Status.ARCHIVED):
            HandOver.objects.create(
                dossier=dossier, method=HandOverMethod.COUNTER, receiver_name="Người nhận", at=NINE
            )
        return dossier

    def _draft(self, of: str, **columns: Any) -> Dossier:
        person = self.people.get(of)
        dossier: Dossier = DossierFactory.create(
            procedure_version=self.version,
            owner_person=person,
            owner_organisation=None if person else self.organisation,
            submitter=person or self.people[FILES],
            received_at_unit=self.ward,
            competent_agency=self.department,
            form_data=dict(ANSWERS),
            contact_phone="0905999888",
            contact_email=f"{of.split()[0]}@example.vn",
            **columns,
        )
        file = DossierComponent(
            dossier=dossier,
            component=Component.objects.get(version=self.version, position=1),
            original_name=f"ho-khau-{of.split()[0]}.pdf",
            kind="pdf",
            size=1,
            pages=1,
            sha256="0" * 64,
            scan_state=ScanState.CLEAN,
            check_state=CheckState.CORRECT,
        )
        file.file.save("component.pdf", ContentFile(pdf()), save=False)
        file.save()
        return dossier

    def _let_wait(self, dossier: Dossier, state: Status) -> None:
        """Let a dossier wait for somebody: what they are asked for is there, and they have time until it is due."""
        at = timezone.now()
        if state == Status.INTAKE_SUPPLEMENT:
            supplements.request(dossier_id=dossier.pk, items=ASKED_FOR, actor=self.actor(ONE_STOP), at=at)
            return
        holder = self.actor(SPECIALIST)
        due_on = working_calendar(self.department.pk).nth_working_day(timezone.localdate(), 2)
        if state == Status.PROCESS_SUPPLEMENT:
            supplements.request(dossier_id=dossier.pk, items=ASKED_FOR, actor=holder, at=at)
        elif state == Status.AWAITING_PAYMENT:
            obligations.notify(
                dossier_id=dossier.pk,
                amount_vnd=60_000,
                basis=BASIS,
                explanation="",
                due_on=due_on,
                actor=holder,
                at=at,
            )
        elif state == Status.VERIFYING:
            verifying(dossier, holder, at=at)
        else:
            question = opinions.Question(
                agency_id=self.elsewhere.pk, text="Có trong quy hoạch không?", due_on=due_on
            )
            opinions.ask(dossier_id=dossier.pk, questions=[question], actor=holder, at=at)

    def _of_kind(self, kind: str) -> Dossier:
        if kind == AT_COUNTER:
            return self._draft(OWNER, channel=Channel.COUNTER)
        at = timezone.now()
        if kind == EARLY_WITHDRAWAL:
            dossier = self._dossier(OWNER, Status.SUBMITTED)
            actor = actor_of_person(self.people[OWNER])
            withdrawals.request(dossier_id=dossier.pk, reason="Nộp nhầm thủ tục.", actor=actor, at=at)
        elif kind == FURTHER:
            dossier = self._dossier(OWNER, Status.SUBMITTED)
            ask_before(dossier, self.officers[ONE_STOP])
            asking, actor = Asking(ASKED_FOR, basis=BASIS), self.actor(ONE_STOP)
            further_supplements.propose(dossier_id=dossier.pk, asking=asking, actor=actor, at=at)
        elif kind == WITH_POST:
            dossier = self._dossier(OWNER, Status.COMPLETED)
            number, actor = "EK123456789VN", self.actor(ONE_STOP)
            returning.hand_to_post(dossier_id=dossier.pk, consignment_no=number, actor=actor, at=at)
        else:
            dossier = self._dossier(OWNER, Status.PROCESS_SUPPLEMENT)
            if kind == UNANSWERED:
                SupplementRequest.objects.filter(dossier=dossier).update(due_at=at - timedelta(minutes=1))
            else:
                answer_all(dossier)
                actor = actor_of_person(self.people[OWNER])
                supplement_answers.hand_in(dossier_id=dossier.pk, actor=actor, at=at)
        dossier.refresh_from_db()
        return dossier

    def actor(self, who: str) -> Actor:
        """Give an officer of one role as the services know them."""
        officer = self.officers[who]
        roles = OfficerRole.objects.filter(officer=officer)
        grants = frozenset(Grant(one.role, one.agency_id) for one in roles)
        return Actor(
            kind=ActorKind.OFFICER,
            display_name=officer.full_name,
            user_id=officer.user_id,
            officer_id=officer.pk,
            grants=grants,
        )

    def _drafted_apology(self, dossier: Dossier) -> None:
        """Let a dossier be due in some days, counted from now, with an apology that waits for the head's click."""
        due_at = timezone.now() + timedelta(days=7)
        Dossier.objects.filter(pk=dossier.pk).update(due_at=due_at, next_due_at=due_at)
        dossier.due_at = dossier.next_due_at = due_at
        Extension.objects.create(
            dossier=dossier,
            reason=LateReason.WORKLOAD,
            explanation="Nội dung xin lỗi",
            old_due_at=due_at,
            new_due_at=due_at + timedelta(days=7),
            is_drafted=True,
            proposed_at=NINE,
        )

    def _withdrawal(self, dossier: Dossier) -> None:
        decided = dossier.status == Status.STOPPED
        Withdrawal.objects.create(
            dossier=dossier,
            reason="Nội dung xin rút",
            requested_by=dossier.submitter,
            requested_at=NINE,
            decided_by=self.officers[LEADER] if decided else None,
            decided_at=NINE if decided else None,
            is_granted=decided or None,
        )

    def _paper(self, dossier: Dossier) -> None:
        event = dossier.events.order_by("seq").first()
        paper = Paper(
            dossier=dossier, event=event, form=Form.ACKNOWLEDGEMENT, state="ready", requested_at=NINE
        )
        paper.file.save("paper.pdf", ContentFile(pdf()), save=False)
        paper.save()

    def _result_draft(self, dossier: Dossier) -> None:
        states = {Status.AWAITING_SIGN_OFF: DraftState.READY, Status.SIGNED: DraftState.SIGNED}
        draft = ResultDraft(
            dossier=dossier,
            result_type=self.version.result_types.get(),
            values={"ho_ten": "Nội dung dự thảo"},
            state=states.get(Status(dossier.status), DraftState.ISSUED),
            revision=1,
            token=codes.new_token(),
            drafted_by=self.officers[SPECIALIST],
        )
        content = pdf()
        draft.draft_file.save("draft.pdf", ContentFile(content), save=False)
        draft.draft_sha256 = hashlib.sha256(content).hexdigest()
        draft.save()

    def _result(self, of: str) -> Result:
        person = self.people.get(of)
        result = Result(
            token=codes.new_token(),
            dossier_code=self.dossiers[of, Status.COMPLETED].reference,
            procedure_code=self.version.procedure.code,
            title="Giấy xác nhận (minh họa)",
            number=f"{len(self.results) + 1}/XN-UBND",
            issuer=self.department,
            signer_name="Lãnh đạo ký (minh họa)",
            owner_person=person,
            owner_organisation=None if person else self.organisation,
            issued_on=NINE.date(),
            sha256=hashlib.sha256(of.encode()).hexdigest(),
        )
        result.file.save("result.pdf", ContentFile(pdf()), save=False)
        result.save()
        return result

    def _notice(self, dossier: Dossier, person: Person) -> Notice:
        """Tell a person of a dossier; the letter about it has failed."""
        notice = Notice.objects.create(
            message_id=dossier.pk,
            person=person,
            topic="dossier.accept",
            dossier=dossier,
            subject=f"Hồ sơ {dossier.reference} đã được tiếp nhận",
            body="Nội dung thông báo",
            created_at=NINE,
        )
        EmailDelivery.objects.create(
            notice=notice,
            address="nguoi-nhan@example.vn",
            state=DeliveryState.FAILED,
            queued_at=NINE,
            next_try_at=NINE,
        )
        return notice

    def name_of(self, who: str) -> str:
        """Give the name that stands in the head of every page for the person who is signed in."""
        someone = self.people.get(who) or self.officers.get(who)
        return someone.full_name if someone else ""

    # Addresses

    def secrets_of(self, of: str, state: str) -> list[str]:
        """Give what a page about a dossier could tell, and what nobody may read who does not see it."""
        if (of, state) not in self._secrets:
            self._secrets[of, state] = self._secrets_of(of, state)
        return self._secrets[of, state]

    def _secrets_of(self, of: str, state: str) -> list[str]:
        dossier, person = self.dossiers[of, state], self.people.get(of)
        owner = [person.full_name, str(person.personal_id_number)] if person else [self.organisation.name]
        handed_in = dossier.components.values_list("original_name", flat=True)
        return [
            *owner,
            *handed_in,
            *filter(None, [dossier.code, dossier.contact_phone, dossier.contact_email]),
            self.ward.name,
            self.department.name,
            self.officers[SPECIALIST].full_name,
            dossier.procedure_version.name,
        ]

    def address(self, name: str, dossier: Dossier, **parts: Any) -> str:
        """Give the address of a page about a dossier, with the ids of what belongs to it; 0 where there is none."""
        if dossier.pk not in self._parts:
            self._parts[dossier.pk] = {
                "tracking_no": dossier.tracking_no,
                "file_id": _first_id(dossier.components),
                "component_id": _first_id(dossier.components),
                "paper_id": _first_id(dossier.papers),
                "page_id": "noi-dung",
                "position": 1,
                "item_id": _first_id(SupplementItem.objects.filter(request__dossier=dossier)),
                "which": "nay",
                "opinion_id": _first_id(dossier.opinions),
            }
        known = self._parts[dossier.pk] | parts
        if name in ("desk:pass_step", "desk:take_step"):  # the steps are laid out when the page is asked for
            known["step_id"] = _first_id(dossier.steps.filter(finished_at=None))
        return reverse(name, kwargs={part: known[part] for part in PARTS.get(name, ("tracking_no",))})


PARTS = {
    "dossiers:file": ("tracking_no", "file_id"),
    "dossiers:paper": ("tracking_no", "paper_id"),
    "dossiers:supplement_answer": ("tracking_no", "item_id"),
    "dossiers:draft_page": ("tracking_no", "page_id"),
    "dossiers:draft_autosave": ("tracking_no", "page_id"),
    "dossiers:draft_upload": ("tracking_no", "position"),
    "dossiers:draft_reuse": ("tracking_no", "position"),
    "dossiers:draft_remove_file": ("tracking_no", "file_id"),
    "desk:paper": ("tracking_no", "paper_id"),
    "desk:paper_again": ("tracking_no", "paper_id"),
    "desk:component": ("tracking_no", "component_id"),
    "desk:check": ("tracking_no", "component_id"),
    "desk:pass_step": ("tracking_no", "step_id"),
    "desk:take_step": ("tracking_no", "step_id"),
    "desk:supplement_file": ("tracking_no", "item_id", "which"),
    "desk:supplement_at_counter_answer": ("tracking_no", "item_id"),
    "desk:remind_opinion": ("tracking_no", "opinion_id"),
    "desk:counter_scan": ("tracking_no", "position"),
    "desk:counter_use_held": ("tracking_no", "position"),
    "desk:counter_remove": ("tracking_no", "file_id"),
}
"""Parts of the addresses that name more than a dossier."""


def ask_before(dossier: Dossier, officer: Officer) -> None:
    """Let the phase of a dossier have had its one request."""
    SupplementRequest.objects.create(
        dossier=dossier,
        phase=supplements.phase_of(dossier),
        state=SupplementState.SETTLED,
        asked_by=officer,
        asked_at=NINE,
        due_at=NINE,
    )


def answer_all(dossier: Dossier) -> None:
    """Let the applicant have answered everything that was asked for."""
    SupplementItem.objects.filter(request__dossier=dossier).update(
        answer_text="Buổi sáng", answered_at=timezone.now()
    )


def again(row: Any) -> Any:
    """Read a row anew, to change it: the world's own objects stay as they are for the tests that follow."""
    return type(row)._default_manager.get(pk=row.pk)


def _first_id(rows: Any) -> int:
    return rows.order_by("pk").values_list("pk", flat=True).first() or 0


_FOOTPRINTS = """
    SELECT (SELECT count(*) FROM dossiers_dossierevent), (SELECT count(*) FROM outbox_message),
           (SELECT count(*) FROM dossiers_dossiercomponent), (SELECT count(*) FROM dossiers_handover),
           (SELECT (count(*), max(updated_at), sum(form_revision))::text FROM dossiers_dossier),
           (SELECT max(updated_at) FROM dossiers_dossiercomponent), (SELECT max(updated_at) FROM dossiers_resultdraft),
           (SELECT max(updated_at) FROM results_vault_result), (SELECT max(updated_at) FROM dossiers_extension),
           (SELECT count(*) FROM notifications_notice WHERE read_at IS NULL),
           (SELECT count(*) FROM notifications_emaildelivery WHERE state = 'failed')
"""


def footprints() -> tuple[Any, ...]:
    """Give what changes when anything is done to a dossier, its files, its result or a notice."""
    with connection.cursor() as cursor:
        cursor.execute(_FOOTPRINTS)
        return cursor.fetchone()
