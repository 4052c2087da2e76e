"""What the tests of the desk set up: handed-in components, officers at work, accepted dossiers."""

from __future__ import annotations

import hashlib
import itertools
from typing import Any

from django.core.files.base import ContentFile

from core.actor import Actor
from dossiers.models import Dossier, DossierComponent
from dossiers.services import intake
from dossiers.states import CheckState, ScanState
from procedures.models import Component

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc00000030101"
    "00c9fe92ef0000000049454e44ae426082"
)
_positions = itertools.count(1000)


def hand_in(
    dossier: Dossier,
    *,
    name: str = "Tờ khai",
    check_state: str = CheckState.UNCHECKED,
    scan_state: str = ScanState.CLEAN,
    content: bytes = PNG,
    kind: str = "png",
    **attributes: Any,
) -> DossierComponent:
    """Give a dossier one more component with its file."""
    component = Component.objects.create(
        version=dossier.procedure_version, position=next(_positions), name=name, is_upload=True, copies=1
    )
    handed_in = DossierComponent(
        dossier=dossier,
        component=component,
        original_name=f"{name}.{kind}",
        kind=kind,
        size=len(content),
        pages=1,
        sha256=hashlib.sha256(content).hexdigest(),
        scan_state=scan_state,
        check_state=check_state,
        **attributes,
    )
    handed_in.file.save(f"component.{kind}", ContentFile(content), save=False)
    handed_in.save()
    return handed_in


def checked(component: DossierComponent, state: str, officer: Actor, *, note: str = "") -> None:
    intake.check_component(component_id=component.pk, state=state, note=note, actor=officer)
    component.refresh_from_db()
