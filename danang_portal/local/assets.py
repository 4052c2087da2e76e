"""Make what the repository keeps in source form only: translations, web fonts, hashed static files.

    .venv/bin/python -m danang_portal.local.assets

What is up to date stays as it is.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from . import fonts
from .folders import REPO, state_folder
from .locks import exclusive
from .progress import step

#: Collecting static files asks for settings but touches neither secrets nor servers.
SETTINGS_FOR_A_BUILD = {
    "DATABASE_URL": "postgres://nobody@127.0.0.1/none",
    "REDIS_URL": "redis://127.0.0.1",
    "SECRET_KEY": "only-for-a-build",
    "FIELD_KEY": "",
    "HISTORY_KEY": "",
    "PORTAL_URL": "http://127.0.0.1",
    # Tests name a simpler storage for their own pages; what is built here serves every portal of the clone.
    "STATICFILES_BACKEND": "danang_portal.static_storage.HashedStorage",
}


def build(state: Path) -> None:
    """Bring everything up to date.

    :param state: state folder; the web files go to its `fonts` and `static`.
    :raises subprocess.CalledProcessError: Django refused to collect the static files; it has said why.
    """
    with exclusive(state / "run" / "assets.lock"):
        _build(state)


def _build(state: Path) -> None:
    compile_translations()
    stamp = state / "static" / ".made-from"
    fingerprint = _fingerprint()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    with step("Fonts for the web"):
        fonts.build(state / "fonts")
    with step("Static files"):
        subprocess.run(
            # The extensions of htmx are not used, and some import what is not in their package.
            [
                sys.executable,
                "manage.py",
                "collectstatic",
                "--no-input",
                "--verbosity",
                "0",
                "--ignore",
                "ext",
            ],
            cwd=REPO,
            env=os.environ
            | SETTINGS_FOR_A_BUILD
            | {"STATE_DIR": str(state), "STATIC_DIR": str(state / "static")},
            check=True,
        )
    stamp.write_text(fingerprint)


def compile_translations() -> None:
    """Bring the .mo beside every .po up to date."""
    for source in sorted((REPO / "locale").glob("*/LC_MESSAGES/*.po")):
        compile_translation(source)


def compile_translation(source: Path) -> None:
    """Write the .mo beside a .po that is newer."""
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
        return
    import polib

    # Beside, then renamed: a process that starts now reads the old or the new one, never half of it.
    new = target.with_suffix(".mo.new")
    polib.pofile(str(source)).save_as_mofile(str(new))
    new.replace(target)


def _fingerprint() -> str:
    """Describe the sources without reading them: names, sizes and times, and the lock that brings the rest."""
    sources = [
        *sorted((REPO / "static").rglob("*")),
        Path(fonts.__file__),
        REPO / "requirements" / "base.txt",
    ]
    facts = [
        f"{file.relative_to(REPO)} {file.stat().st_size} {file.stat().st_mtime_ns}"
        for file in sources
        if file.is_file()
    ]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


if __name__ == "__main__":
    try:
        build(state_folder())
    except subprocess.CalledProcessError as problem:
        sys.exit(problem.returncode)
