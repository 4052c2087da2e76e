"""Procedures, people, officers and their sessions for the portal under test.

    python -m bench.seeds.portal FILE

FILE receives what loads need to know as JSON (`bench.ground.People`). Runs in the portal's own environment, and is the
only module of the benchmarks that knows its tables by their models.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "danang_portal.settings")
django.setup()

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.utils import timezone

from accounts import sessions
from accounts.models import User
from agencies.models import Agency, Officer, OfficerRole
from agencies.states import COMMUNE_KINDS, Role
from bench.seeds import procedure
from bench.seeds.applicants import personal_number
from citizens.models import Person
from citizens.states import EidLevel
from core import crypto
from core.vietnamese import sort_key
from procedures.models import (
    Component,
    Procedure,
    ProcedureVersion,
    SubmissionChannel,
    WorkflowStep,
)
from procedures.states import (
    Channel,
    CompetentAgencyRule,
    DurationUnit,
    OnlineLevel,
    StepKind,
    VersionStatus,
)

PROCEDURES = 100
PEOPLE = 5_000
FILERS = 64
"""People with a session: more than the most clients of a load."""

SURNAMES = ["Nguyễn"] * 38 + ["Trần"] * 12 + ["Lê"] * 10 + ["Phạm", "Huỳnh", "Võ", "Đặng", "Bùi"] * 8
MIDDLE_NAMES = ["Văn", "Thị", "Hữu", "Ngọc", "Minh", "Thanh"]
GIVEN_NAMES = ["An", "Bình", "Châu", "Dũng", "Giang", "Hà", "Khánh", "Lan", "Nam", "Phúc", "Quân", "Trang"]

SIX_HOURS_S = 6 * 3600
BACKEND = settings.AUTHENTICATION_BACKENDS[0]


@transaction.atomic
def seed() -> dict[str, Any]:
    """Make everything once; give sessions and codes."""
    chance = random.Random(20260302)
    units = list(Agency.objects.filter(kind__in=COMMUNE_KINDS).order_by("code"))
    _make_procedures()
    filers = _make_people(chance)
    desk = _make_officer("bench.motcua", units[0], Role.ONE_STOP_OFFICER)
    _make_officer("bench.chuyenvien", units[0], Role.SPECIALIST)
    leader = _make_officer("bench.lanhdao", units[0], Role.UNIT_LEADER, Role.SIGNER)
    return {
        "filers": [_session(user, officer=False) for user in filers],
        "one_stop_officer": _session(desk, officer=True),
        "leader": _session(leader, officer=True),
        "units": [unit.code for unit in units],
        "session_cookie": settings.SESSION_COOKIE_NAME,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
    }


def _make_procedures() -> None:
    """Make the procedure that is filed and, for the officers' filter, as many others as an agency may offer."""
    steps = [
        ("Tiếp nhận, chuyển hồ sơ", StepKind.RECEIVE, Role.ONE_STOP_OFFICER, "0.5"),
        ("Thẩm định", StepKind.EXAMINE, Role.SPECIALIST, "2"),
        ("Ký", StepKind.SIGN, Role.SIGNER, "0.25"),
        ("Cấp số, phát hành", StepKind.ISSUE, Role.CLERK, "0.25"),
    ]
    first = int(procedure.CODE.partition(".")[2])
    for number in range(PROCEDURES):
        owner = Procedure.objects.create(code=f"9.{first + number:06d}")
        name = f"Thủ tục minh họa số {number + 1:03d} để đo tốc độ"
        version = ProcedureVersion.objects.create(
            procedure=owner,
            status=VersionStatus.PUBLISHED,
            name=name,
            name_sort=sort_key(name),
            short_name=name,
            is_fileable=True,
            online_level=OnlineLevel.FULL_ONLINE,
            competent_agency_rule=CompetentAgencyRule.COMMUNE_OF_CHOICE,
            eform=procedure.EFORM,
        )
        owner.current_version = version
        owner.save()
        SubmissionChannel.objects.create(
            version=version,
            position=1,
            channel=Channel.ONLINE,
            duration_value=Decimal(3),
            duration_unit=DurationUnit.WORKING_DAY,
        )
        Component.objects.create(
            version=version,
            position=procedure.UPLOAD_POSITION,
            name="Giấy tờ chứng minh",
            is_upload=True,
            is_required=True,
        )
        WorkflowStep.objects.bulk_create(
            WorkflowStep(
                version=version,
                position=position,
                name=title,
                kind=kind,
                role=role,
                duration_value=Decimal(days),
            )
            for position, (title, kind, role, days) in enumerate(steps, start=1)
        )


def _make_people(chance: random.Random) -> list[User]:
    """Make applicants of level 2; the first ones have an account."""
    users = User.objects.bulk_create(User(username=f"bench-{at}", password="!") for at in range(FILERS))
    rows = []
    for at in range(PEOPLE):
        name = " ".join(chance.choice(names) for names in (SURNAMES, MIDDLE_NAMES, GIVEN_NAMES))
        number = personal_number(at)
        rows.append(
            Person(
                user=users[at] if at < FILERS else None,
                full_name=name,
                full_name_sort=sort_key(name),
                personal_id_number=number,
                personal_id_digest=crypto.digest(number),
                eid_level=EidLevel.LEVEL_2,
                address=procedure.ANSWERS["noi_o"],
                phone="0905123456",
                email=f"nguoi.dan.{at}@example.vn",
            )
        )
    Person.objects.bulk_create(rows, batch_size=1000)
    return users


def _make_officer(login: str, unit: Agency, *roles: Role) -> User:
    user = User.objects.create(username=login, password="!")
    officer = Officer.objects.create(user=user, full_name=f"Cán bộ đo tốc độ {login} (minh họa)")
    for role in roles:
        OfficerRole.objects.create(officer=officer, agency=unit, role=role, valid_from=timezone.now())
    return user


def _session(user: User, *, officer: bool) -> str:
    """Sign somebody in as the login views would, for longer than any run lasts; give the cookie's value."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[sessions.AS_OFFICER] = officer
    session[sessions.IDLE_S] = SIX_HOURS_S
    session[sessions.SEEN_AT] = int(time.time())
    session.create()
    return str(session.session_key)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(seed()))
