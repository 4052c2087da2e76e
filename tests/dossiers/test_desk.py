"""The officers' queues: who sees what, in which order, with which words, at which price."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.models import Officer
from agencies.states import Role
from core.actor import Actor
from core.pagination import Page
from core.working_time import TIME_ZONE, Calendar
from dossiers import desk_queues, desk_selectors
from dossiers.desk_selectors import Filters, deadline, spoken
from dossiers.models import Dossier, Extension, RefusalProposal, SupplementRequest
from dossiers.services import intake, processing
from dossiers.states import Status, SupplementPhase, SupplementState
from dossiers.views import desk
from tests.factories import (
    NINE,
    AgencyFactory,
    DossierFactory,
    PersonFactory,
    VersionFactory,
    actor_for,
    officer_actor,
)

pytestmark = pytest.mark.django_db
EVERYBODY = Filters()


def queue(name: str) -> desk_queues.Queue:
    return next(one for one in desk_queues.QUEUES if one.name == name)


def shown(name: str, actor: Actor, *, filters: Filters = EVERYBODY, at: datetime = NINE) -> list[str]:
    page = desk_selectors.page_of(queue(name), actor=actor, filters=filters, at=at)
    return [row.tracking_no for row in page.rows]


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Officer.objects.get(user_id=actor.user_id or 0).user)
    return client


@pytest.mark.parametrize(
    ("name", "status", "role"),
    [
        ("cho-tiep-nhan", Status.SUBMITTED, Role.ONE_STOP_OFFICER),
        ("cho-phan-cong", Status.FORWARDED, Role.SPECIALIST),
        ("cho-phan-cong", Status.FORWARDED, Role.UNIT_LEADER),
        ("cho-ky", Status.AWAITING_SIGN_OFF, Role.SIGNER),
        ("cho-phat-hanh", Status.SIGNED, Role.CLERK),
        ("cho-tra-ket-qua", Status.COMPLETED, Role.ONE_STOP_OFFICER),
        ("cua-co-quan", Status.IN_PROCESS, Role.AGENCY_HEAD),
        ("cho-bo-sung", Status.INTAKE_SUPPLEMENT, Role.ONE_STOP_OFFICER),
        ("cho-bo-sung", Status.PROCESS_SUPPLEMENT, Role.ONE_STOP_OFFICER),
        ("cho-chuyen", Status.ACCEPTED, Role.ONE_STOP_OFFICER),
        ("xin-rut", Status.WITHDRAWAL_REQUESTED, Role.UNIT_LEADER),
        ("cho-nop-tien", Status.AWAITING_PAYMENT, Role.FEE_COLLECTOR),
        ("cho-nop-tien", Status.AWAITING_PAYMENT, Role.ACCOUNTANT),
    ],
)
def test_each_role_sees_its_work_at_its_agency_and_nobody_elses(name, status, role):
    dossier = DossierFactory.create(reach=status)
    elsewhere = officer_actor(AgencyFactory.create(), *Role.values)

    assert shown(name, actor_for(dossier, role)) == [dossier.tracking_no]
    assert shown(name, elsewhere) == []


def test_a_specialist_sees_in_process_only_what_they_hold():
    dossier = DossierFactory.create(reach=Status.FORWARDED)
    holder, colleague = actor_for(dossier, Role.SPECIALIST), actor_for(dossier, Role.SPECIALIST)
    processing.take(dossier_id=dossier.pk, actor=holder, at=NINE)

    assert shown("dang-xu-ly", holder) == [dossier.tracking_no]
    assert shown("dang-xu-ly", colleague) == []


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("dang-xac-minh", Status.VERIFYING),
        ("cho-y-kien", Status.AWAITING_OPINION),
        ("cho-nguoi-nop", Status.PROCESS_SUPPLEMENT),
        ("cho-nguoi-nop", Status.AWAITING_PAYMENT),
    ],
)
def test_a_specialist_sees_where_the_own_dossiers_wait(name, status):
    dossier = DossierFactory.create(reach=status)
    holder, colleague = actor_for(dossier, Role.SPECIALIST), actor_for(dossier, Role.SPECIALIST)
    Dossier.objects.filter(pk=dossier.pk).update(current_handler=holder.officer_id)

    assert (shown(name, holder), shown(name, colleague)) == ([dossier.tracking_no], [])


def test_an_answered_supplement_goes_from_those_who_wait_to_those_to_be_looked_at():
    dossier = DossierFactory.create(reach=Status.PROCESS_SUPPLEMENT)
    officer, asker = (actor_for(dossier, role) for role in (Role.ONE_STOP_OFFICER, Role.SPECIALIST))
    request = SupplementRequest.objects.create(
        dossier=dossier,
        phase=SupplementPhase.PROCESS,
        asked_by_id=asker.officer_id or 0,
        asked_at=NINE,
        due_at=NINE + timedelta(days=3),
    )
    assert (shown("cho-bo-sung", officer), shown("nhan-bo-sung", officer)) == ([dossier.tracking_no], [])

    request.state = SupplementState.ANSWERED
    request.save()

    assert (shown("cho-bo-sung", officer), shown("nhan-bo-sung", officer)) == ([], [dossier.tracking_no])


def test_the_signer_sees_proposed_refusals_and_the_head_proposed_extensions():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    signer, head, asker = (
        actor_for(dossier, role) for role in (Role.SIGNER, Role.AGENCY_HEAD, Role.SPECIALIST)
    )
    assert (shown("de-nghi-tu-choi", signer), shown("de-nghi-gia-han", head)) == ([], [])

    RefusalProposal.objects.create(
        dossier=dossier, reason="not_eligible", proposed_by_id=asker.officer_id or 0, proposed_at=NINE
    )
    Extension.objects.create(
        dossier=dossier,
        reason="workload",
        old_due_at=NINE,
        new_due_at=NINE + timedelta(days=2),
        proposed_by_id=asker.officer_id,
        proposed_at=NINE,
    )

    assert shown("de-nghi-tu-choi", signer) == shown("de-nghi-gia-han", head) == [dossier.tracking_no]


def test_the_leader_decides_withdrawals_at_the_unit_before_acceptance_and_at_the_agency_after():
    unit, agency = AgencyFactory.create(), AgencyFactory.create()
    dossier = DossierFactory.create(received_at_unit=unit, reach=Status.SUBMITTED)
    Dossier.objects.filter(pk=dossier.pk).update(
        status=Status.WITHDRAWAL_REQUESTED, resume_status=Status.SUBMITTED, competent_agency=agency
    )

    assert shown("xin-rut", officer_actor(unit, Role.UNIT_LEADER)) == [dossier.tracking_no]
    assert shown("xin-rut", officer_actor(unit, Role.SPECIALIST)) == []


def test_only_what_is_past_its_limit_stands_among_the_late():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    leader = actor_for(dossier, Role.UNIT_LEADER)
    due = dossier.next_due_at
    assert due is not None

    assert shown("qua-han", leader, at=due) == []
    assert shown("qua-han", leader, at=due + timedelta(minutes=1)) == [dossier.tracking_no]


def test_all_queues_are_counted_in_one_query(django_assert_num_queries):
    everybody = officer_actor(AgencyFactory.create(), *Role.values)

    with django_assert_num_queries(1):
        assert desk_queues.capped_counts(desk_queues.QUEUES, everybody, at=NINE) == {}


def test_tabs_follow_the_roles_and_count_up_to_a_cap():
    dossier = DossierFactory.create(reach=Status.SUBMITTED)
    officer = actor_for(dossier, Role.ONE_STOP_OFFICER)

    queues = desk_queues.queues_of(officer)

    assert [one.name for one in queues] == [
        "cho-tiep-nhan",
        "nhan-bo-sung",
        "cho-bo-sung",
        "cho-chuyen",
        "cho-tra-ket-qua",
    ]
    assert desk_queues.capped_counts(queues, officer, at=NINE) == {"cho-tiep-nhan": 1}
    assert desk_queues.capped_counts([], officer, at=NINE) == {}


def filed(unit, at: datetime, **attributes) -> Dossier:
    from tests.factories import walk

    dossier = DossierFactory.create(received_at_unit=unit, **attributes)
    walk(dossier, Status.SUBMITTED, at=at)
    return dossier


def test_the_most_urgent_stand_first_and_lateness_is_told_in_words():
    unit = AgencyFactory.create()
    fresh = filed(unit, datetime(2026, 3, 3, 10, 0, tzinfo=TIME_ZONE))
    late = filed(unit, datetime(2026, 3, 2, 9, 0, tzinfo=TIME_ZONE))
    near = filed(unit, datetime(2026, 3, 3, 7, 30, tzinfo=TIME_ZONE))
    officer = officer_actor(unit, Role.ONE_STOP_OFFICER)
    at = datetime(2026, 3, 3, 10, 45, tzinfo=TIME_ZONE)

    page = desk_selectors.page_of(queue("cho-tiep-nhan"), actor=officer, filters=EVERYBODY, at=at)

    assert [row.tracking_no for row in page.rows] == [late.tracking_no, near.tracking_no, fresh.tracking_no]
    assert [(row.deadline.text, row.deadline.colour) for row in page.rows] == [
        ("Quá hạn 5 giờ 45 phút", "error"),
        ("Còn 45 phút", "warning"),
        ("Còn 3 giờ 15 phút", "success"),
    ]
    assert shown("cho-tiep-nhan", officer, filters=Filters(late=True), at=at) == [late.tracking_no]


def test_exactly_at_the_due_moment_it_is_not_late():
    calendar, due = Calendar(), datetime(2026, 3, 2, 17, 0, tzinfo=TIME_ZONE)

    assert deadline(due, calendar=calendar, at=due).text == "Còn 0 phút"
    assert deadline(due, calendar=calendar, at=due + timedelta(minutes=1)).colour == "error"
    assert deadline(None, calendar=calendar, at=due) is None


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (timedelta(0), "0 phút"),
        (timedelta(minutes=59, seconds=40), "1 giờ"),
        (timedelta(hours=2, minutes=15), "2 giờ 15 phút"),
        (timedelta(hours=8), "1 ngày làm việc"),
        (timedelta(hours=19, minutes=30), "2 ngày làm việc 3 giờ"),
    ],
)
def test_working_time_is_spoken_in_days_of_eight_hours(work, words):
    assert spoken(work) == words


def test_search_finds_by_the_beginning_of_code_number_or_name_with_or_without_tones():
    unit = AgencyFactory.create()
    person = PersonFactory.create(full_name="Trần Thị Mẫu")
    dossier, other = filed(unit, NINE, owner_person=person), filed(unit, NINE)
    officer = officer_actor(unit, Role.ONE_STOP_OFFICER)

    number = dossier.tracking_no
    for text in [number, number[:12].lower(), "Trần", "trần thị", "Trân Thi", "tran thi", "MAU", "mẫu trần"]:
        found = shown("cho-tiep-nhan", officer, filters=Filters(search=text))
        assert dossier.tracking_no in found, text
    assert shown("cho-tiep-nhan", officer, filters=Filters(search="ị")) == []
    assert shown("cho-tiep-nhan", officer, filters=Filters(search="%")) == []
    by_procedure = Filters(procedure=other.procedure_version.procedure.code)
    assert shown("cho-tiep-nhan", officer, filters=by_procedure) == [other.tracking_no]


def test_pages_of_fifty_go_on_where_the_one_before_ended(monkeypatch):
    monkeypatch.setattr(desk_selectors, "PAGE_SIZE", 2)
    unit, version = AgencyFactory.create(), VersionFactory.create()
    numbers = [filed(unit, NINE, procedure_version=version).tracking_no for _ in range(5)]
    officer = officer_actor(unit, Role.ONE_STOP_OFFICER)
    walked: list[str] = []

    def page_at(*, after: str = "", before: str = "") -> Page[desk_selectors.Row]:
        return desk_selectors.page_of(
            queue("cho-tiep-nhan"), actor=officer, filters=EVERYBODY, at=NINE, after=after, before=before
        )

    page = page_at()
    walked += [row.tracking_no for row in page.rows]
    while page.later:
        page = page_at(after=page.later)
        walked += [row.tracking_no for row in page.rows]

    assert walked == numbers
    assert [row.tracking_no for row in page_at(before=page.earlier).rows] == numbers[2:4]


def test_pages_of_results_to_hand_over_go_on_although_no_clock_runs(monkeypatch):
    monkeypatch.setattr(desk_selectors, "PAGE_SIZE", 2)
    unit, version = AgencyFactory.create(), VersionFactory.create()
    numbers = [
        DossierFactory.create(
            received_at_unit=unit, procedure_version=version, reach=Status.COMPLETED
        ).tracking_no
        for _ in range(3)
    ]
    officer = officer_actor(unit, Role.ONE_STOP_OFFICER)
    waiting = queue("cho-tra-ket-qua")

    first = desk_selectors.page_of(waiting, actor=officer, filters=EVERYBODY, at=NINE)
    rest = desk_selectors.page_of(waiting, actor=officer, filters=EVERYBODY, at=NINE, after=first.later)

    assert [row.tracking_no for row in [*first.rows, *rest.rows]] == numbers
    assert (rest.later, rest.rows[0].deadline) == ("", None)


# Pages


def test_the_desk_opens_at_the_first_queue_of_the_officer():
    dossier = DossierFactory.create(reach=Status.SUBMITTED)
    client = client_of(actor_for(dossier, Role.ONE_STOP_OFFICER))

    answer = client.get(reverse("desk:queue"), follow=True)

    assert answer.redirect_chain == [(reverse("desk:queue_named", args=["cho-tiep-nhan"]), 302)]
    assert dossier.tracking_no in answer.content.decode()
    assert dossier.owner_person.full_name in answer.content.decode()
    assert "<c-" not in answer.content.decode()


def test_names_stand_in_the_lines_as_they_are_written_and_run_nothing():
    unit = AgencyFactory.create()
    filed(unit, NINE, owner_person=PersonFactory.create(full_name="<b>Mẫu</b> {owner} & con"))
    client = client_of(officer_actor(unit, Role.ONE_STOP_OFFICER))

    shown = client.get(reverse("desk:queue_named", args=["cho-tiep-nhan"])).content.decode()

    assert '<td data-label="Chủ hồ sơ">&lt;b&gt;Mẫu&lt;/b&gt; {owner} &amp; con</td>' in shown


def test_a_queue_costs_at_most_eight_queries_however_many_rows_it_has():
    unit, version = AgencyFactory.create(), VersionFactory.create()
    filed(unit, NINE, procedure_version=version)
    client = client_of(officer_actor(unit, Role.ONE_STOP_OFFICER))
    address = reverse("desk:queue_named", args=["cho-tiep-nhan"])
    client.get(address)

    def price() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    one = price()
    for _ in range(12):
        filed(unit, NINE, procedure_version=version)
    assert (price(), one <= 8) == (one, True)


def test_a_whole_code_typed_or_scanned_opens_its_dossier_whatever_the_queue():
    dossier = DossierFactory.create(reach=Status.SUBMITTED)
    officer = actor_for(dossier, Role.ONE_STOP_OFFICER)
    intake.accept(dossier_id=dossier.pk, actor=officer, at=NINE)
    dossier.refresh_from_db()
    client, address = client_of(officer), reverse("desk:queue_named", args=["cho-tiep-nhan"])
    scanned = f"http://portal.example/ho-so/tra-cuu/?ma={dossier.code}"

    code = str(dossier.code)

    for text in (code, code.lower(), dossier.tracking_no, scanned):
        answer = client.get(address, {"q": text})
        assert answer["Location"] == reverse("desk:dossier", args=[dossier.tracking_no])

    stranger = client_of(officer_actor(AgencyFactory.create(), Role.ONE_STOP_OFFICER))
    assert stranger.get(address, {"q": code}).status_code == 200


def test_filters_stand_in_the_address_and_an_empty_list_says_what_to_do(monkeypatch):
    dossier = DossierFactory.create(reach=Status.SUBMITTED)
    client = client_of(actor_for(dossier, Role.ONE_STOP_OFFICER))
    address = reverse("desk:queue_named", args=["cho-tiep-nhan"])

    monkeypatch.setattr(desk, "timezone", SimpleNamespace(now=lambda: NINE))
    late = client.get(address, {"tre": "on"}).content.decode()
    assert "Không có hồ sơ nào khớp" in late
    found = client.get(address, {"q": str(dossier.owner_person), "sau": "nonsense"}).content.decode()
    assert dossier.tracking_no in found


def test_only_officers_with_a_role_in_dossiers_have_a_desk():
    person = PersonFactory.create()
    client = Client()
    assert client.get(reverse("desk:queue")).status_code == 302
    assert person.user
    client.force_login(person.user)
    assert client.get(reverse("desk:queue")).status_code == 403

    administrator = officer_actor(AgencyFactory.create(), Role.SYSTEM_ADMIN)
    assert client_of(administrator).get(reverse("desk:queue")).status_code == 403
