"""Synonyms of the search: add, change, remove, take back, bring in a file. The search knows each at once.

A row is shown with the number of its edits; a change of an older state than the last is refused, because two people
would overwrite each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor
from core.errors import Conflict, InvalidInput, Text
from procedures import policies
from procedures.models import CareEvent, SearchMemory, SearchSynonym
from procedures.search import memory, synonyms
from procedures.search.synonyms import BETWEEN, Entry
from procedures.services.care_log import entry as log_entry
from procedures.states import CareKind, CareSubject

LONGEST_SAID = 120
LONGEST_OFFICIAL = 500
MOST_ROWS = 20_000
MOST_PROBLEMS = 10


class Changed(Conflict):
    """Somebody has changed or removed the row since it was shown; nothing was changed."""

    code = "synonym_changed"
    message = gettext_lazy("Người khác vừa sửa dòng này. Hãy tải lại trang để xem bản mới, rồi sửa tiếp.")


@dataclass(frozen=True, slots=True)
class Difference:
    """What a file would do to the stored rows."""

    added: list[Entry] = field(default_factory=list)
    changed: list[tuple[Entry, Entry]] = field(default_factory=list)
    missing: list[Entry] = field(default_factory=list)
    same: int = 0


@transaction.atomic
def add(*, said: str, official: str, both_ways: bool, actor: Actor, at: datetime) -> SearchSynonym:
    """Enter a row.

    :raises InvalidInput: a phrase will not do, or there is a row of what is said.
    :raises NotAllowed: the actor does not look after the catalogue.
    """
    policies.require_configure(actor)
    new = _checked(Entry(said, official, both_ways))
    _one_at_a_time()
    _require_new(new)
    row = SearchSynonym.objects.create(**_columns(new), edited_by=actor.display_name)
    _log(None, new, actor=actor, at=at)
    _let_search_know()
    return row


@transaction.atomic
def change(
    *, synonym_id: int, said: str, official: str, both_ways: bool, edits: int, actor: Actor, at: datetime
) -> SearchSynonym:
    """Write a row anew. ``edits`` is the number that was shown with it.

    :raises InvalidInput, NotAllowed: as `add`.
    :raises Changed: the row is no longer as it was shown.
    """
    policies.require_configure(actor)
    new = _checked(Entry(said, official, both_ways))
    _one_at_a_time()
    row = _shown(synonym_id, edits)
    old = _of(row)
    if new == old:
        return row
    if new.key != row.key:
        _require_new(new)
    for name, value in _columns(new).items():
        setattr(row, name, value)
    row.edits += 1
    row.edited_by = actor.display_name
    row.save()
    _log(old, new, actor=actor, at=at)
    _let_search_know()
    return row


@transaction.atomic
def remove(*, synonym_id: int, edits: int, actor: Actor, at: datetime) -> CareEvent:
    """Remove a row; `undo` of what is returned brings it back.

    :raises NotAllowed, Changed: as `change`.
    """
    policies.require_configure(actor)
    _one_at_a_time()
    row = _shown(synonym_id, edits)
    event = _log(_of(row), None, actor=actor, at=at)
    row.delete()
    _let_search_know()
    return event


@transaction.atomic
def undo(*, event_id: int, actor: Actor, at: datetime) -> CareEvent:
    """Put a row back to what it was before a line of the log.

    :raises CareEvent.DoesNotExist: the log has no such line about synonyms.
    :raises Changed: the row is no longer as that line left it.
    :raises NotAllowed: the actor does not look after the catalogue.
    """
    policies.require_configure(actor)
    event = CareEvent.objects.get(pk=event_id, subject=CareSubject.SYNONYM)
    _one_at_a_time()
    before = Entry(**event.before) if event.before else None
    after = Entry(**event.after) if event.after else None
    row = SearchSynonym.objects.filter(key=after.key).first() if after else None
    if after and (row is None or _of(row) != after):
        raise Changed()
    moves = before is not None and (after is None or before.key != after.key)
    if before and moves and SearchSynonym.objects.filter(key=before.key).exists():
        raise Changed()
    if row and before:
        SearchSynonym.objects.filter(pk=row.pk).update(
            **_columns(before), edits=row.edits + 1, edited_by=actor.display_name, updated_at=at
        )
    elif row:
        row.delete()
    elif before:
        SearchSynonym.objects.create(**_columns(before), edited_by=actor.display_name)
    undone = _log(after, before, actor=actor, at=at, kind=CareKind.UNDONE)
    _let_search_know()
    return undone


def parse(text: str) -> list[Entry]:
    """Read the text file.

    :raises InvalidInput: under ``file``, each line that will not do, with its number.
    """
    rows, strange = synonyms.read(text.replace("\x00", ""))
    problems: list[Text] = [
        _("Dòng %(number)d “%(line)s” chưa đúng dạng “cách nói = cách gọi trong danh mục”. Hãy sửa dòng này.")
        % {"number": number, "line": line[:60]}
        for number, line in strange.items()
    ]
    by_key: dict[str, Entry] = {}
    for row in rows:
        try:
            good = _checked(row)
        except InvalidInput as problem:
            problems.append(f"“{row.said[:60]}”: {' '.join(problem.problems)}")
            continue
        if by_key.setdefault(good.key, good) != good:
            problems.append(_("“%s” có hai dòng khác nhau trong tệp. Hãy gộp thành một dòng.") % good.said)
    if len(by_key) > MOST_ROWS:
        problems.append(_("Tệp có quá %d dòng. Hãy bớt dòng rồi gửi lại.") % MOST_ROWS)
    if not rows and not problems:
        problems.append(_("Tệp không có dòng nào. Hãy chọn tệp khác."))
    if problems:
        raise InvalidInput({"file": problems[:MOST_PROBLEMS]})
    return list(by_key.values())


def difference(rows: Iterable[Entry]) -> Difference:
    """Say what `bring_in` would add and change, and which stored rows are not among these."""
    stored = {one.key: one for one in synonyms.entries()}
    told = Difference()
    same = 0
    for row in rows:
        old = stored.pop(row.key, None)
        if old is None:
            told.added.append(row)
        elif old != row:
            told.changed.append((old, row))
        else:
            same += 1
    return Difference(told.added, told.changed, list(stored.values()), same)


@transaction.atomic
def bring_in(*, rows: Iterable[Entry], remove_missing: bool, actor: Actor, at: datetime) -> Difference:
    """Enter the rows of a file, and with ``remove_missing`` have no others.

    :raises NotAllowed: the actor does not look after the catalogue.
    """
    policies.require_configure(actor)
    _one_at_a_time()
    told = difference(rows)
    by = actor.display_name
    SearchSynonym.objects.bulk_create(SearchSynonym(**_columns(one), edited_by=by) for one in told.added)
    stored = SearchSynonym.objects.in_bulk([new.key for _old, new in told.changed], field_name="key")
    for _old, new in told.changed:
        row = stored[new.key]
        SearchSynonym.objects.filter(pk=row.pk).update(
            **_columns(new), edits=row.edits + 1, edited_by=by, updated_at=at
        )
    gone = told.missing if remove_missing else []
    SearchSynonym.objects.filter(key__in=[one.key for one in gone]).delete()
    pairs: list[tuple[Entry | None, Entry | None]] = [(None, one) for one in told.added]
    pairs += [(one, None) for one in gone]
    pairs += told.changed
    CareEvent.objects.bulk_create(_event(old, new, actor=actor, at=at) for old, new in pairs)
    if pairs:
        _let_search_know()
    return told


def _let_search_know() -> None:
    memory.has_changed()
    transaction.on_commit(memory.forget)  # this process looks again at once, whatever it read in between


def _checked(entry: Entry) -> Entry:
    """Give a row as it is kept. :raises InvalidInput:"""
    said = " ".join(entry.said.replace("\x00", "").split())
    phrases = list(dict.fromkeys(" ".join(one.split()) for one in entry.phrases))
    good = Entry(said, f" {BETWEEN} ".join(phrases), entry.both_ways)
    errors: dict[str, list[Text]] = {}
    if not good.key:
        errors["said"] = [_("Hãy ghi cách nói thường ngày, bằng chữ, ví dụ: sổ đỏ.")]
    elif len(said) > LONGEST_SAID:
        errors["said"] = [_("Dài quá %d ký tự. Hãy ghi ngắn hơn.") % LONGEST_SAID]
    elif any(sign in said for sign in "=#|"):
        errors["said"] = [_("Không dùng các dấu = # |. Mỗi cách nói là một dòng riêng.")]
    if not phrases or not all(synonyms.key(one) for one in phrases):
        errors["official"] = [
            _("Hãy ghi ít nhất một cách gọi trong danh mục, ví dụ: giấy chứng nhận quyền sử dụng đất.")
        ]
    elif len(good.official) > LONGEST_OFFICIAL:
        errors["official"] = [_("Dài quá %d ký tự. Hãy bớt cách gọi.") % LONGEST_OFFICIAL]
    elif any(sign in good.official for sign in "=#"):
        errors["official"] = [_("Không dùng các dấu = #. Các cách gọi cách nhau bằng dấu |.")]
    elif [synonyms.key(one) for one in phrases] == [good.key]:
        errors["official"] = [_("Trùng với cách nói ở trên. Hãy ghi cách gọi khác trong danh mục.")]
    if errors:
        raise InvalidInput(errors)
    return good


def _require_new(entry: Entry) -> None:
    other = SearchSynonym.objects.filter(key=entry.key).first()
    if other is not None:
        problem = _("Đã có dòng “%s”. Hãy sửa dòng đó, không thêm dòng thứ hai.") % other
        raise InvalidInput({"said": [problem]})


def _one_at_a_time() -> None:
    """Have changes wait for each other: two people may be about to enter the same words."""
    row, _made = SearchMemory.objects.get_or_create(pk=1)
    SearchMemory.objects.select_for_update().get(pk=row.pk)


def _shown(synonym_id: int, edits: int) -> SearchSynonym:
    row = SearchSynonym.objects.filter(pk=synonym_id, edits=edits).first()
    if row is None:
        raise Changed()
    return row


def _of(row: SearchSynonym) -> Entry:
    return Entry(row.said, row.official, row.both_ways)


def _columns(entry: Entry) -> dict[str, Any]:
    return {
        "said": entry.said,
        "key": entry.key,
        "official": entry.official,
        "both_ways": entry.both_ways,
    }


def _event(
    old: Entry | None, new: Entry | None, *, actor: Actor, at: datetime, kind: CareKind | None = None
) -> CareEvent:
    shown = new or old
    return log_entry(
        CareSubject.SYNONYM,
        shown.said if shown else "",
        before=_document(old),
        after=_document(new),
        actor=actor,
        at=at,
        kind=kind,
    )


def _log(
    old: Entry | None, new: Entry | None, *, actor: Actor, at: datetime, kind: CareKind | None = None
) -> CareEvent:
    event = _event(old, new, actor=actor, at=at, kind=kind)
    event.save()
    return event


def _document(entry: Entry | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    return {"said": entry.said, "official": entry.official, "both_ways": entry.both_ways}
