"""Controls that write their own markup: what they write is escaped, and says what is chosen."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.test.html import Element, parse_html

from core.widgets import PlainSelect

CHOICES = [("", "Tất cả"), ("a&b", '<Một> & "hai"'), (7, "Bảy")]


def drawn(widget: type[forms.Select], value: Any) -> Element:
    return parse_html(widget(attrs={"class": "wide"}, choices=CHOICES).render("one", value, {"id": "id_one"}))


@pytest.mark.parametrize("value", [None, "", "a&b", "7", 7, "unknown"])
def test_a_plain_select_is_what_django_draws_in_one_go(value):
    assert drawn(PlainSelect, value) == drawn(forms.Select, value)
