"""Template tags that draw a part of a page once and keep it: most of a page is the same for everybody.

    {% kept kind=actor.kind %}
      … drawn once for each language and each ``kind`` …
      {% fresh %}{% csrf_token %}{{ actor.display_name }}{% endfresh %}
    {% endkept %}

A kept part is drawn in a context that holds the named values and nothing else: no request, no person, no token. So it
cannot show one visitor what was made for another; whatever differs is named, or stands between ``fresh`` and
``endfresh``, which is drawn each time in the context of the page (and so does not see the loops and ``with`` of the
kept part around it). What is kept lives in this process until it ends.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Hashable
from typing import Any

from django.template import Context, Library, Node, TemplateSyntaxError
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = Library()

MOST_KEPT = 256
"""Variants of one part; where more are asked for, it forgets them all and begins anew."""

_DRAWING = "_kept_markup_fresh_parts"
# Nobody can write a place-holder: it has a secret of this process. Letters and digits pass every escaping unchanged.
_SECRET = secrets.token_hex(12)
_PLACE = re.compile(rf"kept{_SECRET}n(\d+)n")


class Kept(Node):
    """A part of a page, kept for the values that it depends on."""

    child_nodelists = ("nodelist",)

    def __init__(self, nodelist: NodeList, depends_on: dict[str, FilterExpression]) -> None:
        self.nodelist = nodelist
        self.depends_on = depends_on
        self._kept: dict[Hashable, list[str | Fresh]] = {}

    def render(self, context: Context) -> SafeString:
        values = {name: _plain(value.resolve(context)) for name, value in self.depends_on.items()}
        if _DRAWING in context:  # a part of a part that is kept as a whole
            with context.push(**values):
                return self.nodelist.render(context)
        # With their types: 1 is not written as True is, nor a text that is safe as one that is not.
        key = (get_language(), *((type(value), value) for value in values.values()))
        parts = self._kept.get(key)
        if parts is None:
            parts = self._draw(context, values)
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = parts
        written = [part if isinstance(part, str) else part.nodelist.render(context) for part in parts]
        return mark_safe("".join(written))  # noqa: S308  (drawn by templates, which escape)

    def _draw(self, context: Context, values: dict[str, Any]) -> list[str | Fresh]:
        fresh: list[Fresh] = []
        alone = Context({**values, _DRAWING: fresh}, autoescape=context.autoescape)
        alone.template = context.template
        texts = _PLACE.split(self.nodelist.render(alone))
        # Texts and numbers of fresh parts in turn.
        return [fresh[int(text)] if at % 2 else text for at, text in enumerate(texts)]


class Fresh(Node):
    """What is drawn each time, within a kept part; anywhere else it changes nothing."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        if _DRAWING not in context:
            return self.nodelist.render(context)
        parts: list[Fresh] = context[_DRAWING]
        parts.append(self)
        return SafeString(f"kept{_SECRET}n{len(parts) - 1}n")


def _plain(value: Any) -> Any:
    """Make a value that can be looked up: a lazy text in the language of the page, a list that does not change."""
    if isinstance(value, Promise):
        return str(value)
    return tuple(value) if isinstance(value, list) else value


@register.tag
def kept(parser: Parser, token: Token) -> Kept:
    """Draw once for each language and each combination of the named values: ``{% kept a=value b=other|filter %}``."""
    bits = token.split_contents()[1:]
    depends_on = token_kwargs(bits, parser)
    if bits:
        raise TemplateSyntaxError(f"kept: name every value that the part depends on, as name={bits[0]}")
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(nodelist, depends_on)


@register.tag
def fresh(parser: Parser, token: Token) -> Fresh:
    """Draw each time, in the context of the page."""
    nodelist = parser.parse(("endfresh",))
    parser.delete_first_token()
    return Fresh(nodelist)
