"""What is drawn once and kept shows nobody what was drawn for somebody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from core import kept_markup


def drawn(template: Template, **values: Any) -> str:
    return template.render(Context(values))


def test_a_kept_part_is_drawn_once_for_each_of_its_values():
    counter = iter(range(10))
    template = Template("{% kept kind=kind call=call %}{{ kind }} {{ call }}{% endkept %}")

    class Call:
        def __hash__(self) -> int:
            return 1

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Call)

        def __str__(self) -> str:
            return str(next(counter))

    assert [drawn(template, kind=kind, call=Call()) for kind in "abab"] == ["a 0", "b 1", "a 0", "b 1"]


def test_a_kept_part_knows_nothing_that_it_does_not_name():
    template = Template(
        "{% kept kind=kind %}{{ kind }}|{{ name }}|{{ request.user }}|{% csrf_token %}{% endkept %}"
    )

    assert drawn(template, kind="k", name="An", request={"user": "An"}, csrf_token="secret") == "k|||"


def test_a_fresh_part_is_drawn_for_whoever_asks():
    template = Template(
        "{% kept kind=kind %}<b>{{ kind }}</b>{% fresh %}{{ name }}{% csrf_token %}{% endfresh %}!{% endkept %}"
    )

    for name, token in (("An", "token-1"), ("<Bình>", "token-2"), ("", "")):
        html = drawn(template, kind="k", name=name, csrf_token=token)
        assert html.startswith("<b>k</b>" + name.replace("<", "&lt;").replace(">", "&gt;"))
        assert ("token-1" in html) is (token == "token-1")
        assert ("token-2" in html) is (token == "token-2")


def test_a_fresh_part_within_an_included_template_or_component_is_drawn_for_whoever_asks():
    template = Template(
        '{% kept kind="officer" %}{% include "layout/login_links.html" %}'
        '<div title="{% fresh %}{{ name }}{% endfresh %}"></div>{% endkept %}'
    )

    assert 'value="token-1"' in drawn(template, name="An", csrf_token="token-1")
    second = drawn(template, name="Bình", csrf_token="token-2")
    assert 'value="token-2"' in second
    assert 'title="Bình"' in second
    assert "An" not in second
    assert "token-1" not in second


def test_a_text_that_is_safe_is_kept_apart_from_one_that_is_not():
    template = Template("{% kept text=text %}{{ text }}{% endkept %}")

    assert drawn(template, text=mark_safe("<b>")) == "<b>"
    assert drawn(template, text="<b>") == "&lt;b&gt;"
    assert [drawn(template, text=value) for value in (True, 1, "1")] == ["True", "1", "1"]


def test_each_language_has_its_own():
    template = Template('{% kept title=title %}{% translate "Đăng xuất" %} {{ title }}{% endkept %}')
    title = gettext_lazy("Đăng nhập")

    in_vietnamese = drawn(template, title=title)
    with translation.override("en"):
        in_english = drawn(template, title=title)

    assert in_vietnamese == "Đăng xuất Đăng nhập"
    assert in_english == "Sign out Sign in"
    assert drawn(template, title=title) == in_vietnamese


def test_a_kept_part_in_a_kept_part_leaves_what_is_fresh_to_the_page():
    template = Template(
        "{% kept outer=outer %}{{ outer }}{% kept inner=outer %}{{ inner }}"
        "{% fresh %}{{ name }}{% endfresh %}{% endkept %}{% endkept %}"
    )

    assert [drawn(template, outer="o", name=name) for name in ("An", "Bình")] == ["ooAn", "ooBình"]


def test_outside_a_kept_part_fresh_changes_nothing():
    assert drawn(Template("{% fresh %}{{ name }}{% endfresh %}"), name="An") == "An"


def test_a_list_can_be_named():
    template = Template("{% kept names=names %}{% for one in names %}{{ one }},{% endfor %}{% endkept %}")

    assert drawn(template, names=["a", "b"]) == "a,b,"
    assert drawn(template, names=["c"]) == "c,"


def test_what_is_kept_does_not_grow_without_end(monkeypatch):
    monkeypatch.setattr(kept_markup, "MOST_KEPT", 3)
    template = Template("{% kept number=number %}{{ number }}{% endkept %}")

    assert [drawn(template, number=at) for at in range(8)] == [str(at) for at in range(8)]
    assert len(template.nodelist[0]._kept) <= 3  # type: ignore[attr-defined]


def test_a_value_without_a_name_is_refused():
    with pytest.raises(TemplateSyntaxError, match="name every value"):
        Template("{% kept kind %}{% endkept %}")
