"""Set the clone up: environment, system libraries, secrets, web files. Run by the machine's own Python.

    python3 -m danang_portal.local.bootstrap [--tests]

Standard library only, because nothing is installed yet. A second run finds its work done and takes no time.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from . import keys
from .browser import apt_line, loads, missing_packages
from .folders import REPO, make_private, state_folder
from .locks import exclusive
from .progress import say, step

OLDEST = (3, 11)
LOCK = REPO / "requirements" / "dev.txt"
VENV = REPO / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "set-up-for"

PDF_LIBRARIES = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libpangoft2-1.0.so.0",
    "libharfbuzz-subset.so.0",
)
PDF_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")


class CannotGoOn(Exception):
    """What is missing, and the exact line that mends it."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tests", action="store_true", help="also what the tests need: a browser")
    arguments = parser.parse_args()
    if sys.version_info < OLDEST:
        sys.exit(
            f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. Call a newer one: make PYTHON=python3.11 …"
        )
    try:
        with exclusive(state_folder() / "run" / "set-up.lock"):
            make_environment()
            find_pdf_libraries()
            if arguments.tests:
                find_browser()
            keys.load_or_make(state_folder())
            subprocess.run([str(PYTHON), "-m", "danang_portal.local.assets"], cwd=REPO, check=True)
    except CannotGoOn as problem:
        sys.exit(f"\n{problem}")
    except subprocess.CalledProcessError as problem:
        sys.exit(f"\nSet-up stopped: {shlex.join(map(str, problem.cmd))} ended with {problem.returncode}.")


# The environment


def make_environment() -> None:
    """Install exactly what the lock says into `.venv`, hashes checked.

    :raises CannotGoOn: the machine's Python cannot make an environment and may not be completed.
    """
    if STAMP.exists() and STAMP.read_text() == _stamp():
        return
    STAMP.unlink(missing_ok=True)
    if not _works(PYTHON, "import pip"):
        _need_venv_module()
        with step("Python environment in .venv"):
            shutil.rmtree(VENV, ignore_errors=True)
            subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    _install_uv()
    count = len(re.findall(r"^[\w.-]+==", LOCK.read_text(), re.MULTILINE))
    with step(f"{count} Python packages from the lock"):
        subprocess.run(
            [
                VENV / "bin" / "uv",
                "pip",
                "sync",
                "--python",
                PYTHON,
                *["--quiet", "--require-hashes", "--compile-bytecode"],
                LOCK,
            ],
            cwd=REPO,
            env=os.environ | _indexes_of_pip(),
            check=True,
        )
    STAMP.write_text(_stamp())


def _stamp() -> str:
    """Tell one complete environment from another: the lock, the Python, and the place it was made for."""
    return f"{hashlib.sha256(LOCK.read_bytes()).hexdigest()} {sys.version_info[:2]} {REPO}"


def _works(python: Path, code: str) -> bool:
    return python.exists() and subprocess.run([str(python), "-c", code], capture_output=True).returncode == 0


def _need_venv_module() -> None:
    """Debian ships Python without the part that makes environments."""
    if _works(Path(sys.executable), "import ensurepip, venv"):
        return
    if not _install_packages("python3-venv"):
        raise CannotGoOn(
            "This Python cannot make environments: Debian's package python3-venv is missing.\n"
            f"As administrator run:  {apt_line('python3-venv')}\nand call make again."
        )


def _install_uv() -> None:
    """Install the installer itself, at the version and hashes of the lock."""
    wanted = locked("uv")
    uv = VENV / "bin" / "uv"
    if uv.exists():
        version = subprocess.run([uv, "--version"], capture_output=True, text=True).stdout.split()
        if wanted.split()[0] in {f"uv=={word}" for word in version}:
            return
    with step("Installer (uv)"), tempfile.NamedTemporaryFile("w", suffix=".txt") as part:
        part.write(wanted)
        part.flush()
        subprocess.run(
            [PYTHON, "-m", "pip", "install", *["--quiet", "--require-hashes", "--no-deps", "-r"], part.name],
            check=True,
        )


def locked(package: str) -> str:
    """Return a package's own lines of the lock: its version and every hash.

    :raises CannotGoOn: the lock does not have it.
    """
    lines = re.search(rf"^{re.escape(package)}==.*\n(?: +.*\n)+", LOCK.read_text(), re.MULTILINE)
    if not lines:
        raise CannotGoOn(f"{LOCK} does not lock {package}. Run: make lock")
    return lines[0]


def _indexes_of_pip() -> dict[str, str]:
    """Let uv use the mirror that this machine's pip is set to; uv does not read pip's configuration."""
    answer = subprocess.run([PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True)
    found = dict(re.findall(r"^(?:global|install|:env:)\.([\w-]+)='(.*)'$", answer.stdout, re.MULTILINE))
    translated = {
        "UV_DEFAULT_INDEX": found.get("index-url", ""),
        "UV_INDEX": found.get("extra-index-url", ""),
        # As pip does, take a version from whichever index has it: the lock's hashes say whether it is the right one.
        "UV_INDEX_STRATEGY": "unsafe-best-match" if "extra-index-url" in found else "",
        "UV_FIND_LINKS": ",".join(found.get("find-links", "").split()),
        "SSL_CERT_FILE": found.get("cert", ""),
    }
    return {name: value for name, value in translated.items() if value and not os.environ.get(name)}


# What the system must have


def find_pdf_libraries() -> None:
    """Install Pango or name it; the portal starts without it and keeps its papers waiting."""
    if all(map(loads, PDF_LIBRARIES)):
        return
    if _install_packages(*PDF_PACKAGES) and all(map(loads, PDF_LIBRARIES)):
        return
    say("! Papers (PDF) wait in the queue: Pango is missing. As administrator run:")
    say(f"    {apt_line(*PDF_PACKAGES)}")


def find_browser() -> None:
    """Install Chromium or name it; tests without it skip what needs a browser and say so."""
    missing = missing_packages()
    if not missing or _install_packages(*missing):
        return
    say("! Tests in a browser will be skipped. As administrator run:")
    say(f"    {apt_line(*missing)}")


def _install_packages(*packages: str) -> bool:
    """Install Debian packages if this user may; False if not, or if it failed."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    log = make_private(state_folder() / "log") / "apt.log"
    with step(f"Debian packages: {' '.join(packages)}"), log.open("ab") as out:
        for command in _apt_commands(packages):
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            )
    if done.returncode:
        say(f"! apt-get could not install them; {log} says why.")
    return done.returncode == 0


def _apt_commands(packages: Iterable[str]) -> list[list[str]]:
    wait = ["-o", "DPkg::Lock::Timeout=120", "-qq"]
    return [
        ["apt-get", *wait, "update"],
        ["apt-get", *wait, "install", "-y", "--no-install-recommends", *packages],
    ]


if __name__ == "__main__":
    main()
