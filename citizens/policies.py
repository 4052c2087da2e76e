from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from citizens.models import Person
from core.actor import Actor
from core.errors import NotAllowed


def own_person(actor: Actor) -> Person:
    """Give the actor's own data, the only ones that pages of this app show.

    :raises NotAllowed: the actor is not a person.
    """
    if not actor.is_person or actor.person_id is None:
        raise NotAllowed(
            _("Trang này dành cho người dân và tổ chức. Cán bộ xem tài khoản tại cơ quan của mình.")
        )
    return Person.objects.get(pk=actor.person_id)
