from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from core.errors import InvalidInput
from procedures import templates

TEMPLATE: dict[str, Any] = {
    "title": "GIẤY XÁC NHẬN",
    "title_en": "Certificate",
    "intro": "Xét đề nghị của {ho_ten},",
    "paragraphs": ["Ông/Bà {ho_ten} hiện {tinh_trang}.", "Ghi chú: {ghi_chu}."],
    "fields": [
        {"name": "ho_ten", "label": "Họ và tên", "required": True, "prefill": "form.ho_ten"},
        {"name": "tinh_trang", "label": "Tình trạng", "type": "textarea", "required": True},
        {"name": "ghi_chu", "label": "Ghi chú"},
    ],
    "signature_title": "CHỦ TỊCH",
}


def problems_of(path: list[Any], value: Any) -> list[str]:
    raw = deepcopy(TEMPLATE)
    place: Any = raw
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(InvalidInput) as caught:
        templates.parse(raw, form_fields=frozenset({"ho_ten"}))
    return list(caught.value.errors)


def test_values_go_into_their_places_and_nowhere_else():
    template = templates.parse(TEMPLATE)

    parts = templates.render_parts(template, {"ho_ten": "{tinh_trang} {{7*7}}", "tinh_trang": "độc thân"})

    assert parts.intro == "Xét đề nghị của {tinh_trang} {{7*7}},"
    assert parts.paragraphs[0] == "Ông/Bà {tinh_trang} {{7*7}} hiện độc thân."


def test_a_paragraph_without_its_optional_value_is_left_out():
    template = templates.parse(TEMPLATE)

    assert len(templates.render_parts(template, {"ho_ten": "A", "tinh_trang": "b"}).paragraphs) == 1
    assert len(templates.render_parts(template, {"ho_ten": "A", "ghi_chu": "c"}).paragraphs) == 2


def test_a_missing_required_value_is_named_and_shows_in_the_preview():
    template = templates.parse(TEMPLATE)
    values = {"ho_ten": "A", "tinh_trang": "  "}

    assert [one.name for one in templates.missing(template, values)] == ["tinh_trang"]
    assert templates.render_parts(template, values).paragraphs == ("Ông/Bà A hiện [Tình trạng].",)


def test_known_values_are_taken_from_their_sources():
    template = templates.parse(TEMPLATE)

    assert templates.prefilled(template, {"form.ho_ten": "NGUYỄN VĂN MẪU"}) == {"ho_ten": "NGUYỄN VĂN MẪU"}


def test_typed_values_outside_the_template_are_refused():
    template = templates.parse(TEMPLATE)

    with pytest.raises(InvalidInput) as caught:
        templates.clean(template, {"la": "x", "ghi_chu": "y" * 5000})

    assert set(caught.value.errors) == {"la", "ghi_chu"}


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (["title"], "", "title"),
        (["paragraphs"], [], "paragraphs"),
        (["paragraphs", 0], "Ông/Bà {ten_la}", "paragraphs[0]"),
        (["paragraphs", 0], "{ho_ten.__class__}", "paragraphs[0]"),
        (["paragraphs", 0], 7, "paragraphs[0]"),
        (["intro"], "{{ settings.SECRET_KEY }}", "intro"),
        (["fields", 0, "prefill"], "owner.password", "fields[0].prefill"),
        (["fields", 0, "prefill"], "form.khong_co", "fields[0].prefill"),
        (["fields", 1, "name"], "ho_ten", "fields[1].name"),
        (["fields", 1, "type"], "html", "fields[1].type"),
        (["fields", 1, "label"], "", "fields[1].label"),
        (["fields"], {}, "fields"),
        (["more"], "x", "more"),
    ],
)
def test_a_broken_template_is_refused_with_the_path_of_the_problem(path: list[Any], value: Any, named: str):
    assert named in problems_of(path, value)


def test_no_template_is_a_template_without_text():
    assert not templates.parse({})
