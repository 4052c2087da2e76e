"""Where things stand: the clone, and the one folder that holds what a running portal keeps."""

from __future__ import annotations

import os
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]


def state_folder() -> Path:
    """Return the state folder: `STATE_DIR` from the environment, else `var` in the clone. Not yet made."""
    return Path(os.environ.get("STATE_DIR") or REPO / "var").absolute()


def make_private(folder: Path) -> Path:
    """Make a folder that only its owner may read, and its parents likewise; keep what exists as it is."""
    for missing in reversed([each for each in (folder, *folder.parents) if not each.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)
    return folder
