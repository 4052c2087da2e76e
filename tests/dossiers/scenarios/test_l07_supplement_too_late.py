"""L07: a supplement asked for on the fourth working day is blocked, unless a special law of the procedure allows it."""

from __future__ import annotations

import pytest

from dossiers.services.supplements import AskedTooLate
from dossiers.states import Status
from tests.dossiers.lists import BASIS, asked, in_march, in_process

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]

ACCEPTED, LAST = in_march(2, 10), in_march(5, 10)  # T38


def test_l07_supplement_too_late():
    dossier, specialist = in_process(at=ACCEPTED)

    with pytest.raises(AskedTooLate) as refusal:
        asked(dossier, by=specialist, at=in_march(5, 10, 1))
    assert "10:00 05/03/2026" in str(refusal.value)
    dossier.refresh_from_db()
    assert dossier.status == Status.IN_PROCESS

    asked(dossier, by=specialist, at=LAST)
    dossier.refresh_from_db()
    assert dossier.status == Status.PROCESS_SUPPLEMENT


def test_l07_a_special_law_allows_it():
    dossier, specialist = in_process(at=ACCEPTED, late_supplement_basis=BASIS)

    request = asked(dossier, by=specialist, at=in_march(6, 10))

    assert request.override_basis == BASIS
