from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from core.errors import InvalidInput
from procedures import demo, eforms
from procedures.demo import birth_bundle, marital_status, transport_licence, vehicle_badge
from procedures.models import ProcedureVersion
from tests.procedures.every_kind import EVERY_KIND

SECTION = ["pages", 0, "sections", 0]


def refused(path: list[Any], value: Any) -> list[str]:
    raw = deepcopy(EVERY_KIND)
    place: Any = raw
    for key in path[:-1]:
        place = place[key]
    if isinstance(place, list) and path[-1] == len(place):
        place.append(value)
    else:
        place[path[-1]] = value
    with pytest.raises(InvalidInput) as caught:
        eforms.parse(raw)
    return list(caught.value.errors)


def test_a_form_with_every_kind_is_read():
    schema = eforms.parse(EVERY_KIND)
    kinds = {one.type for one in schema.fields.values()} | {
        column.type for one in schema.fields.values() for column in one.fields
    }

    assert kinds == set(eforms.FieldType)
    assert [section.title for section in schema.pages[0].sections] == ["Nhân thân", "Liên hệ"]
    assert len(schema.rules) == 2


@pytest.mark.parametrize("module", [birth_bundle, marital_status, transport_licence, vehicle_badge])
def test_the_forms_of_before_are_read_as_they_are(module: Any):
    forms = [value for name, value in vars(module).items() if isinstance(value, dict) and "pages" in value]

    for raw in forms:
        assert eforms.parse(raw)


@pytest.mark.usefixtures("offered")
def test_the_demonstration_procedures_keep_their_forms():
    assert demo
    versions = ProcedureVersion.objects.exclude(eform={})

    assert versions.count() >= 3
    assert all(eforms.of_version(version) for version in versions)


def test_a_form_is_read_once_in_a_process():
    version = ProcedureVersion(eform=EVERY_KIND)

    assert eforms.of_version(version) is eforms.of_version(ProcedureVersion(eform=deepcopy(EVERY_KIND)))


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ([*SECTION, "title"], "", "pages[0].sections[0].title"),
        ([*SECTION, "fields"], [], "pages[0].sections[0].fields"),
        ([*SECTION, "id"], "x", "pages[0].sections[0].id"),
        (["pages", 0, "fields"], [], "pages[0].fields"),
        (["pages", 0, "sections"], [], "pages[0].sections"),
        ([*SECTION, "fields", 2, "min"], 1, "pages[0].sections[0].fields[2].min"),
        ([*SECTION, "fields", 0, "required"], True, "pages[0].sections[0].fields[0].required"),
        ([*SECTION, "fields", 5, "value"], {"years": []}, "pages[0].sections[0].fields[5].value.years"),
        (
            [*SECTION, "fields", 5, "value"],
            {"sum": [{"field": "so_ban"}]},
            "pages[0].sections[0].fields[5].value.sum[0].field",
        ),
        ([*SECTION, "fields", 5, "shown_as"], "phone", "pages[0].sections[0].fields[5].shown_as"),
        (
            ["pages", 1, "fields", 1, "show_if"],
            {"field": "loai", "equals": "ho"},
            "pages[1].fields[1].show_if",
        ),
        (
            ["pages", 1, "fields", 1, "show_when"],
            {"field": "loai", "equals": "x"},
            "pages[1].fields[1].show_when.equals",
        ),
        (["pages", 1, "fields", 3, "source"], "planets", "pages[1].fields[3].source"),
        (["pages", 1, "fields", 3, "choices"], [["a", "A"], ["b", "B"]], "pages[1].fields[3].choices"),
        (["pages", 1, "fields", 0, "display"], "wheel", "pages[1].fields[0].display"),
        (["pages", 1, "fields", 8, "min"], 0.5, "pages[1].fields[8].min"),
        (["pages", 1, "fields", 8, "decimals"], 9, "pages[1].fields[8].decimals"),
        (["pages", 1, "fields", 4, "max"], 99, "pages[1].fields[4].max"),
        (["pages", 2, "fields", 0, "fields", 0, "type"], "repeat", "pages[2].fields[0].fields[0].fields"),
        (["pages", 2, "fields", 0, "fields", 0, "type"], "heading", "pages[2].fields[0].fields[0].required"),
        (["pages", 2, "fields", 0, "fields", 1, "name"], "ten", "pages[2].fields[0].fields[1].name"),
        (
            ["pages", 2, "fields", 0, "fields", 0, "prefill"],
            "person.phone",
            "pages[2].fields[0].fields[0].prefill",
        ),
        (
            ["pages", 2, "fields", 0, "fields", 3, "show_when", "field"],
            "loai",
            "pages[2].fields[0].fields[3].show_when.field",
        ),
        (["pages", 2, "fields", 0, "max"], 0, "pages[2].fields[0].max"),
        (["pages", 2, "fields", 0, "rows"], [["a", "A"]], "pages[2].fields[0].rows"),
        (["pages", 2, "fields", 4, "min"], 1, "pages[2].fields[4].min"),
        (["pages", 2, "fields", 4, "rows", 1], ["bep", "B"], "pages[2].fields[4].rows[1]"),
        (["pages", 3, "show_when"], {"field": "cam_doan", "equals": True}, "pages[3].show_when.field"),
        (["pages", 3, "fields", 2, "component"], "", "pages[3].fields[2].component"),
        (["rules", 0, "field"], "x", "rules[0].field"),
        (["rules", 0, "check"], {"eval": "1"}, "rules[0].check"),
        (["rules", 0, "problem"], " ", "rules[0].problem"),
        (["rules", 2], {"field": "so_ban", "problem": "x"}, "rules[2].check"),
        (["pages", 1, "fields", 2, "onclick"], "x", "pages[1].fields[2].onclick"),
        (["pages", 1, "fields", 2, "type"], "captcha", "pages[1].fields[2].type"),
    ],
)
def test_a_broken_form_is_refused_with_the_path_of_the_problem(path: list[Any], value: Any, named: str):
    assert named in refused(path, value)
