"""Every write to a dossier: one function for each thing that a person can do."""

from dossiers.services.moves import advance, lock

__all__ = ["advance", "lock"]
