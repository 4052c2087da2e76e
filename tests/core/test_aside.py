"""Files and keys that are kept aside: neither seen by anybody else, nor the portal's own."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from core import signing, storage
from core.signing import KeyMissing, Trust, demo_ca, keys
from tests.factories import NINE


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.SIGNING_DIR = tmp_path / "keys"


def test_files_stand_in_a_folder_of_their_own(tmp_path: Path) -> None:
    ours = default_storage.save("a/x.txt", ContentFile(b"real"))

    with storage.aside(tmp_path / "aside"):
        assert not default_storage.exists(ours)
        name = default_storage.save("a/x.txt", ContentFile(b"aside"))
        assert default_storage.open(name).read() == b"aside"
        assert (tmp_path / "aside" / "a" / "x.txt").read_bytes() == b"aside"

    assert default_storage.open(ours).read() == b"real"
    assert [one.name for one in (tmp_path / "files").rglob("*.txt")] == ["x.txt"]


def test_other_threads_keep_to_the_real_folder(tmp_path: Path) -> None:
    seen: list[str] = []

    with storage.aside(tmp_path / "aside"):
        thread = threading.Thread(target=lambda: seen.append(default_storage.path("x")))
        thread.start()
        thread.join()

    assert seen == [str(tmp_path / "files" / "x")]


def test_keys_aside_are_the_only_ones_and_trusted_there_alone(tmp_path: Path) -> None:
    real, aside = tmp_path / "keys", tmp_path / "aside"
    for folder, key_id in ((real, "mayor"), (aside, "hand")):
        demo_ca.ensure(folder, at=NINE)
        demo_ca.issue(
            folder,
            key_id=key_id,
            common_name=key_id,
            organisation="Minh họa",
            kind="person",
            at=NINE,
            valid_for=timedelta(days=1),
        )
    ours = Trust.from_settings()

    with keys.aside(aside):
        signing.signer_for("hand")
        with pytest.raises(KeyMissing):
            signing.signer_for("mayor")
        assert Trust.from_settings() != ours

    assert Trust.from_settings() == ours
    with pytest.raises(KeyMissing):
        signing.signer_for("hand")
