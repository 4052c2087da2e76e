"""Cấp lại: a result that is issued again takes over from the one that was lost or damaged (domain: results, 7.4).

Which service issues a result again is said by its result type (``reissue_procedure``). What that service issues takes
over only where it is the same kind of paper: a copy of an extract leaves the original in force.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from core.vietnamese import fold
from procedures.models import ResultType
from results_vault.models import Result
from results_vault.selectors import with_owner
from results_vault.services import take_over
from results_vault.states import Change, Outcome

_IN_USE = (Outcome.VALID, Outcome.SUSPENDED)


def candidates(result: Result, *, on: date) -> list[Result]:
    """Give the owner's earlier results in use for which this one may have been issued again, the newest first.

    One query, two where the service issues anything again.
    """
    code = result.procedure_code
    types = ResultType.objects.filter(reissue_procedure=code)
    if not types.exists():
        return []
    today = types.filter(version__current_of__isnull=False).values("version__procedure__code")
    earlier = with_owner(Result.objects.all()).filter(
        Q(result_type__reissue_procedure=code)
        | Q(result_type=None, procedure_code__in=today)
        | Q(procedure_code=code),  # what was issued again once may be lost once more
        owner_person=result.owner_person_id,
        owner_organisation=result.owner_organisation_id,
        pk__lt=result.pk,
    )
    name = fold(result.title)
    return [
        one for one in earlier.order_by("-pk") if fold(one.title) == name and one.outcome(on=on) in _IN_USE
    ]


def finish(result: Result, *, stated: Iterable[str], service: str, at: datetime) -> Result | None:
    """Let a result that was issued again take over from the earlier one; give that one, if it is known which it is.

    The one whose number the applicant or the specialist has written, else the only one. Where it is not known, nothing
    changes: who signs for the agency is shown the candidates on the page of the new result.

    :param stated: the answers of the form and of the draft. :param service: name of the procedure, for who checks.
    """
    found = candidates(result, on=timezone.localdate(at))
    if len(found) > 1:
        said = " ".join(stated)
        found = [one for one in found if _names(said, one.number)]
    if len(found) != 1:
        return None
    (old,) = found
    decision = f"Cấp lại theo thủ tục {service}"[:255]
    taken = take_over(
        result_id=old.pk, successor_id=result.pk, change=Change.SUPERSEDE, decision=decision, at=at
    )
    return old if taken else None


def _names(text: str, number: str) -> bool:
    """Say whether a number stands in a text as a whole: 2/GP is not named where 12/GP is."""
    return bool(re.search(rf"(?<!\w){re.escape(number)}(?!\w)", text, re.IGNORECASE))
