"""Secrets of this machine's portal, made once and kept in the state folder, readable by the owner only."""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path

from .folders import make_private
from .locks import exclusive

FILE = "secrets.json"


def _key_32() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


MAKERS = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "FIELD_KEY": _key_32,
    "HISTORY_KEY": _key_32,
    "VNEID_CLIENT_SECRET": lambda: secrets.token_urlsafe(32),
    "DATABASE_PASSWORD": lambda: secrets.token_hex(24),
    "BROKER_PASSWORD": lambda: secrets.token_hex(24),
}
FOR_SETTINGS = ("SECRET_KEY", "FIELD_KEY", "HISTORY_KEY", "VNEID_CLIENT_SECRET")


def load_or_make(state: Path) -> dict[str, str]:
    """Return the secrets by name; make those that are missing and never change one that is there.

    :raises ValueError: the file is there and is not JSON; losing a key loses data, so nothing is overwritten.
    """
    with exclusive(make_private(state) / "run" / "secrets.lock"):
        return _load_or_make(state / FILE)


def _load_or_make(file: Path) -> dict[str, str]:
    try:
        kept: dict[str, str] = json.loads(file.read_text())
    except FileNotFoundError:
        kept = {}
    except ValueError as error:
        raise ValueError(
            f"{file} is damaged ({error}). Restore it from a copy, or delete the state folder."
        ) from error
    missing = {name: make() for name, make in MAKERS.items() if name not in kept}
    if missing:
        kept |= missing
        new = file.with_name(f"{FILE}.new")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as out:
            json.dump(kept, out, indent=1)
            out.flush()
            os.fsync(out.fileno())
        new.replace(file)
    return kept
