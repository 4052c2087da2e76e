"""The code that a dossier gets at acceptance (QĐ 20/2020/QĐ-TTg; NĐ 309/2026, art. 12)."""

from __future__ import annotations

from datetime import datetime

import pytest
from structlog.testing import capture_logs

from dossiers import codes
from dossiers.models import CodeCounter
from tests.factories import NINE, AgencyFactory

pytestmark = pytest.mark.django_db


class Lettered:
    """Another rule for codes, as the ministry may set one."""

    def code(self, *, agency_code: str, day: datetime, sequence: int) -> str:
        return f"{agency_code}/{day:%d%m%y}/{sequence}"


def next_code(agency, **options) -> str:
    return codes.next_code(agency_id=agency.pk, agency_code=agency.code, at=NINE, **options)


def test_after_9999_a_code_has_five_digits_and_whoever_runs_the_portal_is_told_once():
    agency = AgencyFactory.create(code="H17.34.01")
    CodeCounter.objects.create(agency=agency, day=NINE.date(), last=9998)

    with capture_logs() as told:
        given = [next_code(agency) for _ in range(3)]

    assert given == ["H17.34.01-260302-9999", "H17.34.01-260302-10000", "H17.34.01-260302-10001"]
    assert all(codes.LOOK_UP.match(code) for code in given)
    assert [(one["log_level"], one["agency_code"]) for one in told] == [("error", "H17.34.01")]


def test_the_rule_for_codes_is_a_setting(settings):
    settings.DOSSIER_CODE_SCHEME = "tests.dossiers.test_codes.Lettered"

    assert next_code(AgencyFactory.create(code="H17.05")) == "H17.05/020326/1"
    assert next_code(AgencyFactory.create(code="H17.06"), scheme="dossiers.codes.AgencyDaySequence") == (
        "H17.06-260302-0001"
    )
