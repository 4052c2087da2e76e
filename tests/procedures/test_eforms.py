from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from procedures import eforms

EFORM: dict[str, Any] = {
    "pages": [
        {
            "id": "nguoi-yeu-cau",
            "title": "Người yêu cầu",
            "title_en": "Applicant",
            "fields": [
                {
                    "name": "ho_ten",
                    "label": "Họ và tên",
                    "label_en": "Full name",
                    "type": "text",
                    "required": True,
                    "prefill": "person.full_name",
                    "readonly": True,
                },
                {
                    "name": "ngay_sinh",
                    "label": "Ngày sinh",
                    "type": "date",
                    "required": True,
                    "not_future": True,
                },
                {"name": "dien_thoai", "label": "Điện thoại", "type": "phone", "prefill": "person.phone"},
                {"name": "email", "label": "Thư điện tử", "type": "email"},
            ],
        },
        {
            "id": "muc-dich",
            "title": "Mục đích",
            "fields": [
                {
                    "name": "muc_dich",
                    "label": "Mục đích sử dụng",
                    "type": "choice",
                    "required": True,
                    "choices": [["ket_hon", "Để kết hôn", "To marry"], ["khac", "Việc khác", "Other"]],
                },
                {
                    "name": "ghi_ro",
                    "label": "Ghi rõ",
                    "type": "textarea",
                    "required": True,
                    "max_length": 20,
                    "show_if": {"field": "muc_dich", "equals": "khac"},
                },
                {
                    "name": "so_ban",
                    "label": "Số bản",
                    "type": "integer",
                    "required": True,
                    "min": 0,
                    "max": 5,
                },
                {
                    "name": "bien_so",
                    "label": "Biển số",
                    "type": "text",
                    "pattern": "43[A-Z]-[0-9]{5}",
                    "pattern_problem": "Hãy viết như 43A-12345.",
                },
                {"name": "cam_doan", "label": "Tôi cam đoan", "type": "checkbox", "required": True},
            ],
        },
    ]
}
PERSON = {"person.full_name": "NGUYỄN VĂN MẪU", "person.phone": "0905 000 001"}
GOOD: dict[str, Any] = {
    "ho_ten": "NGUYỄN VĂN MẪU",
    "ngay_sinh": "1990-12-31",
    "muc_dich": "ket_hon",
    "so_ban": 2,
    "cam_doan": True,
}


def schema() -> eforms.Schema:
    return eforms.parse(EFORM)


def problems_of(data: dict[str, Any], **prefill: Any) -> dict[str, list[str]]:
    with pytest.raises(InvalidInput) as caught:
        eforms.clean_all(schema(), data, prefill or PERSON)
    return {name: [str(one) for one in found] for name, found in caught.value.errors.items()}


def broken(path: list[Any], value: Any) -> list[str]:
    raw = deepcopy(EFORM)
    place: Any = raw
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(InvalidInput) as caught:
        eforms.parse(raw)
    return list(caught.value.errors)


def test_good_answers_become_json_values():
    answers = eforms.clean_all(
        schema(), GOOD | {"dien_thoai": "0905.123.456", "ngay_sinh": "31/12/1990"}, PERSON
    )

    assert answers == GOOD | {"dien_thoai": "0905123456"}


def test_zero_answers_a_required_number():
    assert eforms.clean_all(schema(), GOOD | {"so_ban": "0"}, PERSON)["so_ban"] == 0


def test_a_read_only_answer_cannot_be_forged():
    answers = eforms.clean_all(schema(), GOOD | {"ho_ten": "NGƯỜI KHÁC"}, PERSON)

    assert answers["ho_ten"] == "NGUYỄN VĂN MẪU"


def test_a_read_only_question_without_a_known_answer_is_open():
    answers = eforms.clean_all(schema(), GOOD | {"ho_ten": "TRẦN THỊ MẪU"}, {})

    assert answers["ho_ten"] == "TRẦN THỊ MẪU"


def test_a_conditional_question_is_required_only_when_it_is_asked():
    assert "ghi_ro" not in eforms.clean_all(schema(), GOOD | {"ghi_ro": "không hỏi"}, PERSON)
    assert list(problems_of(GOOD | {"muc_dich": "khac"})) == ["ghi_ro"]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("ngay_sinh", "30/02/1990", "lịch"),
        ("ngay_sinh", "hôm qua", "ngày/tháng/năm"),
        ("ngay_sinh", "1890-01-01", "1900"),
        ("ngay_sinh", "", "ngày, tháng, năm"),
        ("dien_thoai", "12345", "10 số"),
        ("email", "ten@", "ten@tenmien.vn"),
        ("muc_dich", "gi_do", "lựa chọn"),
        ("so_ban", "sáu", "chữ số"),
        ("so_ban", "6", "5 trở xuống"),
        ("so_ban", "-1", "0 trở lên"),
        ("so_ban", 1.5, "không đúng kiểu"),
        ("bien_so", "51A-12345", "43A-12345"),
        ("cam_doan", False, "đánh dấu"),
        ("la", "x", "Biểu mẫu không có mục"),
    ],
)
def test_a_wrong_answer_names_its_field_and_the_mend(name: str, value: Any, says: str):
    problems = problems_of(GOOD | {name: value})

    assert list(problems) == [name]
    assert says in problems[name][0]


def test_a_date_to_come_is_refused_where_it_cannot_be():
    tomorrow = timezone.localdate() + timedelta(days=1)

    assert "chưa đến" in problems_of(GOOD | {"ngay_sinh": tomorrow.isoformat()})["ngay_sinh"][0]


def test_too_long_a_text_says_how_long_it_may_be():
    problems = problems_of(GOOD | {"muc_dich": "khac", "ghi_ro": "x" * 21})

    assert "21" in problems["ghi_ro"][0]
    assert "20" in problems["ghi_ro"][0]


def test_direction_marks_and_control_characters_never_reach_the_answers():
    answers = eforms.clean_all(schema(), GOOD | {"muc_dich": "khac", "ghi_ro": "a\u202eb\x00c"}, PERSON)

    assert answers["ghi_ro"] == "abc"


def test_known_answers_fill_the_form_in():
    known = eforms.prefilled(schema(), PERSON | {"person.birth_on": date(1990, 1, 1)})

    assert known == {"ho_ten": "NGUYỄN VĂN MẪU", "dien_thoai": "0905000001"}
    assert schema().sources == {"person.full_name", "person.phone"}


def test_a_page_is_shown_with_what_is_known_and_fixed():
    html = str(eforms.page_form(schema(), "nguoi-yeu-cau", prefill=PERSON))

    assert 'value="NGUYỄN VĂN MẪU"' in html
    assert "readonly" in html
    assert 'autocomplete="name"' in html
    assert 'name="ngay_sinh_day"' in html


def test_a_posted_page_is_read_with_its_date_in_three_parts():
    data = QueryDict("ho_ten=X&ngay_sinh_day=1&ngay_sinh_month=2&ngay_sinh_year=1990")
    form = eforms.page_form(schema(), "nguoi-yeu-cau", data, prefill=PERSON)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["ho_ten"] == "NGUYỄN VĂN MẪU"
    assert form.cleaned_data["ngay_sinh"] == "1990-02-01"


def test_a_page_with_a_conditional_question_does_not_require_it_unasked():
    asked = {"muc_dich": "khac", "so_ban": "1", "cam_doan": "on"}

    assert eforms.page_form(schema(), "muc-dich", asked | {"muc_dich": "ket_hon"}).is_valid()
    assert list(eforms.page_form(schema(), "muc-dich", asked).errors) == ["ghi_ro"]
    assert "data-show-when=" in str(eforms.page_form(schema(), "muc-dich"))


def test_a_question_settled_on_an_earlier_page_is_left_out():
    raw = deepcopy(EFORM)
    raw["pages"].append({"id": "them", "title": "Thêm", "fields": [raw["pages"][1]["fields"].pop(1)]})
    split = eforms.parse(raw)

    assert not eforms.page_form(split, "them", initial={"muc_dich": "ket_hon"}).fields
    assert list(eforms.page_form(split, "them", initial={"muc_dich": "khac"}).fields) == ["ghi_ro"]


def test_a_hint_cannot_carry_markup():
    raw = deepcopy(EFORM)
    raw["pages"][0]["fields"][1]["hint"] = "<script>alert(1)</script>"

    assert "<script>" not in str(eforms.page_form(eforms.parse(raw), "nguoi-yeu-cau"))


def test_a_draft_keeps_what_was_typed_even_if_it_is_wrong():
    taken = eforms.draft_values(schema(), "muc-dich", {"so_ban": "sáu", "muc_dich": "khac", "la": "x"})

    assert taken == {"so_ban": "sáu", "muc_dich": "khac", "cam_doan": False}


def test_a_draft_forgets_a_date_that_was_emptied():
    data = QueryDict("ngay_sinh_day=&ngay_sinh_month=&ngay_sinh_year=")

    assert eforms.draft_values(schema(), "nguoi-yeu-cau", data) == {"ngay_sinh": None}


def test_the_summary_reads_as_people_speak_in_both_languages():
    rows = {row.name: row.value for page in eforms.summary(schema(), GOOD) for row in page.rows}
    english = eforms.summary(schema(), GOOD, "en")

    assert rows["ngay_sinh"] == "31/12/1990"
    assert rows["muc_dich"] == "Để kết hôn"
    assert rows["cam_doan"] == "Có"
    assert "ghi_ro" not in rows
    assert english[0].title == "Applicant"
    assert english[1].rows[0].value == "To marry"
    assert english[1].title == "Mục đích"


def test_labels_follow_the_active_language():
    with translation.override("en"):
        assert eforms.page_form(schema(), "nguoi-yeu-cau").fields["ho_ten"].label == "Full name"


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (["pages"], [], "pages"),
        (["pages", 0, "id"], "Trang 1", "pages[0].id"),
        (["pages", 1, "id"], "nguoi-yeu-cau", "pages[1].id"),
        (["pages", 0, "fields"], [], "pages[0].fields"),
        (["pages", 0, "fields", 1, "type"], "datetime", "pages[0].fields[1].type"),
        (["pages", 0, "fields", 1, "type"], ["date"], "pages[0].fields[1].type"),
        (["pages", 0, "fields", 1, "name"], "ho_ten", "pages[0].fields[1].name"),
        (["pages", 0, "fields", 1, "label"], " ", "pages[0].fields[1].label"),
        (["pages", 0, "fields", 1, "min"], 3, "pages[0].fields[1].min"),
        (["pages", 0, "fields", 1, "readonly"], True, "pages[0].fields[1].readonly"),
        (["pages", 0, "fields", 1, "required"], "yes", "pages[0].fields[1].required"),
        (["pages", 0, "fields", 0, "prefill"], "person.password", "pages[0].fields[0].prefill"),
        (["pages", 0, "fields", 0, "onclick"], "x", "pages[0].fields[0].onclick"),
        (["pages", 1, "fields", 0, "choices"], [["a", "A"]], "pages[1].fields[0].choices"),
        (["pages", 1, "fields", 0, "choices", 1], ["ket_hon", "B"], "pages[1].fields[0].choices[1]"),
        (
            ["pages", 1, "fields", 1, "show_if"],
            {"field": "cam_doan", "equals": True},
            "pages[1].fields[1].show_if.field",
        ),
        (["pages", 1, "fields", 1, "show_if", "equals"], "x", "pages[1].fields[1].show_if.equals"),
        (["pages", 1, "fields", 2, "min"], 9, "pages[1].fields[2].max"),
        (["pages", 1, "fields", 3, "pattern"], "(", "pages[1].fields[3].pattern"),
        (["pages", 1, "fields", 3, "pattern_problem"], "", "pages[1].fields[3].pattern_problem"),
        (["more"], 1, "more"),
    ],
)
def test_a_broken_form_is_refused_with_the_path_of_the_problem(path: list[Any], value: Any, named: str):
    assert named in broken(path, value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


def errors_of(call: Callable[[], Any]) -> dict[str, Any]:
    """Give the errors of a refusal; anything else that is raised is a defect."""
    try:
        call()
    except InvalidInput as refusal:
        return refusal.errors
    return {}


@given(JSON)
def test_whatever_is_stored_as_a_form_is_read_or_refused(raw: Any):
    errors = errors_of(lambda: eforms.parse(raw))

    assert errors or raw == {}


@given(st.sampled_from(sorted(schema().fields)), JSON)
def test_whatever_is_sent_as_an_answer_is_taken_or_refused(name: str, value: Any):
    errors = errors_of(lambda: eforms.clean_all(schema(), GOOD | {name: value}, PERSON))

    assert set(errors) <= {name, "ghi_ro"}


@given(st.dictionaries(st.sampled_from(["id", "title", "fields", "type", "name"]), JSON))
def test_whatever_is_stored_as_a_page_is_refused_under_its_path(page: dict[str, Any]):
    errors = errors_of(lambda: eforms.parse({"pages": [page]}))

    assert errors
    assert all(path.startswith("pages[0]") for path in errors)
