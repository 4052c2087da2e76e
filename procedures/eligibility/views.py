"""The check of one service, and the screener over all. Public; they keep nothing, and work by their address alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.http import PortalRequest
from procedures import eligibility, policies, selectors
from procedures.eforms import values
from procedures.eforms.questions import EformField
from procedures.eforms.schema import Field
from procedures.eligibility import addresses, fileable, screener
from procedures.eligibility.addresses import Given, pairs, written
from procedures.models import ProcedureVersion

SHOWN = 30
"""So many services of each group stand on the page of the screener; another answer brings the others nearer."""


class QuestionForm(forms.Form):
    """One question; unanswered where it was asked, it says so."""

    def __init__(self, question: Field, data: Mapping[str, Any] | None) -> None:
        super().__init__(data)
        language = get_language() or "vi"
        made = EformField(question, fixed=None, asked=True, language=language)
        made.required = True
        self.fields[question.name] = made
        self.use_required_attribute = False


@login_not_required
@require_safe
def check(request: PortalRequest, code: str) -> HttpResponse:
    """Ask what decides whether somebody may file a procedure, one question after the other, and say what follows."""
    version = _version(request, code)
    rule = eligibility.of_version(version)
    if not rule:
        raise Http404
    given = addresses.read(request.GET, rule.fields)
    today = timezone.localdate()
    verdict = eligibility.decide(rule, given.answers, today=today, unknown=given.unknown)
    question = rule.fields[verdict.ask[0]] if verdict.ask else None
    if given.asked and (question is None or given.asked != question.name):
        return redirect(request.path + written(rule.fields, given.answers, given.unknown))
    other = None
    if verdict.outcome is not None and verdict.outcome.service:
        other = selectors.current_named(verdict.outcome.service)
    language = get_language() or "vi"
    shown = {name: given.answers[name] for name in verdict.counted}
    context = {
        "version": version,
        "verdict": verdict,
        "reason": verdict.outcome.reason_in(language) if verdict.outcome else "",
        "doubts": [(one.reason_in(language), one.law) for one in verdict.doubts],
        "other": other,
        "may_start": version.takes_filings(on=today) and version.procedure.current_version_id == version.pk,
        **_asking(request, rule.fields, given, question),
        "given": _told(rule.fields, shown, given),
    }
    return render(request, "procedures/eligibility.html", context)


@login_not_required
@require_safe
def screen(request: PortalRequest) -> HttpResponse:
    """Narrow everything that can be filed here by a few common questions."""
    today = timezone.localdate()
    known = fileable.services(on=today)
    asked = screener.questions(known)
    given = addresses.read(request.GET, asked)
    found = screener.screen(known, given.answers, today=today, unknown=given.unknown)
    if given.asked and (found.question is None or given.asked != found.question.name):
        return redirect(request.path + written(asked, given.answers, given.unknown))
    language = get_language() or "vi"
    context = {
        "groups": [
            {
                "name": name,
                "count": len(rows),
                "rows": [_row(row, given, language) for row in rows[:SHOWN]],
                "more": max(len(rows) - SHOWN, 0),
            }
            for name, rows in (
                ("can", found.can),
                ("open", found.open),
                ("unchecked", found.unchecked),
                ("cannot", found.cannot),
            )
        ],
        "left": len(found.can) + len(found.open) + len(found.unchecked),
        "total": len(known.all),
        "aside": found.aside,
        **_asking(request, asked, given, found.question),
        "given": _told(asked, given.answers, given),
    }
    return render(request, "procedures/screener.html", context)


def _version(request: PortalRequest, code: str) -> ProcedureVersion:
    try:
        return selectors.current_of(code=code, visible=policies.visible(request.actor))
    except ProcedureVersion.DoesNotExist:
        raise Http404 from None


def _asking(
    request: PortalRequest, fields: Mapping[str, Field], given: Given, question: Field | None
) -> dict[str, Any]:
    """Give what a page needs to ask the next question, and to carry on what was answered."""
    form = None
    if question is not None:
        form = QuestionForm(question, request.GET if given.asked == question.name else None)
    return {
        "form": form,
        "question": question,
        "carried": list(pairs(fields, given.answers, given.unknown)),
        "passed": written(fields, given.answers, {*given.unknown, question.name}) if question else "",
        "own_address": request.build_absolute_uri(
            request.path + written(fields, given.answers, given.unknown)
        ),
        "has_answers": bool(given.answers or given.unknown),
    }


def _told(fields: Mapping[str, Field], shown: Mapping[str, Any], given: Given) -> list[dict[str, str]]:
    """List what was answered as people read it, with the address at which that one is asked again."""
    language = get_language() or "vi"
    rows = []
    for name, one in fields.items():
        if name not in shown and name not in given.unknown:
            continue
        kept = {key: value for key, value in given.answers.items() if key != name}
        rows.append(
            {
                "label": one.label_in(language),
                "value": values.display(one, shown[name], language) if name in shown else "",
                "change": written(fields, kept, given.unknown - {name}),
            }
        )
    return rows


def _row(row: screener.Row, given: Given, language: str) -> dict[str, Any]:
    service, outcome = row.service, row.verdict.outcome
    own = {name: answer for name, answer in given.answers.items() if name in service.check.fields}
    return {
        "code": service.code,
        "name": service.name_in(language),
        "is_checked": bool(service.check),
        "answers": written(service.check.fields, own, given.unknown),
        "reason": _("Thủ tục này không dành cho người nộp mà bạn chọn.")
        if row.verdict is screener.NOT_FOR_THEM
        else outcome.reason_in(language)
        if outcome
        else "",
        "law": outcome.law if outcome else "",
        "other": outcome.service if outcome else "",
        "questions": len(row.verdict.ask),
        "doubts": [one.reason_in(language) for one in row.verdict.doubts] if row.verdict.is_unsure else [],
    }
