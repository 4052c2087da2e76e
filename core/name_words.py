"""Names found by the beginnings of their words, with or without marks, in any order.

The words of a name stand beside it in a generated column, so that no writer can forget them.
"""

from __future__ import annotations

import re
import unicodedata

from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Func, Value

from core.vietnamese import fold

_MARKED = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
_LETTERS = _MARKED + _MARKED.upper()
_LOOSE_MARKS = "".join(map(chr, (0x300, 0x301, 0x302, 0x303, 0x306, 0x309, 0x31B, 0x323)))
_WORD = re.compile(r"[a-z0-9]+")


class WordsOfName(models.GeneratedField):
    """The words of another column's name, as a text search vector of letters without marks."""

    def __init__(self, *, of: str) -> None:
        # The database's build knows no unaccent; marks that stand alone have no partner and fall away.
        bare = Func(F(of), Value(_LETTERS + _LOOSE_MARKS), Value(fold(_LETTERS)), function="translate")
        super().__init__(
            expression=SearchVector(bare, config="simple"),
            output_field=SearchVectorField(),
            db_persist=True,
        )
        self._of = of

    def deconstruct(self) -> tuple[str, str, list[object], dict[str, object]]:
        name, path, _args, _options = super().deconstruct()
        return name, path, [], {"of": self._of}


def beginning_with(text: str) -> SearchQuery | None:
    """Give the query for names in which every word of the text begins a word; None when it holds no letter."""
    words = _WORD.findall(fold(unicodedata.normalize("NFC", text)))
    if not words:
        return None
    return SearchQuery(" & ".join(f"{word}:*" for word in words), config="simple", search_type="raw")
