"""Django's sessions in the database, read with a statement that is kept: every page of a signed-in visitor asks it."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from core.kept_statements import ANY_MOMENT, ANY_TEXT, Statement, statement


class SessionStore(db.SessionStore):
    """Named as Django's: the name is part of what signs the content."""

    def load(self) -> dict[str, Any]:
        found = _living().rows({ANY_TEXT: self.session_key, ANY_MOMENT: timezone.now()})
        if not found:
            self._session_key = None
            return {}
        return self.decode(found[0][0])


@cache
def _living() -> Statement:
    living = Session.objects.filter(session_key=ANY_TEXT, expire_date__gt=ANY_MOMENT)
    return statement(living.values_list("session_data"))
