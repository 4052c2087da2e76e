"""Trials are kept with how far they have come; they leave nothing behind, stop nobody, and survive their worker."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone

from agencies.models import Agency
from core import pdf
from core.actor import Actor, ActorKind
from core.errors import NotAllowed
from designer import dry_run, tasks, trials
from designer.models import Trial
from designer.states import TrialKind, TrialState
from dossiers import codes
from dossiers.models import CodeCounter, DocumentCounter
from outbox.models import Message
from procedures import services
from procedures.models import ProcedureVersion
from tests.designer.kit import KEEPER, draft_of, good
from tests.dossiers.conftest import clean_scanner  # noqa: F401  (fixture)
from tests.factories import AgencyFactory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clean_scanner"),
    pytest.mark.skipif(not pdf.is_available(), reason="pango is not installed"),
]

SHORT = ("refused_at_intake", "supplement_at_intake")


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dry run of two plays."""
    monkeypatch.setattr(dry_run, "ways_of", lambda said: [dry_run.WAYS[key] for key in SHORT])


@pytest.fixture
def files(tmp_path: Path, settings: Any) -> Callable[[], set[str]]:
    """The files of the portal, which begin empty."""
    settings.MEDIA_ROOT = tmp_path

    def found() -> set[str]:
        return {str(one.relative_to(tmp_path)) for one in tmp_path.rglob("*") if one.is_file()}

    return found


@pytest.fixture
def draft() -> ProcedureVersion:
    AgencyFactory.create()
    return draft_of(good())


def asked(draft: ProcedureVersion, kind: str = TrialKind.DRY_RUN) -> Trial:
    return trials.start(version_id=draft.pk, kind=kind, actor=KEEPER, at=timezone.now())


def to_the_end(trial: Trial) -> Trial:
    while trials.go_on(trial_id=trial.pk, at=timezone.now()):
        pass
    trial.refresh_from_db()
    return trial


def together(*works: Callable[[], Any]) -> None:
    """Do several things at the same time, each on a connection of its own."""

    def alone(work: Callable[[], Any]) -> None:
        try:
            work()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=alone, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)


def rows() -> dict[str, int]:
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models(include_auto_created=True)
        if model is not Trial
    }


@pytest.mark.usefixtures("short")
def test_a_trial_tells_how_far_it_is_and_keeps_what_it_found(
    draft: ProcedureVersion, files: Callable[[], set[str]]
) -> None:
    trial = asked(draft)
    assert (trial.state, trial.percent, trial.is_finished) == (TrialState.QUEUED, 0, False)
    assert asked(draft).pk == trial.pk

    to_the_end(trial)

    assert (trial.state, trial.done, trial.total, trial.percent) == (TrialState.DONE, 2, 2, 100)
    assert {one["rule"] for one in trial.findings} == {"nobody_holds_role", "no_seal"}
    assert trial.is_green
    assert [play["way"] for play in trial.report["plays"]] == list(SHORT)
    assert [[line["what"], line["ok"]] for line in trial.report["plays"][0]["lines"]][-1] == [
        "Từ chối tiếp nhận",
        True,
    ]
    assert ["Diện tích (m²)", "1"] in trial.report["applicants"][0]
    kept = trials.previews(trial)
    assert set(kept.values()) == files()
    assert "0-refusal_notice.pdf" in kept
    assert trials.latest(draft) == {TrialKind.DRY_RUN: trial}


def test_nothing_is_left_behind(draft: ProcedureVersion, files: Callable[[], set[str]]) -> None:
    trial = asked(draft)
    before, outbox_before = rows(), Message.objects.count()

    to_the_end(trial)

    assert trial.is_green
    assert rows() == before
    assert Message.objects.count() == outbox_before
    assert (CodeCounter.objects.count(), DocumentCounter.objects.count()) == (0, 0)
    assert {name.split("/")[0] for name in files()} == {"trials"}
    trials.forget_old(at=timezone.now() + timedelta(days=100))
    assert Trial.objects.filter(pk=trial.pk).exists()  # the draft is still worked on
    services.discard(version_id=draft.pk, actor=KEEPER, at=timezone.now())
    assert trials.forget_old(at=timezone.now() + timedelta(days=100)) == 1
    assert files() == set()


@pytest.mark.usefixtures("short", "files")
def test_nobody_waits_for_a_dry_run(draft: ProcedureVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    in_the_middle, go_on = threading.Event(), threading.Event()
    walk = dry_run.WAYS["refused_at_intake"].walk

    def stops_at_the_end(play: Any) -> None:
        walk(play)
        in_the_middle.set()
        go_on.wait(20)

    halting = dry_run.ways.Way("refused_at_intake", "x", stops_at_the_end)  # type: ignore[arg-type]
    monkeypatch.setitem(dry_run.WAYS, "refused_at_intake", halting)
    agency = Agency.objects.get()
    trial = asked(draft)
    worker = threading.Thread(target=together, args=[partial(to_the_end, trial)])
    worker.start()
    assert in_the_middle.wait(30)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '500ms'")
            said = trials.said_by(draft, revision=0)
            services.save(version_id=draft.pk, document=said, revision=0, actor=KEEPER, at=timezone.now())
            codes.next_code(agency_id=agency.pk, agency_code=agency.code, at=timezone.now())
            codes.next_document_number(agency_id=agency.pk, symbol="GP-UBND", at=timezone.now())
            Agency.objects.filter(pk=agency.pk).update(phone="1022")
    finally:
        go_on.set()
        worker.join(60)
    assert Trial.objects.get(pk=trial.pk).state == TrialState.DONE


@pytest.mark.usefixtures("short", "files")
def test_two_trials_run_at_once(draft: ProcedureVersion) -> None:
    other = draft_of({**good(), "code": "8.000002", "name": "Việc khác (minh họa)"})
    both = [asked(draft), asked(other)]
    before = rows()

    together(*(partial(to_the_end, one) for one in both))

    ended = Trial.objects.order_by("pk")
    assert [(one.state, one.red) for one in ended] == [(TrialState.DONE, 0)] * 2
    assert rows() == before


@pytest.mark.usefixtures("short", "files")
def test_two_workers_at_one_trial_do_it_once(draft: ProcedureVersion) -> None:
    trial = asked(draft)

    together(*[lambda: trials.go_on(trial_id=trial.pk, at=timezone.now())] * 2)

    trial.refresh_from_db()
    assert (trial.state, trial.done, len(trial.report["plays"])) == (TrialState.DONE, 2, 2)


@pytest.mark.usefixtures("short")
def test_another_worker_goes_on_where_one_was_killed(
    draft: ProcedureVersion, files: Callable[[], set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    trial = asked(draft)
    before = rows()
    walk = dry_run.WAYS["supplement_at_intake"].walk

    def killed(play: Any) -> None:
        walk(play)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    dying = dry_run.ways.Way("supplement_at_intake", "x", killed)  # type: ignore[arg-type]
    with monkeypatch.context() as patch:
        patch.setitem(dry_run.WAYS, "supplement_at_intake", dying)
        with pytest.raises(OperationalError):
            trials.go_on(trial_id=trial.pk, at=timezone.now())
        connection.close()
    trial.refresh_from_db()
    assert (trial.state, trial.done) == (TrialState.RUNNING, 1)
    assert rows() == before
    later = timezone.now() + trials.FORGOTTEN_AFTER + timedelta(seconds=1)
    assert not trials.go_on(trial_id=trial.pk, at=timezone.now())
    assert trials.forgotten(at=timezone.now()) == []
    assert trials.forgotten(at=later) == [trial.pk]

    trials.go_on(trial_id=trial.pk, at=later)

    trial.refresh_from_db()
    assert (trial.state, trial.done, trial.red) == (TrialState.DONE, 2, 0)
    assert [play["way"] for play in trial.report["plays"]] == list(SHORT)
    assert set(trials.previews(trial).values()) == files()


@pytest.mark.usefixtures("short", "files")
def test_a_long_trial_is_done_in_parts(draft: ProcedureVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "PART_S", 0.0)
    again: list[int] = []
    monkeypatch.setattr(
        tasks.go_on, "apply_async", lambda *, kwargs, **options: again.append(kwargs["trial_id"])
    )
    trial = asked(draft)

    tasks.go_on(trial_id=trial.pk)

    trial.refresh_from_db()
    assert (trial.state, trial.done, again) == (TrialState.QUEUED, 1, [trial.pk])
    tasks.go_on(trial_id=trial.pk)
    trial.refresh_from_db()
    assert (trial.state, trial.done, again) == (TrialState.DONE, 2, [trial.pk])


@pytest.mark.usefixtures("short", "files")
def test_a_trial_that_breaks_says_so_and_can_be_asked_for_again(
    draft: ProcedureVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: Any, **more: Any) -> None:
        raise RuntimeError("no")

    trial = asked(draft)
    with monkeypatch.context() as patch:
        patch.setattr(dry_run, "perform", broken)
        to_the_end(trial)

    assert (trial.state, trial.error) == (TrialState.FAILED, "RuntimeError: no")
    again = to_the_end(asked(draft))
    assert again.pk != trial.pk
    assert again.state == TrialState.DONE


def test_a_lint_is_done_at_once_and_only_for_who_looks_after_the_catalogue(draft: ProcedureVersion) -> None:
    trial = asked(draft, TrialKind.LINT)

    assert (trial.state, trial.red) == (TrialState.DONE, 0)
    with pytest.raises(NotAllowed):
        trials.start(
            version_id=draft.pk,
            kind=TrialKind.LINT,
            actor=Actor(kind=ActorKind.PERSON, person_id=1),
            at=timezone.now(),
        )


def test_a_trial_is_of_the_revision_that_was_asked_for(draft: ProcedureVersion) -> None:
    asked(draft, TrialKind.LINT)
    said = trials.said_by(draft, revision=0)
    changed = services.save(
        version_id=draft.pk,
        document={**said, "name": "Tên mới"},
        revision=0,
        actor=KEEPER,
        at=timezone.now(),
    )

    assert trials.latest(changed) == {}
    assert trials.said_by(changed, revision=0)["name"] == said["name"]
