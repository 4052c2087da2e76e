"""The tables of the dossiers, one module for each subject."""

from dossiers.models.components import DossierComponent
from dossiers.models.counters import CodeCounter, DocumentCounter
from dossiers.models.dossier import Dossier, DossierQuerySet
from dossiers.models.history import ClockInterval, DossierEvent, StepRecord
from dossiers.models.papers import Paper
from dossiers.models.results import HandOver, IntakeRefusal, ResultDraft

__all__ = [
    "ClockInterval",
    "CodeCounter",
    "DocumentCounter",
    "Dossier",
    "DossierComponent",
    "DossierEvent",
    "DossierQuerySet",
    "HandOver",
    "IntakeRefusal",
    "Paper",
    "ResultDraft",
    "StepRecord",
]
