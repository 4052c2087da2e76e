"""The browser of the tests: Debian's Chromium, driven by Playwright, whose own Node needs one library more."""

from __future__ import annotations

import ctypes
import shutil

PACKAGES = {"chromium": "chromium", "libatomic.so.1": "libatomic1"}


def loads(library: str) -> bool:
    """Tell whether the system has a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_packages() -> list[str]:
    """Return the Debian packages that a test in a browser still needs."""
    return [
        package
        for thing, package in PACKAGES.items()
        if not (loads(thing) if ".so" in thing else shutil.which(thing))
    ]


def apt_line(*packages: str) -> str:
    """Return the line that an administrator types to install Debian packages."""
    return f"apt-get install -y --no-install-recommends {' '.join(packages)}"
