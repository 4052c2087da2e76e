"""Kiểm tra điều kiện: a few questions before anything is filed, and what their answers lead to.

A check is a part of a version's document (`procedures.document`)::

    eligibility:
      questions:                    # as in the e-form; only kinds that say nothing of who answers
      - {name: tuoi, type: integer, label: Bạn bao nhiêu tuổi?, label_en: How old are you?}
      outcomes:                     # the first whose condition holds counts; none: you can file
      - condition: {field: tuoi, less: 18}
        result: cannot
        reason: Nam phải từ đủ 20 tuổi, nữ từ đủ 18 tuổi.
        reason_en: …
        law: Luật Hôn nhân và gia đình 2014, điều 8

`checks` reads one, `deciding` works it out as far as the answers go, `screener` does that for all services at once.
Nothing is kept of what somebody answers: it stands in the address and nowhere else.
"""

from procedures.eligibility.checks import Check, Outcome, of_version, parse
from procedures.eligibility.deciding import Verdict, decide

__all__ = ["Check", "Outcome", "Verdict", "decide", "of_version", "parse"]
