"""`manage.py check --deploy` finds what must not go into production."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks


def found() -> set[str | None]:
    return {message.id for message in run_checks(tags=["security"], include_deployment_checks=True)}


@pytest.fixture(autouse=True)
def _production(settings):
    settings.DEMO = False
    settings.VNEID_ISSUER = "https://identity.example"
    settings.CLAMD_ADDRESS = "clamd.example:3310"


def test_production_settings_are_not_complained_of():
    assert not {one for one in found() if str(one).startswith("portal.")}


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("DEMO", True, "portal.E001"),
        ("VNEID_ISSUER", "http://identity.example", "portal.E002"),
        ("VNEID_ISSUER", "", "portal.E002"),
        ("CLAMD_ADDRESS", "", "portal.E003"),
    ],
)
def test_a_dangerous_setting_is_named(settings, name, value, complaint):
    setattr(settings, name, value)

    assert complaint in found()
