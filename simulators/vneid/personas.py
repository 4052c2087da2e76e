"""The people who can sign in here: all made up, and named as such."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "personas.json"
CLAIMED = (
    "name",
    "personal_id_number",
    "eid_level",
    "category",
    "birthdate",
    "gender",
    "nationality",
    "address",
    "phone_number",
    "organisations",
)


@dataclass(frozen=True, slots=True)
class Persona:
    key: str
    passcode: str
    role: str
    can: str
    facts: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.facts["name"])

    @property
    def subject(self) -> str:
        """An opaque identifier that stays the same when the stand-in's folder is emptied."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"vneid-stand-in:{self.key}"))


def _read() -> dict[str, Persona]:
    rows = json.loads(FILE.read_text(encoding="utf-8"))
    return {
        row["key"]: Persona(row["key"], row["passcode"], row["role"], row["can"], facts=row) for row in rows
    }


PERSONAS = _read()
BY_SUBJECT = {persona.subject: persona for persona in PERSONAS.values()}
