"""What a notice says: the city's messages to an applicant (domain: dossier life cycle, 4.3).

Each carries code, short name of the procedure, status, the next step and by when, and what the law wants named: agency,
who received and who handles, the times of reception, processing and return (NĐ 224/2026, art. 15.1.g). Nothing is in it
that a stranger who reads the mail could use: no reasons, no identification numbers, applicants' names as initials.

A procedure may have own words for a notice (`procedures.messages`); subject and facts stay the city's. The usual words
stand by subject in the modules beside this one, `notice` is what they share.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agencies.models import Agency
from citizens.models import Person
from dossiers.drafts import short
from dossiers.models import Dossier
from notifications.wording import money, processing, reception, results, supplements, withdrawals
from notifications.wording.notice import LONGEST_NAME, Wording, Words, facts, initials, meeting, was_typed
from notifications.wording.reception import NEW_DATE
from procedures import messages
from procedures.models import ProcedureVersion

__all__ = ["NEW_DATE", "TOPICS", "Wording", "initials", "of", "sample"]

_WORDINGS: Words = {
    **reception.WORDINGS,
    **supplements.WORDINGS,
    **processing.WORDINGS,
    **money.WORDINGS,
    **withdrawals.WORDINGS,
    **results.WORDINGS,
}
TOPICS = tuple(_WORDINGS)


def of(*, topic: str, dossier: Dossier, at: datetime) -> Wording:
    """Word a notice in the language that is active: with the procedure's own words where it has some.

    :param topic: one of `TOPICS`. :param at: when it happened.
    """
    usual = _WORDINGS[topic](dossier, at)
    if topic not in dossier.procedure_version.messages:
        return usual
    own = messages.own_words(
        dossier.procedure_version.messages,
        topic,
        language=(get_language() or settings.LANGUAGE_CODE)[:2],
        facts=_places(topic, dossier, at),
    )
    if not own:
        return usual
    *said, facts = usual.body.split("\n\n")
    # Who did not come to the counter must still hear what to do about it.
    return Wording(usual.subject, "\n\n".join([own, *(said if was_typed(topic, dossier) else ()), facts]))


def sample(*, topic: str, version: ProcedureVersion, at: datetime) -> tuple[Wording, Wording]:
    """Word a notice about an invented dossier of a version, for who writes its own words: as people get it, and with
    the city's usual words. Nothing is stored.
    """
    office = Agency(name=_("Cơ quan (minh họa)"))
    dossier = Dossier(
        tracking_no="MAU-0000-0000",
        procedure_version=version,
        submitter=Person(full_name="Nguyễn Văn Mẫu"),
        received_at_unit=office,
        competent_agency=version.competent_agency or office,
        accept_due_at=at + timedelta(hours=8),
        due_at=at + timedelta(days=3),
        next_due_at=at + timedelta(days=30),
    )
    return of(topic=topic, dossier=dossier, at=at), _WORDINGS[topic](dossier, at)


def _places(topic: str, dossier: Dossier, at: datetime) -> dict[str, str]:
    """Give what the places of own words are filled with."""
    known = facts(dossier, at)
    values = {
        "ma_ho_so": known["code"],
        "luc": known["at"],
        "noi_tiep_nhan": known["unit"],
        "co_quan": known["agency"],
        "thu_tuc": short(str(dossier.procedure_version), length=LONGEST_NAME),
        "han_tiep_nhan": known["accept_due"],
        "hen_tra": known["due"],
        "han_cua_ban": known["next_due"],
        "han_moi": known["now_due"],
    }
    if topic == "dossier.verification_presence":
        values["thoi_gian"], values["dia_diem"] = meeting(dossier)
    return {name: values[name] for name in messages.TOPICS[topic].places}
