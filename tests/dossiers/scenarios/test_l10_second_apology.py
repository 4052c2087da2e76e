"""L10: a second new date is refused; the city's office hears of it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from dossiers.models import Extension
from dossiers.services import extensions
from dossiers.states import Status
from outbox.models import Message
from tests.dossiers.turns import NEW_DUE, approved, proposed
from tests.factories import DossierFactory

pytestmark = pytest.mark.django_db


def test_l10_second_apology():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    proposed(dossier)
    approved(dossier)

    with pytest.raises(extensions.Rescheduled):
        proposed(dossier)

    # escalated: the supervision room raises its alert for the city's office from this message
    message = Message.objects.get(topic="dossier.escalate")
    assert message.payload["dossier_id"] == dossier.pk
    dossier.refresh_from_db()
    assert dossier.due_at == NEW_DUE
    # and the table itself allows no second one
    granted = Extension.objects.get(dossier=dossier)
    granted.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        granted.save(force_insert=True)
