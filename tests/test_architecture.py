"""What the import linter cannot see: relations between tables, public addresses, loaders, components."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from django.apps import apps
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent


def layers() -> dict[str, int]:
    """Give each app its height, read from the import linter's contract: the lowest is 0."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (contract,) = [contract for contract in contracts if contract.get("id") == "layers"]
    heights = {}
    for height, names in enumerate(reversed(contract["layers"])):
        for name in names.split("|"):
            heights[name.strip()] = height
    return heights


def test_every_relation_between_tables_points_downwards():
    heights = layers()
    upward = []
    for model in apps.get_models():
        app = model._meta.app_label
        if app not in heights:
            continue
        for field in model._meta.get_fields():
            if not (field.concrete and field.is_relation and field.related_model):
                continue
            target = field.related_model._meta.app_label
            if target in heights and target != app and heights[target] >= heights[app]:
                upward.append(f"{model.__name__}.{field.name} → {target}")

    assert upward == []


def test_core_has_no_tables():
    assert "core" not in settings.INSTALLED_APPS


def test_there_is_no_drawer_for_everything():
    names = {"utils.py", "helpers.py", "managers.py", "signals.py", "common.py", "misc.py"}
    found = [path for path in ROOT.glob("*/**/*.py") if path.name in names and ".venv" not in path.parts]

    assert found == []


def test_no_template_runs_script_or_style_of_its_own():
    pattern = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|<style|\sstyle=\"|\son[a-z]+=\"",
        re.IGNORECASE,
    )
    guilty = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in (ROOT / "templates").rglob("*.html")
        if "papers" not in path.parts
        for match in pattern.finditer(path.read_text())
    ]

    assert guilty == []


def test_no_file_names_a_package_registry():
    hosts = re.compile(
        "|".join(
            ["pypi" + r"\.org", "pythonhosted" + r"\.org", "npmjs" + r"\.org", "deb\\.debian" + r"\.org"]
        )
    )
    named = [
        path
        for pattern in ("*.txt", "*.in", "*.toml", "*.yml", "Dockerfile", "Makefile", "*.md", "*.py", "*.sh")
        for path in [*ROOT.glob(pattern), *ROOT.glob(f"[!.v]*/**/{pattern}")]
        if path.is_file()
        and path.name != "test_architecture.py"
        and hosts.search(path.read_text(errors="ignore"))
    ]

    assert named == []
