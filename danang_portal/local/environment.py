"""The environment that settings read, filled in for one machine. What is set already always wins."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path

from . import keys, ports

PORTS = ["web", "vneid", "smtp", "mailbox", "scanner"]
#: What a throw-away portal must not take over from the environment it is started in.
SETTINGS = {
    *keys.FOR_SETTINGS,
    *(
        "DATABASE_URL",
        "REDIS_URL",
        "STATE_DIR",
        "MEDIA_DIR",
        "SIGNING_DIR",
        "STATIC_DIR",
        "STATICFILES_BACKEND",
    ),
    *("ALLOWED_HOSTS", "PORTAL_URL", "VNEID_ISSUER", "VNEID_CLIENT_ID", "DEBUG", "DEMO"),
    *("EMAIL_URL", "MAILBOX_URL", "CLAMD_ADDRESS"),
}


def ports_file(state: Path) -> Path:
    return state / "run" / "ports.json"


def local_environment(state: Path, *, given: dict[str, int] | None = None) -> dict[str, str]:
    """Return every setting but the servers' addresses.

    :param given: ports by name (`PORTS`); without them those of the last run.
    """
    port = given or ports.remembered(ports_file(state))
    if not set(PORTS) <= set(port):
        port = ports.assign(ports_file(state), PORTS)
    secrets = keys.load_or_make(state)
    return {
        **{name: secrets[name] for name in keys.FOR_SETTINGS},
        "DEMO": "true",
        "STATE_DIR": str(state),
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "PORTAL_URL": f"http://127.0.0.1:{port['web']}",
        "VNEID_ISSUER": f"http://127.0.0.1:{port['vneid']}",
        "VNEID_CLIENT_ID": "danang-portal",
        "EMAIL_URL": f"smtp://127.0.0.1:{port['smtp']}",
        "MAILBOX_URL": f"http://127.0.0.1:{port['mailbox']}",
        "CLAMD_ADDRESS": f"127.0.0.1:{port['scanner']}",
    }


def fill_in(environment: MutableMapping[str, str], values: dict[str, str]) -> None:
    """Set what is missing or empty."""
    for name, value in values.items():
        if not environment.get(name):
            environment[name] = value
