"""What the national portal is told of a status."""

from __future__ import annotations

import pytest

from dossiers.states import NATIONAL_STATUS, Outcome, Status, national_status


def test_every_status_but_a_draft_has_its_code_and_all_ten_are_used():
    assert {status for status in Status if national_status(status) is None} == {Status.DRAFT}
    assert set(NATIONAL_STATUS.values()) == set(range(1, 11))


@pytest.mark.parametrize(
    ("outcome", "code"),
    [(Outcome.GRANTED, 10), (Outcome.REFUSED, 10), (Outcome.WITHDRAWN, 8), (Outcome.LAPSED, 8), ("", 8)],
)
def test_an_archived_dossier_keeps_the_code_with_which_it_was_closed(outcome, code):
    assert national_status(Status.ARCHIVED, outcome=outcome) == code
