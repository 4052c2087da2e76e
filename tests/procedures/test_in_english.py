"""A reader of English sees the English that somebody wrote: names, guidance, papers."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from procedures.models import Component, LifeEvent, LifeEventStep, ProcedureVersion
from procedures.states import LifeAudience
from tests.procedures.test_catalogue_pages import enter
from tests.procedures.test_import import record

CODE, NAME, ENGLISH = "1.000894", "Thủ tục đăng ký kết hôn", "Registration of a marriage"


@pytest.fixture
def reader(client: Client, db: None, tmp_path: Path) -> Client:
    enter(tmp_path, record(code=CODE, name=NAME), record(code="1.000656", name="Đăng ký khai tử"))
    version = ProcedureVersion.objects.get(procedure__code=CODE)
    version.name_en, version.guidance, version.guidance_en = ENGLISH, "Cả hai cùng đến.", "Come both of you."
    version.save()
    Component.objects.create(
        version=version,
        position=90,
        name="Giấy tờ thử",
        name_en="A paper to try",
        hint="Gợi ý thử",
        hint_en="A hint",
        is_upload=True,
    )
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def test_the_page_of_a_procedure_is_in_english_as_far_as_it_is_written(reader: Client):
    html = reader.get(reverse("procedures:detail", args=[CODE])).content.decode()

    assert f"<h1>{ENGLISH}</h1>" in html
    assert f'<p class="procedure__official" lang="vi">{NAME}</p>' in html
    assert "Come both of you." in html
    assert "Cả hai cùng đến." not in html
    assert "A paper to try" in html
    assert "A hint" in html


def test_lists_and_suggestions_name_it_in_english_too(reader: Client):
    html = reader.get(reverse("procedures:list"), {"q": "kết hôn"}).content.decode()
    suggested = reader.get(reverse("procedures:suggest"), {"q": "kết hôn"}).json()["suggestions"]

    assert f">{ENGLISH}</a>" in html
    assert '<p class="procedure-item__official" lang="vi">Thủ tục đăng ký <mark>kết hôn</mark></p>' in html
    assert ENGLISH in [one["name"] for one in suggested]


def test_a_life_event_names_its_steps_in_english(reader: Client):
    event = LifeEvent.objects.create(
        slug="thu", title="Thử", lede="Thử.", audience=LifeAudience.values[0], icon="baby"
    )
    LifeEventStep.objects.create(event=event, position=1, code=CODE, why="Vì thử.", why_en="To try.")

    html = reader.get(reverse("life_events:detail", args=["thu"])).content.decode()

    assert ENGLISH in html


def test_who_reads_vietnamese_sees_no_english_name(reader: Client):
    del reader.cookies[settings.LANGUAGE_COOKIE_NAME]

    html = reader.get(reverse("procedures:detail", args=[CODE])).content.decode()

    assert ENGLISH not in html
    assert f">{NAME}</h1>" in html
