"""Why something was found, in words: what was taken for what, and what the title itself does not show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Protocol

from django.db import connection
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from procedures.search import knowledge
from procedures.search import query as queries
from procedures.search.highlight import Forms
from procedures.search.query import CHATTER_WEIGHT, Group, Query
from procedures.search.words import bare, has_marks, words
from procedures.search.words import marked as marked_form

MOST_SYNONYMS = 3


class Reason(TextChoices):
    """Why a title is shown that holds no word of the question."""

    TEXT = "text", _("Từ bạn tìm có trong nội dung thủ tục.")
    MEANING = "meaning", _("Tên gọi khác, nhưng gần nghĩa với điều bạn hỏi.")


class Named(Protocol):
    """What is explained: a version, or what a list shows of it."""

    @property
    def pk(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def short_name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Renamed:
    """A part of the question as it was said, and what titles on the page call the same thing."""

    said: str
    official: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """``meant``: the question as it would be taken, where its words were looked for as they were typed.

    ``shorter``: the words of the question that titles hold, where they do not hold all.
    ``forms``: how its words are written where they are meant (`highlight.markup`).
    """

    renamed: list[Renamed] = field(default_factory=list)
    reasons: dict[int, Reason] = field(default_factory=dict)
    meant: str = ""
    shorter: str = ""
    forms: Forms = field(default_factory=dict)

    def is_by_meaning_alone(self, ids: Collection[int]) -> bool:
        """Say of versions that none of them holds what was asked, in its title or elsewhere."""
        return bool(ids) and all(self.reasons.get(pk) is Reason.MEANING for pk in ids)


def explain(text: str, versions: Iterable[Named], *, marked: frozenset[str], exact: bool) -> Explanation:
    """Explain what `find` gave for a question. One query, where a title holds no word of it.

    :param marked: the words that are highlighted in the names.
    :param exact: the words were looked for as they were typed.
    """
    known = knowledge.known()
    query = queries.parse(text, known, correct=not exact)
    if query.code or not query.groups:
        return Explanation()
    titles = {version.pk: frozenset(words(f"{version.name} {version.short_name}")) for version in versions}
    reasons = _reasons(query, [pk for pk, title in titles.items() if not title & marked])
    meant = ""
    if exact and (corrected := queries.parse(text, known)).corrected:
        meant = " ".join(corrected.written)
    return Explanation(_renamed(query, titles.values()), reasons, meant, _shorter(query), _forms(query))


def _forms(query: Query) -> Forms:
    """Give how words are written: those of whoever sets marks, and those of synonyms; a typed one without is any word."""
    found: dict[str, set[str]] = defaultdict(set)
    loose: set[str] = set()
    for group in query.groups:
        for at, phrase in enumerate(group.phrases):
            is_sure = query.has_marks if at == 0 else has_marks(" ".join(phrase))
            for word in phrase:
                if is_sure:
                    found[bare(word)].add(marked_form(word))
                else:
                    loose.add(bare(word))
    return {word: frozenset(forms) for word, forms in found.items() if word not in loose}


def _renamed(query: Query, titles: Iterable[frozenset[str]]) -> list[Renamed]:
    """Give the synonyms by which titles were found that do not say what was asked."""
    told = []
    held = list(titles)
    for group in query.groups:
        said = group.phrases[0]
        typed = frozenset(map(bare, said))
        official = [
            " ".join(phrase)
            for phrase in group.phrases[1:]
            if any(frozenset(map(bare, phrase)) <= title and not typed <= title for title in held)
        ]
        if official:
            told.append(Renamed(" ".join(said), tuple(official[:MOST_SYNONYMS])))
    return told[:MOST_SYNONYMS]


def _reasons(query: Query, unexplained: list[int]) -> dict[int, Reason]:
    if not unexplained:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM procedures_procedureversion"
            " WHERE id = ANY(%s) AND body_search @@ to_tsquery('simple', %s)",
            [unexplained, _whole(query)],
        )
        by_text = {pk for (pk,) in cursor.fetchall()}
    return {pk: Reason.TEXT if pk in by_text else Reason.MEANING for pk in unexplained}


def _whole(query: Query) -> str:
    """Ask for every part of the question that tells, in its own words or in official ones."""
    telling = [group for group in query.groups if group.weight > CHATTER_WEIGHT] or query.groups
    parts = (
        " | ".join(f"({' & '.join(map(bare, phrase))})" for phrase in group.phrases) for group in telling
    )
    # Words hold only a–z and 0–9, so nothing in them is syntax.
    return " & ".join(f"({part})" for part in parts)


def _shorter(query: Query) -> str:
    """Give the question without the words that no title holds; nothing if it has none such, or no others that tell."""
    vocabulary = knowledge.known().vocabulary

    def is_known(group: Group) -> bool:
        return any(all(bare(word) in vocabulary for word in phrase) for phrase in group.phrases)

    kept = [group for group in query.groups if is_known(group)]
    tells = any(group.weight > CHATTER_WEIGHT for group in kept)
    if not tells or len(kept) == len(query.groups):
        return ""
    return " ".join(word for group in kept for word in group.phrases[0])
