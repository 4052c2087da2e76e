"""L15: a representative without the scope ``receive_result`` comes to collect and is refused by the system.

The scope is the one that the organisation gave on VNeID. The room of mandates adds the power of attorney: another
way by which somebody may receive for the owner, an organisation or a person.
"""

from __future__ import annotations

from functools import partial

import pytest

from agencies.states import Role
from core.errors import NotAllowed
from dossiers.models import HandOver
from dossiers.services import returning
from dossiers.states import HandOverMethod, Status
from tests.factories import (
    NINE,
    DossierFactory,
    OrganisationFactory,
    PersonFactory,
    actor_for,
    actor_of_person,
    represent,
)

pytestmark = pytest.mark.django_db


def test_l15_no_right_to_receive():
    organisation = OrganisationFactory.create()
    may, may_not = PersonFactory.create(), PersonFactory.create()
    represent(may, organisation)
    represent(may_not, organisation, "file")
    dossier = DossierFactory.create(
        owner_person=None, owner_organisation=organisation, submitter=may_not, reach=Status.COMPLETED
    )
    officer = actor_for(dossier, Role.ONE_STOP_OFFICER)
    at_counter = partial(
        returning.hand_over,
        dossier_id=dossier.pk,
        method=HandOverMethod.COUNTER,
        receiver_id_checked=True,
        actor=officer,
        at=NINE,
    )

    # Neither at the counter, whatever paper the officer notes, nor from the vault, although this person filed it.
    with pytest.raises(NotAllowed, match="Nhận kết quả"):
        at_counter(receiver_name=may_not.full_name, note="Có giấy giới thiệu")
    with pytest.raises(NotAllowed, match="Nhận kết quả"):
        returning.hand_over(
            dossier_id=dossier.pk,
            method=HandOverMethod.VAULT,
            actor=actor_of_person(may_not, organisation),
            at=NINE,
        )
    dossier.refresh_from_db()
    assert (dossier.status, HandOver.objects.count()) == (Status.COMPLETED, 0)
    assert returning.receivers(dossier, at=NINE) == [may.full_name]  # whom the officer is shown

    at_counter(receiver_name=may.full_name)
    dossier.refresh_from_db()
    assert dossier.status == Status.RETURNED
