"""Numbers of a dossier: the tracking number of a filing and the dossier code given at acceptance (domain: 4.6)."""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from typing import Protocol

import structlog
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

log = structlog.get_logger(__name__)

FIRST_OF_FIVE_DIGITS = 10_000
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is misread on a phone: no 0 O 1 I

LOOK_UP = re.compile(
    r"^(?:(?:\d{3}\.\d{2}\.\d{2}\.[A-Y]\d{2}|[A-Y]\d{2}(?:\.\d{1,3}){0,5})-\d{6}-\d{4,5}|TN-\d{6}-[2-9A-HJ-NP-Z]{6})$"
)
"""Every form of code that a person may look up, old ones included, and tracking numbers."""


def new_tracking_no(*, at: datetime) -> str:
    """Make a number such as TN-260302-8F3K2Q; random, so that it cannot be guessed from another."""
    return f"TN-{timezone.localtime(at):%y%m%d}-{''.join(secrets.choice(ALPHABET) for _ in range(6))}"


class DossierCodeScheme(Protocol):
    """How a code is made. The Ministry of Public Security sets the rule (NĐ 309/2026, art. 12): it may change."""

    def code(self, *, agency_code: str, day: datetime, sequence: int) -> str:
        """Make the code of the unit's dossier number ``sequence`` on the local day of ``day``."""
        ...


class AgencyDaySequence:
    """QĐ 20/2020 form: agency code, acceptance date, sequence of the unit on that day: H17.05-250915-0001."""

    def code(self, *, agency_code: str, day: datetime, sequence: int) -> str:
        return f"{agency_code}-{day:%y%m%d}-{sequence:04d}"


def next_code(*, agency_id: int, agency_code: str, at: datetime, scheme: str = "") -> str:
    """Take the next code of the receiving unit on the local day of ``at``.

    Locks the unit's counter of the day until the transaction ends: take it last. A rolled-back transaction gives
    its number back, so the sequence has no gaps; past 9999 it widens to five digits, and whoever runs the portal is
    told. ``scheme`` names the class that makes codes; the setting DOSSIER_CODE_SCHEME by default.
    """
    day = timezone.localtime(at)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dossiers_codecounter (agency_id, day, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (agency_id, day) DO UPDATE SET last = dossiers_codecounter.last + 1 RETURNING last",
            [agency_id, day.date()],
        )
        sequence = cursor.fetchone()[0]
    if sequence == FIRST_OF_FIVE_DIGITS:
        log.error(
            "dossier codes of a unit have widened to five digits",
            agency_code=agency_code,
            day=f"{day:%Y-%m-%d}",
        )
    maker: DossierCodeScheme = import_string(scheme or settings.DOSSIER_CODE_SCHEME)()
    return maker.code(agency_code=agency_code, day=day, sequence=sequence)


def next_document_number(*, agency_id: int, symbol: str, at: datetime) -> str:
    """Take the next document number of the agency's series of the local year, such as 12/XN-UBND (NĐ 30/2020, art. 15).

    Locks the series until the transaction ends; a rolled-back transaction gives its number back.
    """
    year = timezone.localtime(at).year
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dossiers_documentcounter (agency_id, year, symbol, last) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (agency_id, year, symbol)"
            " DO UPDATE SET last = dossiers_documentcounter.last + 1 RETURNING last",
            [agency_id, year, symbol],
        )
        number = cursor.fetchone()[0]
    return f"{number:02d}/{symbol}" if symbol else f"{number:02d}"
