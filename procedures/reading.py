"""A version set out for people: times and fees in words, papers in groups, long texts in two pieces.

What the source does not give is said in so many words, and what was marked in the import says why it has to be
compared with the decision that published it. Nothing is computed that the source leaves open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core.languages import worded
from procedures.models import Component, FeeLine, ProcedureVersion, SubmissionChannel
from procedures.states import Channel, FeeKind, FlagReason

_ICONS = {Channel.ONLINE: "globe", Channel.COUNTER: "building-2", Channel.POST: "mail"}
_PRICE = re.compile(r"^\s*[\d.,]+\s*(?:VNĐ|Việt Nam Đồng)\s*", re.IGNORECASE)
_FREE = re.compile(r"^\s*miễn phí\s*", re.IGNORECASE)
_EMPTY_REMARK = re.compile(r"[\s\-(.]*(?:không(?: có)?|chưa quy định)?[\s).]*", re.IGNORECASE)
_STEP = re.compile(r"\*?\s*Bước \d+\s*[:.]?\s*", re.IGNORECASE)
_MARK = re.compile(r"([-–•*+])\s*(?=\D)")
_BULLETS = str.maketrans(
    {"\uf0a7": "•", "\uf0d8": "•", "\uf0fc": "•", "\u200e": None, "\u00ad": None, "\t": " "}
)
_LEGAL_HEADING = "Tên văn bản pháp lýMã văn bản"
_PAGE_OF_TEXT = 1_600
_PARAGRAPH = 420
_MANY_PAPERS = 24


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text. ``depth`` is 1 for a dash or bullet, 2 for a plus; ``lead`` is a step's number."""

    text: str
    lead: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """A text whose ``rest`` is folded away when it is long."""

    shown: str
    rest: str = ""

    def __bool__(self) -> bool:
        return bool(self.shown)

    @property
    def shown_lines(self) -> list[Line]:
        return _lines(self.shown)

    @property
    def rest_lines(self) -> list[Line]:
        return _lines(self.rest)


@dataclass(frozen=True, slots=True)
class Stated:
    """A value in words. ``doubt`` says why it is to be compared with the decision; ``remark`` is printed beside it."""

    words: str
    remark: Passage = Passage("")
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    time: Stated
    fees: tuple[Stated, ...]
    note: Passage


@dataclass(frozen=True, slots=True)
class ChannelRows:
    """Channels for which the source says the same."""

    channels: tuple[Channel, ...]
    cases: tuple[Case, ...]

    @property
    def names(self) -> list[tuple[str, str]]:
        """Give label and icon of each channel."""
        return [(str(one.label), _ICONS[one]) for one in self.channels]


@dataclass(frozen=True, slots=True)
class Paper:
    """``is_note`` marks a row without a quantity: a note or a heading that the source printed as a paper."""

    name: Passage
    quantity: str
    form: str
    is_note: bool
    hint: str = ""
    is_required: bool = False
    is_conditional: bool = False
    validity_months: int | None = None


@dataclass(frozen=True, slots=True)
class PaperGroup:
    title: Passage
    papers: tuple[Paper, ...]
    is_folded: bool


@dataclass(frozen=True, slots=True)
class Reading:
    channels: tuple[ChannelRows, ...]
    methods_text: Passage
    times: tuple[str, ...]
    fees: tuple[str, ...]
    is_time_doubtful: bool
    is_fee_doubtful: bool
    paper_groups: tuple[PaperGroup, ...]
    paper_count: int
    uploads: tuple[Paper, ...]
    forms: tuple[str, ...]
    sequence: Passage
    conditions: Passage
    legal_text: Passage
    warnings: tuple[str, ...]


def read(version: ProcedureVersion) -> Reading:
    """Set a version out. It comes with its rows and flags fetched (see `selectors.version_of`)."""
    flags = _flags(version)
    channels = tuple(_channels(version, flags))
    papers = version.components.all()
    published = [one for one in papers if not one.is_upload]
    cases = [case for rows in channels for case in rows.cases]
    return Reading(
        channels=channels,
        methods_text=Passage("") if channels else passage(printed(version.methods_text)),
        times=tuple(dict.fromkeys(case.time.words for case in cases)),
        fees=tuple(dict.fromkeys(fee.words for case in cases for fee in case.fees)),
        is_time_doubtful=any(case.time.doubt for case in cases),
        is_fee_doubtful=any(fee.doubt for case in cases for fee in case.fees),
        paper_groups=tuple(_groups(published)),
        paper_count=sum(1 for one in published if one.originals or one.copies),
        uploads=tuple(_paper(one) for one in papers if one.is_upload),
        forms=tuple(dict.fromkeys(one.form_template for one in published if one.form_template)),
        sequence=passage(version.execution_sequence),
        conditions=passage(version.eligibility_conditions),
        legal_text=passage(printed(version.legal_bases_text).removeprefix(_LEGAL_HEADING)),
        warnings=tuple(_warnings(flags)),
    )


def main_time(version: ProcedureVersion) -> str:
    """Give the time limit for a list: one that holds for every channel and that nobody doubts, or nothing."""
    times = {row.time_limit for row in version.channels.all()}
    return times.pop() if len(times) == 1 and not version.review_flags.all() else ""


def passage(text: str, limit: int = _PAGE_OF_TEXT) -> Passage:
    """Cut a long text at the end of a line, or of a sentence, near the limit."""
    text = text.strip()
    if len(text) <= limit * 1.25:
        return Passage(text)
    for mark in ("\n", ". ", "; ", ", ", " "):
        at = text.rfind(mark, limit // 2, limit)
        if at > 0:
            return Passage(text[: at + len(mark)].rstrip(), text[at + len(mark) :].lstrip())
    return Passage(text[:limit], text[limit:])


def printed(text: str) -> str:
    """Give a text of the source with its private bullets and invisible marks made readable."""
    return text.translate(_BULLETS).strip()


def _flags(version: ProcedureVersion) -> dict[str, set[str]]:
    flags: dict[str, set[str]] = {}
    for flag in version.review_flags.all():
        if flag.resolved_at is None:
            flags.setdefault(flag.field, set()).add(flag.reason)
    return flags


def _lines(text: str) -> list[Line]:
    return [_line(line.strip()) for line in text.splitlines() if line.strip()]


def _line(text: str) -> Line:
    if match := _STEP.match(text):
        return Line(text[match.end() :].strip(), lead=match[0].strip())
    if match := _MARK.match(text):
        return Line(text[match.end() :], depth=2 if match[1] == "+" else 1)
    return Line(text)


def _channels(version: ProcedureVersion, flags: dict[str, set[str]]) -> Iterable[ChannelRows]:
    said: dict[tuple[Case, ...], list[Channel]] = {}
    for channel, cases in _cases(version, flags):
        said.setdefault(cases, []).append(channel)
    return (ChannelRows(tuple(channels), cases) for cases, channels in said.items())


def _cases(
    version: ProcedureVersion, flags: dict[str, set[str]]
) -> Iterable[tuple[Channel, tuple[Case, ...]]]:
    rows = version.channels.all()
    for channel in (Channel.ONLINE, Channel.COUNTER, Channel.POST):
        cases = tuple(
            Case(
                time=_time(row, flags.get(f"methods[{row.position - 1}].duration", set())),
                fees=tuple(
                    _fee(fee, flags.get(f"methods[{row.position - 1}].fees[{fee.position - 1}]", set()))
                    for fee in row.fees.all()
                ),
                note=passage(row.note, _PARAGRAPH * 2),
            )
            for row in rows
            if row.channel == channel
        )
        if cases:
            yield channel, cases


def _time(row: SubmissionChannel, reasons: set[str]) -> Stated:
    words = row.time_limit
    if words:
        if FlagReason.UNIT_ASSUMED in reasons:
            return Stated(words, doubt=_("nguồn chỉ ghi “%s”, không ghi đơn vị") % row.duration_text)
        if FlagReason.MAYBE_WORKING_DAYS in reasons:
            return Stated(words, doubt=_("phần hướng dẫn ghi là ngày làm việc"))
        return Stated(words)
    if row.duration_text.strip().isdigit():
        return Stated(
            _("Chưa rõ thời hạn"), doubt=_("nguồn chỉ ghi “%s”, không ghi đơn vị") % row.duration_text
        )
    if row.duration_text:
        return Stated(row.duration_text)
    if any(fee.amount_vnd is None and _PRICE.match(fee.text) for fee in row.fees.all()):
        return Stated(_("Chưa rõ thời hạn"), doubt=_("nguồn ghi liền thời hạn với mức phí"))
    return Stated(_("Nguồn không ghi thời hạn"))


def _fee(fee: FeeLine, reasons: set[str]) -> Stated:
    label = str(FeeKind(fee.kind).label) if fee.kind else ""
    until = _("mức này có thời hạn áp dụng") if FlagReason.TIME_LIMITED_FEE in reasons else ""
    if fee.amount_vnd == 0:
        return Stated(_named(label, _("Miễn phí")), _remark(_FREE, fee.text), until)
    if fee.amount_vnd is not None:
        amount = _("%s đồng") % number_format(fee.amount_vnd, force_grouping=True)
        low = _("có thể đã mất hàng nghìn") if FlagReason.LOST_THOUSANDS in reasons else ""
        return Stated(_named(label, amount), _remark(_PRICE, fee.text), low or until)
    doubts = {
        FlagReason.FREE_CONTRADICTED: _("nguồn ghi miễn phí nhưng kèm giải thích khác"),
        FlagReason.LOST_THOUSANDS: _("số tiền trong nguồn có thể đã mất hàng nghìn"),
        FlagReason.TIME_GLUED_TO_FEE: _("nguồn ghi liền thời hạn với mức phí"),
    }
    why = next((text for reason, text in doubts.items() if reason in reasons), "")
    if FlagReason.FOREIGN_CURRENCY in reasons:
        return Stated(_named(label, _("Thu bằng ngoại tệ")), passage(fee.text, _PARAGRAPH))
    return Stated(_named(label, _("Chưa rõ mức thu")), passage(fee.text, _PARAGRAPH), why)


def _named(label: str, words: str) -> str:
    return f"{label}: {words}" if label else words


def _remark(said: re.Pattern[str], text: str) -> Passage:
    """Give what the cell says besides the amount, without the brackets around it."""
    rest = said.sub("", text, count=1).strip()
    if _EMPTY_REMARK.fullmatch(rest):
        return Passage("")
    if rest.startswith("(") and rest.endswith(")"):
        rest = rest[1:-1].strip()
    return passage(rest, _PARAGRAPH)


def _groups(papers: list[Component]) -> Iterable[PaperGroup]:
    grouped = [(title, list(rows)) for title, rows in groupby(papers, key=lambda one: one.group)]
    fold = len(papers) > _MANY_PAPERS and len(grouped) > 1
    for title, rows in grouped:
        yield PaperGroup(
            passage(title.strip().lstrip("*• ").rstrip(": "), _PARAGRAPH),
            tuple(_paper(row) for row in rows),
            fold,
        )


def _paper(row: Component) -> Paper:
    return Paper(
        name=passage(row.called, _PARAGRAPH),
        quantity="" if row.is_upload else _quantity(row),
        form=row.form_template,
        is_note=not row.is_upload and not row.originals and not row.copies,
        hint=worded(row.hint, row.hint_en),
        is_required=row.is_required,
        is_conditional=bool(row.condition),
        validity_months=row.validity_months,
    )


def _quantity(row: Component) -> str:
    parts = []
    if row.originals:
        parts.append(_("%d bản chính") % row.originals)
    if row.copies:
        parts.append(_("%d bản sao") % row.copies)
    return ", ".join(parts)


def _warnings(flags: dict[str, set[str]]) -> Iterable[str]:
    reasons = set().union(*flags.values()) if flags else set()
    if FlagReason.DISTRICT_LEVEL in reasons:
        yield _(
            "Nội dung còn nhắc đến cấp huyện. Từ 01/7/2025 không còn cấp này; phường, xã hoặc sở đã nhận việc thay."
        )
    if FlagReason.LOCAL_DECISION in reasons:
        yield _("Thủ tục này do một địa phương khác công bố, có thể không áp dụng tại Đà Nẵng.")
