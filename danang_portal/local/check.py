"""`make check` before the tests: format, lint, types, import layers, migrations, production settings.

All of them run, two at a time, and all their complaints are shown.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .environment import local_environment
from .folders import REPO
from .servers import Servers
from .throwaway import throwaway_folder

BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "manage.py"]
#: Slow ones first: they decide how long it takes.
CHECKS: dict[str, list[str | Path]] = {
    "types": [BIN / "mypy"],
    "templates: format": [BIN / "djlint", "--check", "--quiet", "templates"],
    "templates: lint": [BIN / "djlint", "--lint", "--quiet", "templates"],
    "import layers": [BIN / "lint-imports"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "production settings": [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
    "format": [BIN / "ruff", "format", "--check", "."],
    "lint": [BIN / "ruff", "check", "."],
}
#: A city's own address, over TLS, behind a proxy.
PRODUCTION = {
    "PORTAL_URL": "https://dichvucong.example",
    "ALLOWED_HOSTS": "dichvucong.example",
    "BEHIND_PROXY": "1",
    "DEMO": "0",
    "VNEID_ISSUER": "https://identity.example",
    # The web files are the clone's: the throw-away state has none.
    "STATE_DIR": str(REPO / "var"),
}


def main() -> int:
    """Run every check; the exit status says whether all were content."""
    with throwaway_folder() as state, Servers(state, throwaway=True, environment={}) as servers:
        settings = servers.environment() | local_environment(state)

        def run(name: str) -> tuple[str, subprocess.CompletedProcess[str], float]:
            began = time.monotonic()
            environment = os.environ | settings | (PRODUCTION if name == "production settings" else {})
            done = subprocess.run(
                [str(word) for word in CHECKS[name]],
                cwd=REPO,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            return name, done, time.monotonic() - began

        failed = []
        with ThreadPoolExecutor(2) as pool:
            for name, done, seconds in pool.map(run, CHECKS):
                print(f"  {'✗' if done.returncode else '✓'} {name} ({seconds:.1f} s)", flush=True)
                if done.returncode:
                    failed.append(name)
                    print(done.stdout.strip()[-6000:], flush=True)
    if failed:
        print(f"\nNot in order: {', '.join(failed)}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
