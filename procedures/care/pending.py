"""What the national catalogue says of a procedure now that the city has not answered yet. Reads only.

Three documents are held against each other: what the catalogue said (``answered``), what it says (``source``), and
what the city's version says. What the city changed by itself is its own business; what the ministry changed is asked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from procedures import document as documents
from procedures.care import corrections
from procedures.document import Difference, Key
from procedures.document.comparing import ORDER, row_keys
from procedures.importing.doubts import is_web_address
from procedures.importing.records import Record
from procedures.models import Procedure, ProcedureVersion, ReviewFlag, SourceChange
from procedures.states import FlagReason, ReviewState, SourceChangeKind, VersionStatus

_SAME = ("name", "sector", "ministry", "kind", "levels", "applicant_categories")
_PAPER = ("group", "name", "form_template", "originals", "copies")
_PUBLISHED = {
    "execution_sequence": "steps",
    "eligibility_conditions": "requirements",
    "authority": "authority",
    "methods_text": "methods_text",
    "components_text": "components_text",
    "legal_bases_text": "legal_bases_text",
    "levels_text": "levels_text",
    "applicant_categories_text": "audiences_text",
}
_COPIES = frozenset(name for name in _PUBLISHED if name.endswith("_text"))
_LISTS = {"methods": "channels", "components": "papers", "audiences": "applicant_categories"}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is accepted or rejected as a whole: a value, a row, a time limit with its words, an order."""

    group: Key
    parts: tuple[Difference, ...]
    doubts: tuple[tuple[FlagReason, str], ...] = ()

    @property
    def token(self) -> str:
        """Names the item, and what it would put in place: another one as soon as the source says something else."""
        said = [[list(one.key), one.after] for one in self.parts]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:20]

    @property
    def label(self) -> str:
        return "; ".join(dict.fromkeys(one.label for one in self.parts))

    @property
    def is_harmless(self) -> bool:
        """Say whether it changes nothing for anybody: punctuation, an order, the source's own copy or address."""
        return not self.doubts and all(_is_harmless(one) for one in self.parts)


def source_part(record: Record) -> dict[str, Any]:
    """Give a record of the national catalogue as the part of a document that it speaks of."""
    link = record.short["source_url"]
    return {
        "name": record.name,
        "sector": record.short["field"],
        "ministry": record.short["ministry"],
        "kind": record.short["kind"],
        "levels": list(record.levels),
        "applicant_categories": list(record.audiences),
        "decision": {"number": record.short["decision"]},
        "source_url": link if is_web_address(link) else "",
        "published": {name: record.texts[key] for name, key in _PUBLISHED.items()},
        "channels": [
            {
                "channel": str(one.channel),
                "time": {
                    "value": corrections.plain(one.duration_value),
                    "unit": one.duration_unit,
                },
                "time_text": one.duration_text,
                "note": one.note,
                "fees": [
                    {"kind": fee.kind, "amount_vnd": fee.amount_vnd, "text": fee.text} for fee in one.fees
                ],
            }
            for one in record.methods
        ],
        "papers": [
            {
                "group": one.group,
                "name": one.name,
                "form_template": one.form,
                "originals": one.originals,
                "copies": one.copies,
            }
            for one in record.papers
        ],
        "legal_bases": [{"code": one.code, "title": one.name} for one in record.legal_bases],
        "results": [{"code": one.code, "name": one.name} for one in record.results],
    }


def spoken(document: Mapping[str, Any]) -> dict[str, Any]:
    """Give the part of a document that the national catalogue speaks of as well."""
    return {
        **{name: document[name] for name in _SAME},
        "decision": {"number": document["decision"]["number"]},
        "source_url": document["source_url"],
        "published": {name: document["published"][name] for name in _PUBLISHED},
        "channels": document["channels"],
        "papers": [{name: one[name] for name in _PAPER} for one in document["papers"]],
        "legal_bases": document["legal_bases"],
        "results": [{"code": one["code"], "name": one["name"]} for one in document["results"]],
    }


def target_of(procedure: Procedure) -> ProcedureVersion | None:
    """Give the version that the catalogue is held against: the one in work, else the published one."""
    rows = procedure.versions.select_related("procedure", "sector", "competent_agency")
    working = rows.filter(status__in=(VersionStatus.DRAFT, VersionStatus.APPROVED)).first()
    if working is not None or procedure.current_version_id is None:
        return working
    return rows.get(pk=procedure.current_version_id)


def said_before(procedure: Procedure, target: ProcedureVersion) -> dict[str, Any]:
    """Give what the catalogue said when the city's version began; the city's own words where nobody knows."""
    first = None
    if target.source_digest:
        rows = procedure.versions.select_related("procedure", "sector", "competent_agency")
        first = rows.filter(source_digest=target.source_digest).order_by("version_no").first()
    document = documents.of_version(first or target)
    if first is not None:
        document = _uncorrected(first, document)
    return spoken(document)


def items(change: SourceChange, document: Mapping[str, Any]) -> list[Item]:
    """Give what is still to be answered, held against a document, in its order."""
    asked = {_group(one.key) for one in documents.differences(change.answered, change.source)}
    found: dict[Key, list[Difference]] = {}
    for one in documents.differences(spoken(document), change.source):
        group = _group(one.key)
        if any(_related(group, other) for other in asked):
            found.setdefault(group, []).append(one)
    doubted = _doubted(change)
    return [
        Item(
            group,
            tuple(parts),
            tuple((reason, text) for key, reason, text in doubted if _related(group, key)),
        )
        for group, parts in found.items()
    ]


def count(change: SourceChange, procedure: Procedure) -> int:
    """Count what is still to be answered, as things stand."""
    if change.kind == SourceChangeKind.ABOLISHED:
        return change.pending
    target = target_of(procedure)
    return len(items(change, documents.of_version(target))) if target is not None else 0


def answered_with(change: SourceChange, groups: Iterable[Key], source: Mapping[str, Any]) -> dict[str, Any]:
    """Give ``answered`` with what another document says of some groups."""
    chosen = list(groups)
    return documents.taken(
        change.answered, source, lambda key: any(_related(_group(key), group) for group in chosen)
    )


def _group(key: Key) -> Key:
    """A time limit and its words belong together, and so does all that is said of one fee."""
    if key[0] == "channels" and len(key) > 2:
        if key[2] in ("time", "time_text"):
            return (*key[:2], "time")
        if key[2] == "fees" and len(key) > 3:
            return key[:4]
    return key


def _related(one: Key, other: Key) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _is_harmless(one: Difference) -> bool:
    if one.key[-1] == ORDER or one.key == ("source_url",):
        return True
    if one.key[0] == "published" and one.key[-1] in _COPIES:
        return True
    texts = isinstance(one.before, str) and isinstance(one.after, str)
    return texts and _letters(one.before) == _letters(one.after)


def _letters(text: str) -> str:
    """A text without punctuation, white space and case. Marks stay: they make other words."""
    return "".join(char for char in text.casefold() if char.isalnum())


def _doubted(change: SourceChange) -> list[tuple[Key, FlagReason, str]]:
    found = []
    for field, reason, text in change.doubts:
        place = corrections.place_of(field, reason)
        key = _key(place.way, change.source) if place is not None and place.way else None
        if place is not None and not place.way:
            key = place.columns[0][1]
        if key is None:
            head = field.partition("[")[0]
            key = (_LISTS.get(head, head),)
        elif place is not None and place.kind is corrections.Time:
            key = (*key, "time")
        found.append((key, FlagReason(reason), text))
    return found


def _key(way: tuple[str | int, ...], document: Any) -> Key | None:
    key: list[str] = []
    for step in way:
        if isinstance(step, int):
            names = list(row_keys(document))
            if step >= len(names):
                return None
            key.append(names[step])
        else:
            key.append(step)
        document = document[step]
    return tuple(key)


def _uncorrected(version: ProcedureVersion, document: dict[str, Any]) -> dict[str, Any]:
    """Take back what was corrected on an imported version where it stands: the catalogue did not say that."""
    flags = ReviewFlag.objects.filter(version=version, state=ReviewState.CORRECTED, draft=None)
    for flag in flags.prefetch_related("decisions"):
        place = corrections.place_of(flag.field, flag.reason)
        last = max(flag.decisions.all(), key=lambda one: one.pk, default=None)
        if place is not None and last is not None and corrections.of_document(place, document) == last.after:
            document = corrections.in_document(place, document, last.before)
    return document
