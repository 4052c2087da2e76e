"""Whose papers were looked at: kept with kind, officer and moment, without a copy, and told wherever it counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import models

from core.errors import InvalidInput
from dossiers import papers
from dossiers.models import IdentityCheck, Paper
from dossiers.services import counter, drafting
from dossiers.services.counter import WalkIn
from dossiers.states import FilingMode, Form, IdPaper
from tests.dossiers.desk import hand_in as handed_in
from tests.dossiers.scenarios.test_l21_counter import VISITOR, typed_in
from tests.dossiers.test_desk_pages import client_of, to
from tests.factories import NINE, AgencyFactory, VersionFactory, officer_actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]


def test_a_counter_filing_keeps_who_saw_which_paper_of_whom_and_when():
    draft, officer = typed_in(at=NINE)

    seen = draft.identity_checks.get()

    assert (seen.visitor_name, seen.paper, seen.by_agent) == (VISITOR.full_name, IdPaper.ID_CARD, False)
    assert (seen.seen_by_id, seen.agency, seen.seen_at) == (officer.officer_id, draft.received_at_unit, NINE)
    assert seen.supplement is None


def test_neither_a_copy_nor_a_number_of_the_paper_is_kept():
    kept = [type(field) for field in IdentityCheck._meta.get_fields()]

    assert not {models.FileField, models.ImageField, models.BinaryField} & set(kept)
    draft, _officer = typed_in(at=NINE)
    row = IdentityCheck.objects.filter(dossier=draft).values().get()
    assert VISITOR.number not in str(row)


def test_what_the_postal_agent_saw_is_told_as_theirs():
    unit, version = AgencyFactory.create(), VersionFactory.create()
    officer = officer_actor(unit, "one_stop_officer")

    draft = counter.start(
        version_id=version.pk,
        walk_in=VISITOR,
        unit_id=unit.pk,
        filing_mode=FilingMode.POSTAL_AGENT,
        filed_at=NINE - timedelta(hours=3),
        actor=officer,
        at=NINE,
    )

    assert draft.identity_checks.get().by_agent


def test_a_paper_that_proves_nobody_is_refused():
    unit, version = AgencyFactory.create(), VersionFactory.create()
    officer = officer_actor(unit, "one_stop_officer")

    for paper in ("", "bang_lai_xe"):
        walk_in = WalkIn(VISITOR.number, VISITOR.full_name, paper=paper)
        with pytest.raises(InvalidInput) as refusal:
            counter.start(version_id=version.pk, walk_in=walk_in, unit_id=unit.pk, actor=officer, at=NINE)
        assert list(refusal.value.errors) == ["paper"]
    assert not IdentityCheck.objects.exists()


def test_history_page_receipt_and_control_sheet_tell_of_it():
    draft, officer = typed_in(at=NINE)
    dossier = counter.accept(dossier_id=draft.pk, actor=officer, at=NINE + timedelta(minutes=10))

    event = dossier.events.latest("seq")
    assert event.data["identity"]["paper"] == IdPaper.ID_CARD
    assert event.data["identity"]["seen_by"] == officer.display_name
    page = client_of(officer).get(to("dossier", dossier)).content.decode()
    assert "Đến nộp hồ sơ" in page
    assert f"{officer.display_name} đã đối chiếu Thẻ căn cước, căn cước công dân lúc 09:00 02/03/2026" in page
    for form in (Form.RECEIPT, Form.CONTROL_SHEET):
        body = papers.compose(Paper(dossier=dossier, event=event, form=form)).body
        assert f"{VISITOR.full_name}: đã đối chiếu Thẻ căn cước, căn cước công dân" in body, form
        assert VISITOR.number not in body


def test_where_nothing_was_noted_nothing_is_told():
    draft, officer = typed_in(at=NINE)
    draft.identity_checks.all().delete()
    dossier = counter.accept(dossier_id=draft.pk, actor=officer, at=NINE)

    event = dossier.events.latest("seq")
    assert "identity" not in event.data
    body = papers.compose(Paper(dossier=dossier, event=event, form=Form.RECEIPT)).body
    assert "Giấy tờ tùy thân:" not in body


def test_a_draft_that_nobody_accepts_is_deleted_with_what_was_seen():
    draft, _officer = typed_in(at=NINE)
    handed_in(draft)
    type(draft).objects.filter(pk=draft.pk).update(updated_at=NINE)

    drafting.delete_stale(at=NINE + timedelta(days=91))

    assert not IdentityCheck.objects.exists()
