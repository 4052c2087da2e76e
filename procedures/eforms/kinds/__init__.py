"""The kinds of fields, a module for each family; each kind enters itself into `base.KINDS` when it is imported."""

from procedures.eforms.kinds import address, choices, codes, computed, contact, dates, numbers, rows, texts
from procedures.eforms.kinds.base import KINDS, Answer, Kind, WrongAnswer, kind_of, plain_text

__all__ = [
    "KINDS",
    "Answer",
    "Kind",
    "WrongAnswer",
    "address",
    "choices",
    "codes",
    "computed",
    "contact",
    "dates",
    "kind_of",
    "numbers",
    "plain_text",
    "rows",
    "texts",
]
