"""Results that the city has issued: its repository, their owner's vault, and what registers they are."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from dossiers.drafts import same_name
from dossiers.sources.base import Found, Holding, Owner, Passed, judged
from dossiers.sources.shelf import HOUSEHOLD_CLOSED, HOUSEHOLD_REGISTRATION, Shelf
from procedures.models import Component
from procedures.states import ComponentSource
from results_vault.models import Result
from results_vault.states import ResultStatus

Fits = Callable[[Result], bool]


def from_repository(component: Component, _owner: Owner, shelf: Shelf) -> list[Found]:
    """Give the results of the procedures whose result the component is."""
    return _of(component, shelf, ComponentSource.RESULT_REPOSITORY, _is_result_of(component))


def from_vault(component: Component, _owner: Owner, shelf: Shelf) -> list[Found]:
    """Give the results that their owner keeps: of the procedures named, or, where none is, of the component's name."""
    fits = _is_result_of(component) if component.result_of else _is_named(component)
    return _of(component, shelf, ComponentSource.VAULT_ITEM, fits)


def from_household_register(component: Component, _owner: Owner, shelf: Shelf) -> list[Found]:
    """Give the registration of a household business, which communes of this city keep, unless it was closed since."""
    codes = HOUSEHOLD_REGISTRATION | set(component.result_of)
    source = ComponentSource.DATA_BUSINESS_HOUSEHOLD
    closed = [one.issued_on for one in shelf.results if one.procedure_code == HOUSEHOLD_CLOSED]
    found = _of(component, shelf, source, lambda one: one.procedure_code in codes)
    if not closed:
        return found
    why = _("hộ kinh doanh đã chấm dứt hoạt động ngày %s") % f"{max(closed):%d/%m/%Y}"
    return [
        Passed(component, source, one.origin, why)
        if isinstance(one, Holding) and one.issued_on and one.issued_on <= max(closed)
        else one
        for one in found
    ]


def _is_result_of(component: Component) -> Fits:
    return lambda one: one.procedure_code in component.result_of


def _is_named(component: Component) -> Fits:
    wanted = same_name(component.name)
    return lambda one: same_name(one.title) == wanted


def _of(component: Component, shelf: Shelf, source: ComponentSource, fits: Fits) -> list[Found]:
    return [_told(component, one, shelf, source) for one in shelf.results if fits(one)]


def _told(component: Component, result: Result, shelf: Shelf, source: ComponentSource) -> Found:
    origin = _("%(title)s số %(number)s, %(issuer)s cấp ngày %(day)s") % {
        "title": result.title,
        "number": result.number,
        "issuer": result.issuer.name,
        "day": f"{result.issued_on:%d/%m/%Y}",
    }
    if result.status != ResultStatus.VALID or result.superseded_by_id is not None:
        return Passed(component, source, origin, result.get_status_display().lower())
    held = Holding(component, source, origin, result.valid_to, result.issued_on, result)
    return judged(held, on=shelf.today)
