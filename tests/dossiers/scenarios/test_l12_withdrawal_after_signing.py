"""L12: after the signature a withdrawal is denied."""

from __future__ import annotations

import pytest

from dossiers.models import Withdrawal
from dossiers.services import withdrawals
from dossiers.states import Status
from dossiers.transitions import APPLICANT
from tests.dossiers.turns import WEDNESDAY
from tests.factories import DossierFactory, actor_for

pytestmark = pytest.mark.django_db


def test_l12_withdrawal_after_signing():
    dossier = DossierFactory.create(reach=Status.SIGNED)

    with pytest.raises(withdrawals.SignedAlready) as refusal:
        withdrawals.request(
            dossier_id=dossier.pk,
            reason="Tôi không cần nữa.",
            actor=actor_for(dossier, APPLICANT),
            at=WEDNESDAY,
        )

    assert refusal.value.status == 409
    assert "đã được ký" in str(refusal.value)
    assert not Withdrawal.objects.exists()
    dossier.refresh_from_db()
    assert dossier.status == Status.SIGNED
