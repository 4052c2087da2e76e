"""An officer as the actor of a background step, with the roles of that very moment."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from agencies import selectors as agencies_selectors
from agencies.models import Officer
from core.actor import Actor
from core.errors import NotAllowed


def acting(*, officer_id: int | None, at: datetime) -> Actor:
    """Make the actor of the officer who asked for a step that runs in the background.

    :raises NotAllowed: the account was closed meanwhile.
    """
    officer = Officer.objects.filter(pk=officer_id or 0).only("user_id").first()
    identity = officer and agencies_selectors.officer_of(user_id=officer.user_id, at=at)
    if officer is None or not identity:
        raise NotAllowed(
            _("Tài khoản của người yêu cầu không còn hoạt động. Hãy để người khác có thẩm quyền làm lại.")
        )
    return identity.actor(user_id=officer.user_id)
