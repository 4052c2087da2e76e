"""Fields tie their hint and error to the control, and the summary leads to the field."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django import forms
from django.template.loader import render_to_string

from core.widgets import DateParts
from danang_portal.style_guide import SampleForm


class Born(forms.Form):
    born_on = forms.DateField(label="Ngày sinh", widget=DateParts)


@pytest.fixture(autouse=True)
def plain_static(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def test_hint_and_error_are_tied_to_the_control():
    html = str(SampleForm({}))

    [control] = re.findall(r"<input[^>]*name=\"full_name\"[^>]*>", html)
    assert 'aria-describedby="id_full_name_helptext id_full_name_error"' in control
    assert 'aria-invalid="true"' in control
    assert 'id="id_full_name_helptext"' in html
    assert 'id="id_full_name_error"' in html


def test_every_link_of_the_summary_leads_to_an_element_of_the_page():
    html = str(SampleForm({}))

    links = re.findall(r'href="#([\w-]+)"', html)
    assert len(links) == 5
    assert all(f'id="{link}"' in html for link in links)


def test_a_valid_or_empty_form_has_no_summary():
    assert "data-error-summary" not in str(SampleForm())


def test_choices_are_a_group_with_a_legend():
    html = SampleForm()["purpose"].as_field_group()

    assert "<fieldset" in html
    [legend] = re.findall(r"<legend>(.*?)</legend>", html, re.DOTALL)
    assert "Mục đích sử dụng" in legend


def test_a_field_says_whether_it_must_be_filled():
    assert "field__required" in SampleForm()["full_name"].as_field_group()
    assert "không bắt buộc" in SampleForm()["note"].as_field_group()


@pytest.mark.parametrize(("day", "month", "year"), [("27", "3", "1990"), (" 27", "03 ", "1990")])
def test_a_date_in_parts_is_read(day, month, year):
    form = Born({"born_on_day": day, "born_on_month": month, "born_on_year": year})

    assert form.is_valid()
    assert form.cleaned_data["born_on"] == date(1990, 3, 27)


def test_a_date_in_parts_is_also_read_from_one_value():
    assert Born({"born_on": "1990-03-27"}).is_valid()


def test_a_date_that_does_not_exist_is_refused_and_shown_as_it_was_typed():
    form = Born({"born_on_day": "31", "born_on_month": "2", "born_on_year": "1990"})

    assert not form.is_valid()
    assert 'value="31"' in str(form["born_on"])


def test_nothing_in_all_parts_is_a_missing_date():
    form = Born({"born_on_day": "", "born_on_month": "", "born_on_year": ""})

    assert form.errors.as_data()["born_on"][0].code == "required"


def test_a_stored_date_fills_the_parts():
    html = str(Born(initial={"born_on": date(1990, 3, 7)})["born_on"])

    assert re.findall(r'value="(\d+)"', html) == ["7", "3", "1990"]


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("Họ và tên", "Họ và tên: Hãy điền."),
        ("Tôi cam đoan trước pháp luật.", "Tôi cam đoan trước pháp luật. Hãy điền."),
        ("Bạn cần gì?", "Bạn cần gì? Hãy điền."),
    ],
)
def test_the_summary_puts_one_mark_between_a_label_and_its_error(label, shown):
    class One(forms.Form):
        name = forms.CharField(label=label, error_messages={"required": "Hãy điền."})

    page = render_to_string("forms/error_summary.html", {"form": One({})})

    assert f">{shown}<" in page
