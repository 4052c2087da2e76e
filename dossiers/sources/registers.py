"""Registers whose data the portal has by VNeID: who somebody is, where they live, which organisation they act for."""

from __future__ import annotations

from django.utils.translation import gettext as _

from citizens.states import EidLevel
from core.errors import Text
from dossiers.sources.base import Found, Holding, Owner
from dossiers.sources.shelf import Shelf
from procedures import sources
from procedures.models import Component
from procedures.states import ComponentKind, ComponentSource


def from_population(component: Component, owner: Owner, _shelf: Shelf) -> list[Found]:
    """Give who the applicant is, or where they live, as far as that is known; no other paper is replaced by it."""
    is_identity = component.kind == ComponentKind.IDENTITY
    if not is_identity and not (sources.is_about_residence(component.name) and owner.person.address):
        return []
    return _of_person(component, owner, ComponentSource.DATA_POPULATION_DB)


def from_identity_card(component: Component, owner: Owner, _shelf: Shelf) -> list[Found]:
    """Give the identity data in place of a paper that says who somebody is."""
    if component.kind != ComponentKind.IDENTITY:
        return []
    return _of_person(component, owner, ComponentSource.DATA_IDENTITY_CARD)


def from_electronic_identity(component: Component, owner: Owner, _shelf: Shelf) -> list[Found]:
    """Give the electronic identity of level 2, which equals the card (Law on Identification 2023, art. 33)."""
    if component.kind != ComponentKind.IDENTITY:
        return []
    return _of_person(component, owner, ComponentSource.VNEID_DOCUMENT)


def from_business_register(component: Component, owner: Owner, _shelf: Shelf) -> list[Found]:
    organisation = owner.organisation
    if organisation is None:
        return []
    details: dict[str, tuple[Text, str]] = {
        "code": (_("Mã số tổ chức"), organisation.code),
        "name": (_("Tên tổ chức"), organisation.name),
        "address": (_("Địa chỉ trụ sở"), organisation.address),
    }
    origin = _("Dữ liệu đăng ký của tổ chức mã số %s, theo VNeID") % organisation.code
    return [_of_register(component, ComponentSource.DATA_BUSINESS_REGISTER, origin, details)]


def _of_person(component: Component, owner: Owner, source: ComponentSource) -> list[Found]:
    """Give the data of a verified identity, to their owner's own filings only."""
    person = owner.person
    if owner.organisation is not None or person.eid_level < EidLevel.LEVEL_2:
        return []
    details: dict[str, tuple[Text, str]] = {
        "full_name": (_("Họ và tên"), person.full_name),
        "personal_id_number": (_("Số định danh cá nhân"), person.masked_personal_id),
        "birth_on": (_("Ngày sinh"), f"{person.birth_on:%d/%m/%Y}" if person.birth_on else ""),
        "sex": (_("Giới tính"), person.sex),
        "nationality": (_("Quốc tịch"), person.nationality),
        "address": (_("Nơi cư trú"), person.address),
    }
    return [_of_register(component, source, _("Tài khoản định danh điện tử mức độ 2 trên VNeID"), details)]


def _of_register(
    component: Component, source: ComponentSource, origin: str, details: dict[str, tuple[Text, str]]
) -> Holding:
    """A register says what holds today, so a limit on a paper's age does not concern it."""
    given = {name: pair for name, pair in details.items() if pair[1]}
    return Holding(component, source, origin, details=given)
