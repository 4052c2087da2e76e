"""Liên thông: what a bundle asks of its parts when it is filed, how it follows them, who sees which of them."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse

from agencies.states import AgencyKind, Role
from core.errors import InvalidInput
from dossiers import services, steps_page
from dossiers.models import Dossier
from dossiers.services import bundles, filing, intake
from dossiers.states import Action, Outcome, Status
from notifications.wording import of as worded
from outbox import services as outbox
from outbox.models import Message
from procedures.models import Component, ProcedureLink, ProcedureVersion
from procedures.states import CompetentAgencyRule
from tests.dossiers import filing_kit
from tests.dossiers.filing_kit import ANSWERS, fileable
from tests.factories import NINE, AgencyFactory, actor_for, actor_of_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]


def bundle(*, answers: dict[str, str] | None = None, **of_second: Any) -> ProcedureVersion:
    """A procedure of two parts; the second takes these answers and has these fields."""
    parent = fileable(name="Liên thông (minh họa)", short_name="Liên thông")
    every = {name: name for name in ANSWERS}
    for position, fields in enumerate(({}, of_second), start=1):
        name = f"Phần {position}"
        ProcedureLink.objects.create(
            version=parent,
            position=position,
            procedure=fileable(name=name, short_name=name, **fields).procedure,
            answers=every if position == 1 or answers is None else answers,
        )
    return parent


def filed(parent: ProcedureVersion, **answers: object) -> Dossier:
    draft: Any = filing_kit.ready(version=parent)
    draft.form_data |= answers
    draft.save()
    return filing.submit(
        dossier_id=draft.pk, idempotency_key="k", actor=actor_of_person(draft.submitter), at=NINE
    )


def test_what_a_part_requires_is_asked_of_the_parent_and_nothing_is_filed_in_half():
    parent = bundle(answers={"noi_o": "noi_o", "so_ban": "muc_dich"})

    with pytest.raises(InvalidInput) as refusal:
        filed(parent)

    # What the parent's form asks is named as it asks it, the rest by the part's own name.
    assert set(refusal.value.errors) == {"muc_dich"}
    assert all("Phần 2" in text for text in refusal.value.problems)
    dossier = Dossier.objects.get()
    assert (dossier.status, dossier.idempotency_key) == (Status.DRAFT, None)
    assert not Message.objects.exists()


def test_a_paper_that_a_part_requires_is_named_as_the_parents_paper():
    parent = bundle()
    Component.objects.filter(version=parent).update(is_required=False)
    dossier = filing_kit.ready(version=parent)
    dossier.components.all().delete()

    with pytest.raises(InvalidInput) as refusal:
        filing.submit(
            dossier_id=dossier.pk, idempotency_key="k", actor=actor_of_person(dossier.submitter), at=NINE
        )

    assert set(refusal.value.errors) == {"component.1"}
    assert Dossier.objects.count() == 1


def test_the_check_page_says_what_a_part_lacks(client: Client):
    dossier: Any = filing_kit.ready(version=bundle(answers={}))
    client.force_login(dossier.submitter.user, backend="django.contrib.auth.backends.ModelBackend")
    page = reverse("dossiers:check", args=[dossier.tracking_no])
    dossier.refresh_from_db()

    answer = client.post(page, {"key": "k", "revision": dossier.form_revision, "declaration": "on"})

    assert answer.status_code == 409
    assert "Cần cho “Phần 2”" in answer.content.decode()


def test_the_outbox_lets_the_bundle_follow_its_parts():
    parent = filed(bundle())
    first, second = parent.children.order_by("pk")
    officer = actor_for(parent, Role.ONE_STOP_OFFICER)

    first.components.update(check_state="correct")
    intake.accept(dossier_id=first.pk, actor=officer, at=NINE)
    outbox.relay(at=NINE)
    parent.refresh_from_db()
    assert (parent.status, bool(parent.code)) == (Status.FORWARDED, True)

    services.advance(
        dossier_id=second.pk, action=Action.REFUSE_INTAKE, actor=officer, at=NINE, note="Trùng hồ sơ"
    )
    outbox.relay(at=NINE)
    parent.refresh_from_db()
    assert parent.status == Status.FORWARDED
    head = actor_for(first, Role.AGENCY_HEAD)
    services.advance(dossier_id=first.pk, action=Action.STOP, actor=head, at=NINE, note="Đã rút yêu cầu")
    outbox.relay(at=NINE)
    parent.refresh_from_db()
    # Nothing was granted: there is nothing to hand over, and it is done with.
    assert (parent.status, parent.outcome) == (Status.RETURNED, Outcome.REFUSED)


def is_waited_for() -> bool:
    blocked = "NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM pg_locks WHERE {blocked})")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_a_part_is_accepted_while_the_bundle_waits_for_the_counter_that_the_part_holds():
    """Both take a code of the same unit: the bundle's row is locked then, and the part's step looks at it when it ends."""
    parent = filed(bundle())
    parent.children.update(received_at_unit=parent.received_at_unit)
    first, second = parent.children.order_by("pk")
    for child in (first, second):
        child.components.update(check_state="correct")
    intake.accept(dossier_id=first.pk, actor=actor_for(first, Role.ONE_STOP_OFFICER), at=NINE)
    problems: list[Exception] = []

    def follow() -> None:
        try:
            bundles.follow(child_id=first.pk, at=NINE)
        except Exception as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    worker = threading.Thread(target=follow)
    with transaction.atomic():
        intake.accept(dossier_id=second.pk, actor=actor_for(second, Role.ONE_STOP_OFFICER), at=NINE)
        worker.start()
        until = time.monotonic() + 10
        while not is_waited_for():
            assert time.monotonic() < until, "the bundle does not wait for the counter"
            time.sleep(0.02)
    worker.join(10)

    assert problems == []
    parent.refresh_from_db()
    assert parent.status == Status.FORWARDED
    assert len(set(Dossier.objects.values_list("code", flat=True))) == 3


def test_an_officer_is_led_only_to_the_parts_of_a_bundle_that_exist_for_them():
    elsewhere = AgencyFactory.create(kind=AgencyKind.DEPARTMENT)
    parent = filed(bundle(competent_agency_rule=CompetentAgencyRule.FIXED, competent_agency=elsewhere))
    first, second = parent.children.order_by("pk")
    for child in (first, second):
        child.components.update(check_state="correct")
        intake.accept(dossier_id=child.pk, actor=actor_for(parent, Role.ONE_STOP_OFFICER), at=NINE)
    second.refresh_from_db()
    there = actor_for(second, Role.SPECIALIST)
    assert there.agencies_as(Role.SPECIALIST) == {elsewhere.pk}

    assert steps_page.origin(second, actor=there).parent is None
    receiving = steps_page.origin(parent, actor=actor_for(parent, Role.ONE_STOP_OFFICER))
    assert [part.may_open for part in receiving.parts] == [True, True]
    assert [part.may_open for part in steps_page.origin(parent, actor=there).parts] == [False, True]
    own = steps_page.origin(second, actor=actor_of_person(parent.submitter))
    assert own.parent == parent


def test_the_applicant_is_told_when_all_parts_are_done():
    parent = filed(bundle())

    told = worded(topic="dossier.complete_bundle", dossier=parent, at=NINE)

    assert parent.reference in told.subject
    assert "hồ sơ thành phần" in told.body
