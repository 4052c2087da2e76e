from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from danang_portal.local import bootstrap, browser
from danang_portal.local.folders import REPO


def test_it_starts_with_nothing_but_the_standard_library():
    answer = subprocess.run(
        [sys.executable, "-S", "-m", "danang_portal.local.bootstrap", "--help"],
        cwd=REPO,
        capture_output=True,
        text=True,
    )

    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize("name", ["base.txt", "dev.txt"])
def test_every_package_of_the_lock_has_a_hash_and_no_address(name):
    lock = (REPO / "requirements" / name).read_text()

    packages = re.findall(r"^[\w.-]+==\S+.*?(?=^\S|\Z)", lock, re.MULTILINE | re.DOTALL)
    assert len(packages) > 50
    assert [text for text in packages if "--hash=sha256:" not in text] == []
    assert not re.search(r"https?://|--index-url|--find-links", lock)


def test_the_lock_of_the_tests_contains_the_lock_of_the_portal():
    pins = {
        name: set(re.findall(r"^[\w.-]+==\S+", (REPO / "requirements" / name).read_text(), re.MULTILINE))
        for name in ("base.txt", "dev.txt")
    }

    assert pins["base.txt"] <= pins["dev.txt"]


def test_the_installer_is_taken_from_the_lock_with_every_hash_it_has_there():
    lines = bootstrap.locked("uv").splitlines()

    assert lines[0].startswith("uv==")
    assert sum("--hash=sha256:" in line for line in lines) > 10
    assert all(line.startswith("    ") for line in lines[1:])
    with pytest.raises(bootstrap.CannotGoOn, match="does not lock cobol"):
        bootstrap.locked("cobol")


def test_without_the_right_to_install_it_names_the_exact_line_for_the_administrator(monkeypatch):
    monkeypatch.setattr(bootstrap, "_works", lambda python, code: False)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    with pytest.raises(bootstrap.CannotGoOn, match="apt-get install -y --no-install-recommends python3-venv"):
        bootstrap._need_venv_module()


def test_without_pango_it_goes_on_and_says_that_papers_wait(monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "loads", lambda library: False)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    bootstrap.find_pdf_libraries()

    said = capsys.readouterr().out
    assert "wait in the queue" in said
    assert (
        "apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        in said
    )


def test_without_a_browser_it_goes_on_and_names_all_that_is_missing(monkeypatch, capsys):
    monkeypatch.setattr(browser, "loads", lambda library: False)
    monkeypatch.setattr(browser.shutil, "which", lambda program: None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    bootstrap.find_browser()

    said = capsys.readouterr().out
    assert "will be skipped" in said
    assert "apt-get install -y --no-install-recommends chromium libatomic1" in said


def test_uv_is_told_the_mirror_of_this_machines_pip(monkeypatch):
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_FIND_LINKS", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    listing = "global.index-url='https://mirror.example/simple'\n:env:.find-links='/wheels /more'\n"
    monkeypatch.setattr(
        subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0, stdout=listing, stderr="")
    )

    assert bootstrap._indexes_of_pip() == {
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
        "UV_FIND_LINKS": "/wheels,/more",
    }
