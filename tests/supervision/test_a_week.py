"""A week with a holiday in it: exactly these alerts, at these moments, to these people.

From Friday 20 to Friday 27 November 2026; Tuesday the 24th is Culture Day. Beat works one and 31 minutes past every
hour, so what falls due at 10:30 is told at 10:31. The procedures take three working days (24 hours): half a day to
receive, two to examine, a quarter each to sign and to issue.

A  filed on Friday at 16:00, accepted on Wednesday at 14:00, given to nobody
B  filed and accepted on Monday morning, done on Wednesday
C  accepted on Friday the 20th at 08:00, never finished; on Thursday at 09:00 the leader takes its lateness on
D  accepted on Monday; sent back to the specialist on Thursday at 09:00, so that it cannot be done by Friday 08:00;
   the head sends the apology at 14:00
E  accepted on Monday; a department answers on Thursday what it should have answered by Wednesday 17:00; done at 15:00
F  accepted on Monday; the applicant has until Monday the 30th to hand something in
G  accepted on Monday; the applicant is to pay since 14:00 and pays on Thursday at 16:00
H  accepted on Wednesday the 18th, done on Friday at 10:00, collected on Wednesday
I  accepted on Monday the 16th, never finished
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from agencies.models import Agency, Officer
from agencies.states import AgencyKind, Role
from core.actor import Actor
from core.working_time import TIME_ZONE
from dossiers import services
from dossiers.models import Dossier, Obligation, Opinion, SupplementRequest
from dossiers.services import extensions, intake, processing, steps
from dossiers.states import Action, SupplementPhase
from notifications.models import Notice, OfficerLetter
from supervision.models import Alert
from supervision.services import answering, telling
from supervision.states import AlertKind
from tests.factories import AgencyFactory, DossierFactory, actor_for, officer_actor
from tests.supervision.conftest import Clock, give_address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("official_calendar")]

WEEK = """
Fri 20 07:01  I  overdue                chuyenvien kiemsoat lanhdao thutruong
Fri 20 07:01  I  step_overdue           chuyenvien lanhdao
Fri 20 08:01  H  near_due               chuyenvien lanhdao
Fri 20 08:01  I  overdue_escalated      thutruong
Mon 23 07:31  I  overdue                chuyenvien kiemsoat lanhdao thutruong
Mon 23 07:31  I  step_overdue           chuyenvien lanhdao
Mon 23 08:31  A  not_accepted_soon      motcua
Mon 23 10:01  H  result_not_collected   applicant
Mon 23 10:31  A  not_accepted           kiemsoat lanhdao motcua thutruong
Mon 23 13:01  A  not_accepted           kiemsoat lanhdao motcua thutruong
Mon 23 14:01  A  not_accepted           kiemsoat lanhdao motcua thutruong
Mon 23 15:01  A  not_accepted           kiemsoat lanhdao motcua thutruong
Mon 23 16:01  A  not_accepted_national  ioc kiemsoat lanhdao motcua thutruong
Tue 24 14:01  G  payment_waiting        applicant
Wed 25 07:31  A  not_accepted_national  ioc kiemsoat lanhdao motcua thutruong
Wed 25 07:31  I  overdue                chuyenvien kiemsoat lanhdao thutruong
Wed 25 07:31  I  step_overdue           chuyenvien lanhdao
Wed 25 08:01  C  near_due               chuyenvien lanhdao
Wed 25 08:01  I  overdue_escalated      vanphong
Wed 25 08:31  A  not_accepted_national  ioc kiemsoat lanhdao motcua thutruong
Wed 25 09:31  A  not_accepted_national  ioc kiemsoat lanhdao motcua thutruong
Wed 25 10:31  A  not_accepted_national  ioc kiemsoat lanhdao motcua thutruong
Wed 25 13:01  A  not_accepted_national  ioc kiemsoat lanhdao motcua thutruong
Wed 25 13:01  C  near_due               chuyenvien lanhdao
Wed 25 13:31  C  step_overdue           chuyenvien lanhdao
Wed 25 17:01  E  opinion_overdue        chuyenvien lanhdao so.chuyenvien so.lanhdao
Wed 25 17:01  F  supplement_waiting     applicant
Thu 26 07:31  C  near_due               chuyenvien lanhdao
Thu 26 07:31  C  step_overdue           chuyenvien lanhdao
Thu 26 07:31  E  opinion_overdue        chuyenvien lanhdao so.chuyenvien so.lanhdao
Thu 26 07:31  I  overdue                chuyenvien kiemsoat lanhdao thutruong
Thu 26 07:31  I  step_overdue           chuyenvien lanhdao
Thu 26 08:01  C  overdue                chuyenvien kiemsoat lanhdao thutruong
Thu 26 08:01  D  near_due               chuyenvien lanhdao
Thu 26 08:01  E  near_due               chuyenvien lanhdao
Thu 26 13:01  D  apology_due            chuyenvien thutruong
Thu 26 13:01  D  near_due               chuyenvien lanhdao
Thu 26 13:01  E  near_due               chuyenvien lanhdao
Thu 26 13:31  D  step_overdue           chuyenvien lanhdao
Thu 26 13:31  E  step_overdue           chuyenvien lanhdao
Thu 26 14:01  G  payment_waiting        applicant
Fri 27 07:31  C  step_overdue           chuyenvien lanhdao
Fri 27 07:31  I  overdue                chuyenvien kiemsoat lanhdao thutruong
Fri 27 07:31  I  step_overdue           chuyenvien lanhdao
Fri 27 08:01  C  overdue_escalated      thutruong
Fri 27 08:01  I  overdue_escalated      ioc
Fri 27 14:01  A  near_due               lanhdao
"""
"""When it is told, of which dossier, which kind, to whom."""

MORNINGS = """
Fri 20 07:01  not received 0, not processed 0, near due 0, overdue 1
Mon 23 07:01  not received 1, not processed 0, near due 0, overdue 1
Wed 25 07:01  not received 1, not processed 0, near due 0, overdue 1
Thu 26 07:01  not received 0, not processed 1, near due 1, overdue 1
Fri 27 07:01  not received 0, not processed 1, near due 0, overdue 2
"""
"""What the head reads every working morning."""


def test_a_week_raises_exactly_the_alerts_that_are_written_down(clock: Clock):
    office, log = Office(), Log()
    script = sorted(office.script(), key=lambda scene: scene[0])

    clock.now = november("20 07:01")
    while clock.now <= november("27 18:01"):
        while script and script[0][0] <= clock.now:
            at, play = script.pop(0)
            play(at)
        clock.work()
        if f"{clock.now:%H:%M}" == "07:01":
            telling.write_morning_letters(at=clock.now)
        log.read(office.names, at=clock.now)
        clock.now += timedelta(minutes=30)

    assert log.told == lines(WEEK)
    assert log.mornings == lines(MORNINGS)
    assert not script


Scene = tuple[datetime, Callable[[datetime], object]]


class Office:
    """A ward that receives and decides, a department that is asked, and the city that hears of what goes wrong."""

    def __init__(self) -> None:
        self.ward = AgencyFactory.create()
        self.department = AgencyFactory.create(kind=AgencyKind.DEPARTMENT)
        city = AgencyFactory.create(kind=AgencyKind.CITY)
        self.people = {
            name: self._hire(name, agency, role)
            for name, agency, role in (
                ("motcua", self.ward, Role.ONE_STOP_OFFICER),
                ("chuyenvien", self.ward, Role.SPECIALIST),
                ("chuyenvien.khac", self.ward, Role.SPECIALIST),
                ("lanhdao", self.ward, Role.UNIT_LEADER),
                ("thutruong", self.ward, Role.AGENCY_HEAD),
                ("kiemsoat", self.ward, Role.PROCEDURE_CONTROL_OFFICER),
                ("kyso", self.ward, Role.SIGNER),
                ("so.chuyenvien", self.department, Role.SPECIALIST),
                ("so.lanhdao", self.department, Role.UNIT_LEADER),
                ("so.thutruong", self.department, Role.AGENCY_HEAD),
                ("vanphong", city, Role.PROCEDURE_CONTROL_OFFICER),
                ("ioc", city, Role.IOC_OPERATOR),
                ("quantri", city, Role.SYSTEM_ADMIN),
            )
        }
        self.specialist = Officer.objects.get(user=self.people["chuyenvien"].user_id)
        self.dossiers: dict[str, Dossier] = {
            name: DossierFactory.create(received_at_unit=self.ward) for name in "ABCDEFGHI"
        }

    @property
    def names(self) -> dict[str, str]:
        """Each dossier's story by the number that a letter gives it."""
        found: dict[str, str] = {}
        for name, dossier in self.dossiers.items():
            dossier.refresh_from_db()
            found |= {dossier.tracking_no: name, dossier.reference: name}
        return found

    def _hire(self, name: str, agency: Agency, role: Role) -> Actor:
        actor = officer_actor(agency, role)
        give_address(actor, f"{name}@danang.example")
        return actor

    # The scenes

    def script(self) -> list[Scene]:
        return [
            *self._accepted("I", "16 08:00"),
            *self._accepted("H", "18 08:00"),
            *self._accepted("C", "20 08:00"),
            *self._done("H", "20 09:00", "20 09:30", "20 10:00"),
            self._filed("A", "20 16:00"),
            *(scene for name in "BDEFG" for scene in self._accepted(name, "23 08:00")),
            (november("23 09:00"), self._ask_for_supplement),
            (november("23 10:00"), self._ask_opinion),
            (november("23 14:00"), self._ask_for_payment),
            (november("25 09:00"), self._moves("H", Action.HAND_OVER, Role.ONE_STOP_OFFICER)),
            *self._done("B", "25 09:00", "25 09:30", "25 10:00"),
            (november("25 14:00"), self._accept("A")),
            (november("26 09:00"), self._take_on),
            (november("26 09:00"), self._send_back),
            (november("26 09:00"), self._answer),
            (november("26 14:00"), self._apologise),
            *self._done("E", "26 14:00", "26 14:30", "26 15:00"),
            (november("26 16:00"), self._pay),
        ]

    def _filed(self, name: str, when: str) -> Scene:
        def file(at: datetime) -> None:
            dossier = self.dossiers[name]
            who = actor_for(dossier, "applicant")
            services.advance(dossier_id=dossier.pk, action=Action.SUBMIT, actor=who, at=at)

        return november(when), file

    def _accepted(self, name: str, when: str) -> list[Scene]:
        """Filed, accepted and given to the specialist within a minute."""
        at = november(when)
        return [self._filed(name, when), (at, self._accept(name)), (at, self._assign(name))]

    def _accept(self, name: str) -> Callable[[datetime], object]:
        return lambda at: intake.accept(dossier_id=self.dossiers[name].pk, actor=self.people["motcua"], at=at)

    def _assign(self, name: str) -> Callable[[datetime], object]:
        return lambda at: processing.take(
            dossier_id=self.dossiers[name].pk, actor=self.people["chuyenvien"], at=at
        )

    def _done(self, name: str, submitted: str, signed: str, issued: str) -> list[Scene]:
        return [
            (november(submitted), self._moves(name, Action.SUBMIT_FOR_SIGNATURE, Role.SPECIALIST)),
            (november(signed), self._moves(name, Action.SIGN, Role.SIGNER)),
            (november(issued), self._moves(name, Action.ISSUE, Role.CLERK)),
        ]

    def _moves(self, name: str, action: Action, role: Role) -> Callable[[datetime], object]:
        def move(at: datetime) -> None:
            dossier = self.dossiers[name]
            dossier.refresh_from_db()
            who = actor_for(dossier, role)
            services.advance(dossier_id=dossier.pk, action=action, actor=who, at=at, note="Lý do")

        return move

    def _ask_for_supplement(self, at: datetime) -> None:
        SupplementRequest.objects.create(
            dossier=self.dossiers["F"],
            phase=SupplementPhase.PROCESS,
            asked_by=self.specialist,
            asked_at=at,
            due_at=november("30 17:00"),
        )
        self._moves("F", Action.REQUEST_SUPPLEMENT, Role.SPECIALIST)(at)

    def _ask_opinion(self, at: datetime) -> None:
        self.opinion = Opinion.objects.create(
            dossier=self.dossiers["E"],
            agency=self.department,
            question="Thửa đất có tranh chấp không?",
            asked_by=self.specialist,
            asked_at=at,
            due_at=november("25 17:00"),
        )
        self._moves("E", Action.ASK_OPINION, Role.SPECIALIST)(at)

    def _answer(self, at: datetime) -> None:
        self.opinion.answered_at = at
        self.opinion.save()
        self._moves("E", Action.RECEIVE_OPINION, Role.SPECIALIST)(at)

    def _ask_for_payment(self, at: datetime) -> None:
        self.obligation = Obligation.objects.create(
            dossier=self.dossiers["G"],
            amount_vnd=60_000,
            basis="Nghị quyết về phí, lệ phí (minh họa)",
            due_at=november("30 17:00"),
            notified_at=at,
        )
        self._moves("G", Action.NOTIFY_OBLIGATION, Role.SPECIALIST)(at)

    def _pay(self, at: datetime) -> None:
        self.obligation.confirmed_at = at
        self.obligation.save()
        self._moves("G", Action.CONFIRM_PAYMENT, Role.FEE_COLLECTOR)(at)

    def _take_on(self, at: datetime) -> None:
        late = Alert.objects.get(dossier=self.dossiers["C"], kind=AlertKind.OVERDUE)
        answering.acknowledge(alert_ids=[late.pk], actor=self.people["lanhdao"], at=at)

    def _send_back(self, at: datetime) -> None:
        by = self.specialist.pk
        steps.send_back(self.dossiers["D"], to_role=Role.SPECIALIST, officer_id=by, by_id=by, at=at)
        self._moves("D", Action.RETURN_STEP, Role.UNIT_LEADER)(at)

    def _apologise(self, at: datetime) -> None:
        extensions.approve(dossier_id=self.dossiers["D"].pk, actor=self.people["thutruong"], at=at)


class Log:
    """What people have read so far: letters of officers, notices of applicants."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.mornings: list[str] = []
        self._letters = self._notices = 0

    def read(self, names: dict[str, str], *, at: datetime) -> None:
        """Read what is new since the last time."""
        when = f"{at:%a %d %H:%M}"
        told: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for letter in OfficerLetter.objects.filter(pk__gt=self._letters).select_related("officer__user"):
            self._letters = max(self._letters, letter.pk)
            who = letter.officer.user.email.partition("@")[0]
            if letter.key.startswith("morning"):
                self.mornings.append(f"{when} {_counts(letter.body)}")
                continue
            for label, code in re.findall(r"^- ([^:\n]+): ([^,\n]+),", letter.body, re.MULTILINE):
                told[names[code], KINDS[label]].append(who)
        for notice in Notice.objects.filter(pk__gt=self._notices).select_related("dossier"):
            self._notices = max(self._notices, notice.pk)
            if notice.topic.startswith("alert."):
                told[names[notice.dossier.tracking_no], notice.topic.partition(".")[2]].append("applicant")
        self.told += [
            f"{when} {name} {kind} {' '.join(sorted(who))}" for (name, kind), who in sorted(told.items())
        ]


KINDS = {str(kind.label): kind.value for kind in AlertKind}


def _counts(body: str) -> str:
    numbers = re.findall(r": (\d+)$", body, re.MULTILINE)
    titles = ("not received", "not processed", "near due", "overdue")
    return ", ".join(f"{title} {number}" for title, number in zip(titles, numbers, strict=True))


def november(text: str) -> datetime:
    return datetime.strptime(f"2026-11-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=TIME_ZONE)


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.strip().splitlines()]
