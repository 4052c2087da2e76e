"""The pages of trials in Debian's Chromium: accessible, and fitting a telephone."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as portal_settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.states import Role
from core import pdf
from designer import dry_run, rehearsal, trials
from designer.models import Trial
from designer.states import TrialKind, TrialState
from procedures import services
from procedures.models import ProcedureVersion
from procedures.trying.findings import red
from tests.design.conftest import open_page, unhashed_static  # noqa: F401  (fixtures)
from tests.designer.kit import KEEPER
from tests.dossiers.conftest import clean_scanner  # noqa: F401  (fixture)
from tests.dossiers.filing_kit import fileable, ready
from tests.factories import AgencyFactory, OfficerFactory, officer_actor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clean_scanner"),
    pytest.mark.skipif(not pdf.is_available(), reason="pango is not installed"),
]


@pytest.fixture
def session() -> str:
    officer = OfficerFactory.create()
    officer_actor(AgencyFactory.create(), Role.PROCEDURE_CONTROL_OFFICER, officer=officer)
    client = Client()
    client.force_login(officer.user, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies[portal_settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def draft() -> ProcedureVersion:
    version = fileable()
    ready(version=version)
    return services.clone(version_id=version.pk, actor=KEEPER, at=timezone.now())


def trial_of(draft: ProcedureVersion, kind: str, **fields: Any) -> Trial:
    at = timezone.now()
    return Trial.objects.create(
        version=draft, revision=draft.revision, kind=kind, queued_at=at, beaten_at=at, asked_by="x", **fields
    )


@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_is_accessible_and_fits(open_page, live_server, session, draft, width, monkeypatch):  # noqa: F811
    monkeypatch.setattr(dry_run, "ways_of", lambda said: [dry_run.WAYS["supplement_at_intake"]])
    dry = trials.start(version_id=draft.pk, kind=TrialKind.DRY_RUN, actor=KEEPER, at=timezone.now())
    trials.go_on(trial_id=dry.pk, at=timezone.now())
    report = rehearsal.empty()
    rehearsal.add(
        report,
        before=None,
        judged=[rehearsal.Judged("TN-260302-8F3K2Q", {"refused": ["Số bản"], "charged": ["9"]}, 0.4)],
    )
    rehearsed = trial_of(
        draft,
        TrialKind.REHEARSAL,
        state=TrialState.DONE,
        red=2,
        report=report,
        findings=[asdict(one) for one in rehearsal.findings(report)],
    )
    failed = trial_of(draft, TrialKind.LINT, state=TrialState.FAILED, error="RuntimeError: no")
    at_work = trial_of(draft, TrialKind.LINT, state=TrialState.RUNNING, total=4, done=1)
    found = trial_of(
        draft, TrialKind.LINT, state=TrialState.DONE, red=1, findings=[asdict(red("x", "steps", "Sai."))]
    )
    here = [draft.procedure.code, draft.version_no]
    addresses = {
        "all": reverse("designer:trials", args=here),
        **{
            name: reverse("designer:trial", args=[*here, one.pk])
            for name, one in (
                ("dry run", dry),
                ("rehearsal", rehearsed),
                ("failed", failed),
                ("at work", at_work),
                ("found", found),
            )
        },
    }
    said = {}

    with open_page("/", width=width) as (page, complaints):
        page.context.add_cookies(
            [{"name": portal_settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        for name, address in addresses.items():
            page.goto(live_server.url + address)
            page.wait_for_load_state("load")
            for details in page.locator("details.details").all():
                details.evaluate("one => { one.open = true }")
            said[name] = {
                "axe": [
                    (one["id"], one["nodes"][0]["html"][:200])
                    for one in Axe().run(page).response["violations"]
                ],
                "overflow": page.evaluate("document.documentElement.scrollWidth > window.innerWidth"),
                "unrendered": "<c-" in page.content() or "{%" in page.content(),
            }
            if folder := os.environ.get("SCREENSHOTS"):
                page.screenshot(path=Path(folder) / f"trials-{name}-{width}.png", full_page=True)

    assert said == {name: {"axe": [], "overflow": False, "unrendered": False} for name in addresses}
    assert complaints == []
