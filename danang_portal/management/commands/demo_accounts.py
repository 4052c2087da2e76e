"""Print the demonstration accounts: who to play, where to sign in and with what."""

from __future__ import annotations

import json
import textwrap
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from agencies import demo as agencies_demo
from agencies.models import Agency

# Data of the VNeID stand-in, which shares no code with the portal.
PERSONAS_FILE = Path(settings.BASE_DIR) / "simulators" / "vneid" / "personas.json"
WIDTHS = {"person": 44, "login": 22, "password": 18, "can": 60}
HEADINGS = {"person": "AI", "login": "ĐĂNG NHẬP", "password": "MẬT KHẨU", "can": "LÀM ĐƯỢC GÌ"}


@dataclass(frozen=True, slots=True)
class Account:
    """One line of the table. ``password`` may be the passcode of a VNeID persona."""

    person: str
    role: str
    login: str
    password: str
    where: str
    can: str


class Command(BaseCommand):
    help = "Print the demonstration accounts as a table, or as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON array")

    def handle(self, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("There are demonstration accounts only with DEMO=true.")
        people, officers = _personas(), _officers()
        if options["json"]:
            self.stdout.write(
                json.dumps([asdict(account) for account in [*people, *officers]], ensure_ascii=False)
            )
            return
        self._table("Người dân, tổ chức – đăng nhập bằng VNeID (mô phỏng)", people)
        self._table("Cán bộ, công chức – đăng nhập bằng tài khoản công vụ", officers)

    def _table(self, title: str, accounts: list[Account]) -> None:
        self.stdout.write(f"\n{title}: {accounts[0].where}" if accounts else f"\n{title}")
        self._row(HEADINGS)
        for account in accounts:
            self._row(asdict(account))

    def _row(self, cells: dict[str, str]) -> None:
        columns = [textwrap.wrap(cells[name], width) or [""] for name, width in WIDTHS.items()]
        for line in range(max(map(len, columns))):
            parts = [
                (column[line] if line < len(column) else "").ljust(width)
                for column, width in zip(columns, WIDTHS.values(), strict=True)
            ]
            self.stdout.write("  ".join(parts).rstrip())


def _personas() -> list[Account]:
    if not PERSONAS_FILE.exists():
        return []
    where = settings.PORTAL_URL + reverse("login_choice")
    return [
        Account(
            person=persona["name"],
            role=persona["role"],
            login=persona["personal_id_number"],
            password=persona["passcode"],
            where=where,
            can=persona["can"],
        )
        for persona in json.loads(PERSONAS_FILE.read_text(encoding="utf-8"))
    ]


def _officers() -> list[Account]:
    where = settings.PORTAL_URL + reverse("account_login")
    agencies = dict(Agency.objects.values_list("code", "name"))
    return [
        Account(
            person=officer.full_name,
            role=", ".join(str(role.label) for role in officer.roles) or officer.title,
            login=officer.login,
            password=settings.DEMO_PASSWORD,
            where=where,
            can=f"{officer.duty} ({agencies.get(officer.agency_code, officer.agency_code)})",
        )
        for officer in agencies_demo.OFFICERS
    ]
