"""Components say what they take, are shown in the style guide and explained in the how-to."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.template import engines

from danang_portal import style_guide

TEMPLATES = settings.BASE_DIR / "templates"
COMPONENTS = sorted((TEMPLATES / "cotton").glob("*.html"))
HOW_TO = (settings.BASE_DIR / "docs/how-to/design-system.md").read_text()
GUIDE = (TEMPLATES / "style_guide.html").read_text()


def render(source: str, **context) -> str:
    """Render a template string as the loader would: cotton compiles tags only in files."""
    from django_cotton.compiler_regex import CottonCompiler

    return engines["django"].from_string(CottonCompiler().process(source)).render(context)


@pytest.fixture(autouse=True)
def plain_static(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.mark.parametrize("file", COMPONENTS, ids=lambda file: file.stem)
def test_a_component_opens_with_its_own_description_and_is_shown_and_explained(file):
    tag = f"c-{file.stem.replace('_', '-')}"

    assert file.read_text().splitlines()[0].startswith(f"{{# {tag} – ")
    assert re.search(rf"<{tag}[\s/>]", GUIDE)
    assert f"`{tag}`" in HOW_TO


@pytest.mark.parametrize("file", COMPONENTS, ids=lambda file: file.stem)
def test_every_attribute_of_a_component_has_a_default_so_that_a_page_cannot_leak_into_it(file):
    declared = re.search(r"<c-vars(.*?)/>", file.read_text(), re.DOTALL)
    names = re.sub(r'"[^"]*"', '""', declared.group(1)).split() if declared else []

    assert [name for name in names if not name.endswith('=""')] == []


def test_every_icon_in_use_is_in_the_sprite():
    text = "".join(file.read_text() for file in TEMPLATES.rglob("*.html"))
    used = set(re.findall(r'sprite\.svg.{1,4}%}#([\w-]+)"', text)) | set(re.findall(r'icon="([\w-]+)"', text))

    assert used - set(style_guide.icons()) == set()


def test_what_a_person_typed_cannot_break_out_of_an_attribute():
    nasty = '" onclick="alert(1)'

    html = render('<c-button data-x="{{ typed }}" icon="{{ typed }}">{{ typed }}</c-button>', typed=nasty)

    assert 'onclick="' not in html
    assert "&quot; onclick=&quot;" in html


def test_text_without_markup_is_escaped_once():
    html = render("""<c-card title="{{ name }}"><c-tag>{{ name }}</c-tag></c-card>""", name="Ông & bà <b>")

    assert html.count("Ông &amp; bà &lt;b&gt;") == 2


def test_a_card_inside_a_page_with_a_title_of_its_own_stays_without_one():
    html = render("<c-card>Nội dung</c-card>", title="Tên trang", actions="Nút của trang")

    assert "Tên trang" not in html
    assert "Nút của trang" not in html


def test_a_summary_row_shows_zero_and_says_when_there_is_nothing():
    assert ">0</dd>" in render('<c-summary-row label="Phí" :value="fee" />', fee=0)
    assert "Chưa có" in render('<c-summary-row label="Phí" />')


def test_a_pager_with_one_page_draws_nothing():
    assert render("<c-pager />").strip() == ""
    assert 'rel="next"' in render('<c-pager older="?after=9" />')


def test_progress_asks_again_until_the_answer_comes_without_an_address():
    running = render('<c-progress label="Đang ký số" poll="/ho-so/1/" />')
    done = render('<c-progress label="Đã ký" value="1" max="1" />')

    assert 'hx-get="/ho-so/1/"' in running
    assert 'hx-trigger="every 2s"' in running
    assert "hx-get" not in done
