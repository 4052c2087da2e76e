"""What VNeID shows of somebody with their consent: integrated documents, and the electronic health record."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.errors import Text
from dossiers.drafts import same_name
from dossiers.models import VneidDocument
from dossiers.sources.base import Found, Holding, Owner, judged
from dossiers.sources.shelf import Shelf
from dossiers.states import VneidRegister
from procedures.models import Component
from procedures.states import ComponentSource


def from_vneid(component: Component, _owner: Owner, shelf: Shelf) -> list[Found]:
    """Give the integrated documents that the component names; they equal paper."""
    return _shown(component, shelf, ComponentSource.VNEID_DOCUMENT, VneidRegister.DOCUMENTS)


def from_ehealth(component: Component, _owner: Owner, shelf: Shelf) -> list[Found]:
    """Give the entries of the electronic health record that the component names."""
    return _shown(component, shelf, ComponentSource.DATA_EHEALTH, VneidRegister.HEALTH)


def _shown(
    component: Component, shelf: Shelf, source: ComponentSource, register: VneidRegister
) -> list[Found]:
    name = same_name(component.name)
    return [
        judged(_held(component, source, one), on=shelf.today)
        for one in shelf.documents
        if one.register == register and same_name(one.title) in name
    ]


def _held(component: Component, source: ComponentSource, document: VneidDocument) -> Holding:
    issued = f"{document.issued_on:%d/%m/%Y}"
    details: dict[str, tuple[Text, str]] = {
        "title": (_("Giấy tờ"), document.title),
        "number": (_("Số"), document.number),
        "issuer": (_("Nơi cấp"), document.issuer),
        "issued_on": (_("Ngày cấp"), issued),
        "valid_to": (_("Có giá trị đến"), f"{document.valid_to:%d/%m/%Y}" if document.valid_to else ""),
        "content": (_("Nội dung"), document.content),
    }
    origin = _("%(title)s số %(number)s, %(issuer)s cấp ngày %(day)s, xuất trình qua VNeID") % {
        "title": document.title,
        "number": document.number,
        "issuer": document.issuer,
        "day": issued,
    }
    given = {key: pair for key, pair in details.items() if pair[1]}
    return Holding(component, source, origin, document.valid_to, document.issued_on, details=given)
