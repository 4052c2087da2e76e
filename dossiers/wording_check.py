"""Whether a letter to an applicant says enough, and says it decently (NĐ 61/2018, art. 17 and 19; domain: 4.4).

A refusal or a request for a supplement must name the thing, the reason, how to mend it, until when and where to ask.
These checks are pure: text in, problems out. They refuse what is surely wrong; a decent, concrete text passes. The
patterns are data (``dossiers/data/wording.toml``), so that they can grow without a change of the program.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput, Text

FEWEST_WORDS = 5
"""Different words that a passage must have at least; Vietnamese writes every syllable as a word."""
SHOUTED_WORDS = 4
"""So many words in capitals one after another are shouting; fewer may be the name of an office or a law."""

_PATTERNS = Path(__file__).parent / "data" / "wording.toml"

_MESSAGES: dict[str, tuple[Promise, Promise]] = {
    "too_short": (
        _("Nội dung quá ngắn nên người nộp không biết phải làm gì."),
        _("Hãy ghi rõ sai hoặc thiếu gì, ở đâu và cách sửa."),
    ),
    "unnamed_papers": (
        _("“%(found)s” không nêu tên giấy tờ."),
        _("Hãy ghi tên từng giấy tờ đúng như trong danh mục thành phần hồ sơ."),
    ),
    "unnamed_law": (
        _("“%(found)s” không nêu văn bản hay điều khoản nào."),
        _("Hãy ghi điều, khoản và số văn bản, ví dụ “Điều 16 Luật Hộ tịch”."),
    ),
    "ask_elsewhere": (
        _("“%(found)s” bắt người nộp đi hỏi thay vì được trả lời."),
        _("Hãy viết ngay câu trả lời ở đây; nơi hỏi và số điện thoại đã được in ở cuối phiếu."),
    ),
    "says_nothing": (
        _("Nội dung chỉ nói hồ sơ chưa đạt mà không nói vì sao."),
        _("Hãy ghi mục nào chưa đạt, vì sao và cách sửa."),
    ),
    "insult": (
        _("“%(found)s” xúc phạm hoặc quy kết người nộp."),
        _("Hãy bỏ từ này, chỉ nêu sự việc và căn cứ."),
    ),
    "threat_or_bribe": (
        _("“%(found)s” là lời đe dọa hoặc đòi hỏi ngoài quy định."),
        _("Hãy bỏ từ này; khoản thu chỉ theo mức phí, lệ phí đã công bố."),
    ),
    "technical": (
        _("“%(found)s” là mã kỹ thuật, người nộp không hiểu được."),
        _("Hãy viết lại bằng tiếng Việt thông thường."),
    ),
    "abolished_paper": (
        _("“%(found)s” đã được bãi bỏ, không được yêu cầu nữa."),
        _("Hãy tra cứu trong cơ sở dữ liệu dân cư thay vì đòi giấy này."),
    ),
    "shouting": (
        _("“%(found)s” viết toàn chữ in hoa như quát."),
        _("Hãy viết bằng chữ thường."),
    ),
    "unpublished": (
        _("“%(found)s” không có trong danh mục thành phần hồ sơ đã công bố."),
        _("Chỉ được yêu cầu giấy tờ trong danh mục; hãy bỏ yêu cầu này hoặc chọn đúng thành phần."),
    ),
    "no_mend": (
        _("Chưa nói người nộp cần làm gì tiếp theo."),
        _("Hãy thêm việc cần làm, ví dụ “Hãy chụp lại trang 2 cho rõ rồi nộp lại”."),
    ),
    "no_reason": (
        _("Chưa có lý do."),
        _("Hãy chọn lý do trong danh sách công khai và giải thích."),
    ),
    "no_limit": (
        _("Chưa nói người nộp phải làm xong lúc nào."),
        _("Hãy đặt thời hạn bổ sung."),
    ),
    "no_contact": (
        _("Chưa nói người nộp hỏi ở đâu."),
        _("Hãy ghi nơi hỏi và số điện thoại của bộ phận một cửa."),
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that keeps a letter from being sent: where, by which rule, what is wrong and how to mend it."""

    field: str
    rule: str
    problem: Text
    fix: Text

    @property
    def message(self) -> str:
        return f"{self.problem} {self.fix}"


def problems(*, field: str, text: str, published: Iterable[str] | None = None) -> list[Problem]:
    """Say what is vague or abusive in one passage of a letter; an empty list is a good text.

    :param field: the field in which it was typed; the problems carry it.
    :param published: the names of the procedure's components. With it, documents that are asked for beyond them are
        problems too.
    """
    plain = _plain(text)
    found: list[Problem] = []
    for rule in _rules():
        if match := rule.broken_by(plain, written=text):
            found.append(_problem(field, rule.name, match))
    if shouted := _shouted(text):
        found.append(_problem(field, "shouting", shouted))
    if published is not None:
        found += [_problem(field, "unpublished", name) for name in _demanded_beyond(plain, published)]
    if not found and len(set(re.findall(r"\w+", plain))) < FEWEST_WORDS:
        found.append(_problem(field, "too_short", ""))
    return found


def require(*, field: str, text: str, published: Iterable[str] | None = None) -> None:
    """Let one passage of a letter pass; see `problems`.

    :raises InvalidInput: under ``field``, every problem with its mend.
    """
    _refuse(problems(field=field, text=text, published=published))


def tells_how_to_mend(text: str) -> bool:
    """Tell whether a text says what the applicant is to do."""
    return any(pattern.search(_plain(text)) for pattern in _mending())


def unpublished(*, names: Iterable[str], published: Iterable[str]) -> list[str]:
    """Give the demanded documents that are not among the procedure's published components, by name."""
    known = [_plain(name) for name in published]
    return [name for name in names if not any(_plain(name) in one or one in _plain(name) for one in known)]


@dataclass(frozen=True, slots=True)
class Letter:
    """The parts of a letter of refusal or supplement.

    ``until`` is None where the law sets the applicant no limit; ``mend`` may be empty where the explanation itself
    says what to do.
    """

    reason: str
    explanation: str
    mend: str
    ask_at: str
    until: datetime | None = None


def gaps(letter: Letter, *, fields: Mapping[str, str] | None = None, needs_limit: bool) -> list[Problem]:
    """Say which part a letter lacks: reason, how to mend, until when, where to ask.

    :param fields: the form's names of the parts, where they differ from the names in `Letter`.
    :param needs_limit: whether the applicant has to act by a certain time (a supplement, not a refusal).
    """
    at = {name: name for name in Letter.__dataclass_fields__} | dict(fields or {})
    found: list[Problem] = []
    if not letter.reason.strip():
        found.append(_problem(at["reason"], "no_reason", ""))
    if not (tells_how_to_mend(letter.mend) or tells_how_to_mend(letter.explanation)):
        found.append(_problem(at["mend"], "no_mend", ""))
    if needs_limit and letter.until is None:
        found.append(_problem(at["until"], "no_limit", ""))
    if not letter.ask_at.strip():
        found.append(_problem(at["ask_at"], "no_contact", ""))
    return found


def require_letter(
    letter: Letter,
    *,
    fields: Mapping[str, str] | None = None,
    needs_limit: bool,
    published: Iterable[str] | None = None,
) -> None:
    """Let a whole letter pass: its explanation by `problems`, its parts by `gaps`.

    :raises InvalidInput: under the fields' names, every problem with its mend.
    """
    names = dict(fields or {})
    found = problems(
        field=names.get("explanation", "explanation"), text=letter.explanation, published=published
    )
    _refuse(found or gaps(letter, fields=names, needs_limit=needs_limit))


def _refuse(found: Iterable[Problem]) -> None:
    errors: dict[str, list[Text]] = {}
    for one in found:
        errors.setdefault(one.field, []).append(one.message)
    if errors:
        raise InvalidInput(errors)


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    patterns: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None

    def broken_by(self, plain: str, *, written: str) -> str:
        """Give the words that break the rule, or nothing."""
        if self.unless is not None and self.unless.search(unicodedata.normalize("NFC", written)):
            return ""
        matches = (pattern.search(plain) for pattern in self.patterns)
        return next((match[0].strip(" .,;\n") for match in matches if match), "")


@cache
def _data() -> dict[str, dict[str, object]]:
    return tomllib.loads(_PATTERNS.read_text(encoding="utf-8"))


_NOT_RULES = frozenset({"demands", "mend"})


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(
        _Rule(
            name,
            tuple(_compiled(pattern) for pattern in rule["patterns"]),  # type: ignore[attr-defined]  # of our own data file
            _compiled(str(rule["unless"])) if "unless" in rule else None,
        )
        for name, rule in _data().items()
        if name not in _NOT_RULES
    )


@cache
def _mending() -> tuple[re.Pattern[str], ...]:
    return tuple(_compiled(pattern) for pattern in _data()["mend"]["patterns"])  # type: ignore[attr-defined]  # of our own data file


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(unicodedata.normalize("NFC", pattern))


def _plain(text: str) -> str:
    """Give a text in one way of writing: composed letters, lower case, single spaces, lines kept apart."""
    lower = unicodedata.normalize("NFC", text).lower()
    lines = (" ".join(line.split()) for line in lower.splitlines())
    return "\n".join(line for line in lines if line)


def _shouted(text: str) -> str:
    """Give the first run of words in capitals that is too long for a name."""
    run: list[str] = []
    for word in unicodedata.normalize("NFC", text).split():
        letters = [character for character in word if character.isalpha()]
        if len(letters) > 1 and all(letter.isupper() for letter in letters):
            run.append(word)
            if len(run) >= SHOUTED_WORDS:
                return " ".join(run)
        else:
            run = []
    return "!!" if "!!" in text else ""


def _demanded_beyond(plain: str, published: Iterable[str]) -> list[str]:
    demands = _data()["demands"]
    verb = _compiled(str(demands["verbs"]))
    known = [_plain(name) for name in published]
    found = []
    for document in demands["documents"]:  # type: ignore[attr-defined]  # of our own data file
        name = _plain(str(document))
        asked = any(verb.search(sentence) and name in sentence for sentence in re.split(r"[.;\n]", plain))
        if asked and not any(name in one for one in known):
            found.append(name)
    return found


def _problem(field: str, rule: str, found: str) -> Problem:
    problem, fix = _MESSAGES[rule]
    return Problem(field=field, rule=rule, problem=str(problem) % {"found": found}, fix=fix)
