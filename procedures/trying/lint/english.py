"""English, for those who file in English: everything that an applicant reads has it."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from procedures import messages
from procedures.eligibility import parse
from procedures.trying.findings import Finding, red
from procedures.trying.lint.draft import Draft, Rule


def everything_is_in_english(draft: Draft) -> Iterator[Finding]:
    if draft.is_online:
        for path, vietnamese, english in _texts(draft):
            if vietnamese and not english:
                yield red(
                    "no_english", path, _("Thiếu tiếng Anh cho “%s”. Thêm bản tiếng Anh.") % vietnamese[:80]
                )


def _texts(draft: Draft) -> Iterator[tuple[str, str, str]]:
    """Give path, Vietnamese and English of every text that an applicant reads."""
    said = draft.document
    yield "name_en", said["name"], said["name_en"]
    yield "guidance_en", said["guidance"], said["guidance_en"]
    for page in draft.schema.pages:
        yield f"eform.{page.id}.title_en", page.title, page.title_en
        yield f"eform.{page.id}.intro_en", page.intro, page.intro_en
        for section in page.sections:
            yield f"eform.{page.id}.title_en", section.title, section.title_en
    for path, one in draft.questions():
        yield f"{path}.label_en", one.label, one.label_en
        yield f"{path}.hint_en", one.hint, one.hint_en
        yield f"{path}.help_en", one.help, one.help_en
        yield f"{path}.pattern_problem_en", one.pattern_problem, one.pattern_problem_en
        for choice in one.choices:
            yield f"{path}.choices.{choice.value}", choice.label, choice.label_en
    check = said["eligibility"]
    for at, asked in enumerate(parse(check).fields.values()):
        path = f"eligibility.questions[{at}]"
        yield f"{path}.label_en", asked.label, asked.label_en
        yield f"{path}.hint_en", asked.hint, asked.hint_en
        for choice in asked.choices:
            yield f"{path}.choices", choice.label, choice.label_en
    for at, outcome in enumerate(check["outcomes"]):
        yield f"eligibility.outcomes[{at}].reason_en", outcome["reason"], outcome["reason_en"]
    for path, row in draft.rows("uploads"):
        yield f"{path}.name_en", row["name"], row["name_en"]
        yield f"{path}.hint_en", row["hint"], row["hint_en"]
    for path, row in draft.rows("results"):
        yield f"{path}.until_event_en", row["until_event"], row["until_event_en"]
    for topic, words in said["messages"].items():
        if topic in messages.LETTERS:
            continue
        yield f"messages.{topic}.en", words["vi"], words["en"]


RULES: list[Rule] = [everything_is_in_english]
