"""A dry run goes every way through a draft, finds what only walking finds, and leaves nothing behind."""

from __future__ import annotations

import pytest

from tests.designer.kit import dry, good, played, rules
from tests.factories import AgencyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]


def test_a_good_service_is_walked_to_its_end_on_every_way() -> None:
    AgencyFactory.create()
    for outcome in played(good(), "granted"):
        print(outcome.way, outcome.applicant, round(outcome.seconds,1), [f for f in outcome.findings], [ (l["what"], l["ok"], l["text"]) for l in outcome.lines if not l["ok"]])
        print([p["form"] for p in outcome.papers], list(outcome.files), len(outcome.messages))
    assert 0
