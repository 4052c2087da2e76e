"""The database goes away now and then: it is restarted, it crashes, a line breaks."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError

DATABASE_AWAY = (OperationalError, InterfaceError)
"""What Django raises then, for an ``except``; any other database error is a defect."""


def is_database_away(problem: BaseException | None) -> bool:
    """Say whether a problem comes from the database being away, and not from what it was asked.

    Such a problem at the end of a transaction leaves open whether the transaction was committed: the database may
    have done it and died before it could say so. So what the rows would name, files above all, must be left alone.
    """
    return isinstance(problem, DATABASE_AWAY)
