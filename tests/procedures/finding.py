"""What the tests of the search desk share: a small catalogue, and officers who look after it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.core.management import call_command
from django.test import Client

from agencies.models import OfficerRole
from agencies.states import Role
from core.actor import Actor, ActorKind, Grant
from procedures import life_events
from procedures.models import LifeEvent, LifeEventStep, ProcedureVersion
from tests.factories import LONG_AGO, AgencyFactory, OfficerFactory
from tests.procedures.test_import import file_of, record

KEEPER = Actor(
    kind=ActorKind.OFFICER,
    display_name="Cán bộ kiểm soát (minh họa)",
    officer_id=1,
    grants=frozenset({Grant(Role.PROCEDURE_CONTROL_OFFICER, 1)}),
)
WEDDING, BIRTH, DEATH, HOME, LICENCE, CARD, LAND = (
    "Thủ tục đăng ký kết hôn",
    "Thủ tục đăng ký khai sinh",
    "Thủ tục đăng ký khai tử",
    "Đăng ký thường trú",
    "Cấp lại giấy phép lái xe",
    "Cấp thẻ căn cước cho người dưới 14 tuổi",
    "Cấp Giấy chứng nhận quyền sử dụng đất",
)
IN_THE_TEXT = "Nộp kèm trích đo thửa ruộng bậc thang"
CIVIL, RESIDENCE, ROADS, GROUND = "Hộ tịch", "Cư trú", "Sát hạch", "Đất đai"


def enter_catalogue(folder: Path) -> None:
    """Enter seven procedures of four sectors; birth and residence can be filed here."""
    rows: tuple[dict[str, Any], ...] = (
        record(code="1.000894", name=WEDDING, field=CIVIL, levels=["commune"]),
        record(code="1.001193", name=BIRTH, field=CIVIL, levels=["commune"]),
        record(code="1.000656", name=DEATH, field=CIVIL, levels=["commune"]),
        record(code="1.004222", name=HOME, field=RESIDENCE, levels=["commune"], ministry="Bộ Công an"),
        record(code="3.000348", name=LICENCE, field=ROADS, levels=["province"], ministry="Bộ Công an"),
        record(code="1.014062", name=CARD, field=RESIDENCE, levels=["commune"], ministry="Bộ Công an"),
        record(code="1.012786", name=LAND, field=GROUND, levels=["province"], steps=IN_THE_TEXT),
    )
    call_command("import_procedures", file_of(folder, *rows), report=folder / "report.tsv")
    here = ProcedureVersion.objects.filter(procedure__code__in=["1.001193", "1.004222"])
    here.update(is_fileable=True, online_level="full_online")


def enter_life_events() -> None:
    """Enter the seeds anew: a test with real commits before may have emptied their tables."""
    if not LifeEvent.objects.exists():
        path = Path(life_events.__file__).with_suffix(".yaml")
        for position, seed in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")), start=1):
            steps = seed.pop("steps")
            event = LifeEvent.objects.create(**seed, position=10 * position)
            LifeEventStep.objects.bulk_create(
                LifeEventStep(event=event, position=number, **one) for number, one in enumerate(steps, 1)
            )
    life_events.forget_shown()


def officer(role: str = Role.PROCEDURE_CONTROL_OFFICER) -> Client:
    """Give a browser in which an officer with a role is signed in."""
    made = OfficerFactory.create()
    OfficerRole.objects.create(officer=made, agency=AgencyFactory.create(), role=role, valid_from=LONG_AGO)
    client = Client()
    client.force_login(made.user)
    return client
