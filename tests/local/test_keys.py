from __future__ import annotations

import base64
import json
import stat

import pytest

from danang_portal.local import keys


def test_secrets_are_made_once_and_only_their_owner_may_read_them(tmp_path):
    made = keys.load_or_make(tmp_path / "var")

    file = tmp_path / "var" / keys.FILE
    assert keys.load_or_make(tmp_path / "var") == made
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert len(base64.b64decode(made["FIELD_KEY"])) == 32
    assert len(set(made.values())) == len(keys.MAKERS)


def test_a_secret_that_a_newer_version_needs_is_added_and_the_others_stay(tmp_path):
    (tmp_path / keys.FILE).write_text(json.dumps({"FIELD_KEY": "cũ"}))

    assert keys.load_or_make(tmp_path)["FIELD_KEY"] == "cũ"
    assert set(json.loads((tmp_path / keys.FILE).read_text())) == set(keys.MAKERS)


def test_a_damaged_file_is_never_overwritten(tmp_path):
    (tmp_path / keys.FILE).write_text('{"FIELD_KEY": "c')

    with pytest.raises(ValueError, match="Restore it from a copy"):
        keys.load_or_make(tmp_path)

    assert (tmp_path / keys.FILE).read_text() == '{"FIELD_KEY": "c'
