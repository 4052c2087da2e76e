"""Files of a draft: truly checked, scanned, on the disk before a row names them, replaced, removed, in quarantine."""

from __future__ import annotations

import io

import pytest
from django.core.files.storage import default_storage

from core import scanner
from core.errors import Conflict
from core.scanner import Outcome, Verdict
from core.uploads import UploadRefused
from core.uploads.refusals import Damaged, EmptyFile, TooManyPages, WrongKind
from dossiers.drafts import Draft
from dossiers.models import DossierComponent
from dossiers.services import attachments
from dossiers.services.attachments import Infected
from dossiers.states import ScanState
from tests.dossiers.filing_kit import answers_with, attach, draft, fileable, jpeg, pdf, stored_files
from tests.factories import NINE, actor_of_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]


def test_an_uploaded_file_is_kept_with_what_it_truly_is():
    row = attach(draft(), name="Giấy tờ.PDF", content=pdf(pages=2))

    assert (row.kind, row.pages, row.original_name) == ("pdf", 2, "Giấy tờ.pdf")
    assert row.scan_state == ScanState.CLEAN
    assert default_storage.size(row.file.name) == row.size
    assert "Giấy" not in row.file.name


def test_the_kind_is_told_by_content_and_not_by_name():
    assert attach(draft(), name="anh.pdf", content=jpeg()).kind == "jpg"


@pytest.mark.parametrize(
    ("content", "name", "refusal"),
    [
        (b"", "trong.pdf", EmptyFile),
        (b"MZ\x90\x00" + b"\0" * 200, "giay-to.pdf", WrongKind),
        (pdf()[:80], "cut.pdf", Damaged),
        (pdf(pages=6), "dai.pdf", TooManyPages),
    ],
)
def test_a_bad_file_is_refused_by_name_and_leaves_nothing_behind(content, name, refusal):
    dossier, before = draft(), stored_files()

    with pytest.raises(refusal) as problem:
        attach(dossier, content=content, name=name)

    assert name.removesuffix(".pdf") in str(problem.value)
    assert not dossier.components.exists()
    assert stored_files() == before


def test_an_infected_file_is_refused_and_never_reaches_the_disk(monkeypatch):
    monkeypatch.setattr(scanner, "scan", answers_with(Outcome.INFECTED))
    dossier, before = draft(), stored_files()

    with pytest.raises(Infected) as problem:
        attach(dossier, name="la.pdf")

    assert isinstance(problem.value, UploadRefused)
    assert "la.pdf" in str(problem.value)
    assert (dossier.components.count(), stored_files()) == (0, before)


@pytest.mark.django_db(transaction=True)
def test_a_new_file_takes_the_place_of_the_old_one_which_nobody_has_seen():
    dossier = draft()
    old = attach(dossier)
    new = attach(dossier, content=jpeg(), name="moi.jpg")

    assert list(dossier.components.all()) == [new]
    assert not default_storage.exists(old.file.name)
    assert Draft(dossier, NINE).slots[0].file == new


def test_a_file_for_a_component_of_another_procedure_is_refused_and_taken_back():
    dossier, other, before = draft(), fileable(), stored_files()

    with pytest.raises(Conflict):
        attachments.attach(
            dossier_id=dossier.pk,
            component=other.components.get(position=1),
            upload=io.BytesIO(pdf()),
            name="x.pdf",
            actor=actor_of_person(dossier.submitter),
        )

    assert stored_files() == before


@pytest.mark.django_db(transaction=True)
def test_a_removed_file_is_gone_from_the_disk_and_removing_it_twice_is_no_error():
    dossier = draft()
    row = attach(dossier)
    path, actor = row.file.name, actor_of_person(dossier.submitter)

    for _time in range(2):
        attachments.remove(dossier_id=dossier.pk, file_id=row.pk, actor=actor)

    assert not dossier.components.exists()
    assert not default_storage.exists(path)


def test_without_a_scanner_a_file_waits_in_quarantine_and_blocks_the_filing(monkeypatch):
    monkeypatch.setattr(scanner, "scan", answers_with(Outcome.UNAVAILABLE))
    dossier = draft()
    row = attach(dossier)

    assert row.scan_state == ScanState.PENDING
    assert any("chờ quét" in str(problem.text) for problem in Draft(dossier, NINE).problems)


def test_the_sweep_settles_quarantined_files_and_deletes_the_infected_ones_content(monkeypatch):
    monkeypatch.setattr(scanner, "scan", answers_with(Outcome.UNAVAILABLE))
    dossier = draft()
    good, bad = attach(dossier, position=1), attach(dossier, position=2, content=jpeg(), name="xau.jpg")
    assert attachments.scan_pending() == 0

    def by_content(content, **options):
        infected = content.read(4) != b"%PDF"
        return Verdict(Outcome.INFECTED if infected else Outcome.CLEAN)

    monkeypatch.setattr(scanner, "scan", by_content)
    assert attachments.scan_pending() == 2

    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.scan_state, bad.scan_state) == (ScanState.CLEAN, ScanState.INFECTED)
    assert default_storage.exists(good.file.name)
    assert not default_storage.exists(bad.file.name)
    assert any("mã độc" in str(problem.text) for problem in Draft(dossier, NINE).problems)
    assert DossierComponent.objects.filter(scan_state=ScanState.PENDING).count() == 0


def test_a_file_that_is_gone_does_not_hold_up_the_sweep(monkeypatch):
    monkeypatch.setattr(scanner, "scan", answers_with(Outcome.UNAVAILABLE))
    dossier = draft()
    gone, there = attach(dossier, position=1), attach(dossier, position=2)
    default_storage.delete(gone.file.name)
    monkeypatch.setattr(scanner, "scan", answers_with(Outcome.CLEAN))

    assert attachments.scan_pending() == 1

    there.refresh_from_db()
    assert there.scan_state == ScanState.CLEAN
