"""The tables of the dossiers, one module for each subject."""

from dossiers.models.components import DossierComponent
from dossiers.models.counters import CodeCounter, DocumentCounter
from dossiers.models.desk import SavedFilter
from dossiers.models.dossier import Dossier
from dossiers.models.history import ClockInterval, DossierEvent, StepRecord
from dossiers.models.identity import IdentityCheck
from dossiers.models.inquiries import Obligation, Opinion, Verification
from dossiers.models.papers import Paper
from dossiers.models.refunds import Refund
from dossiers.models.register import RegisterLine, RegisterVolume, RegisterYear
from dossiers.models.results import HandOver, IntakeRefusal, ResultDraft, ReturnChoice, Shipment
from dossiers.models.supplements import SupplementItem, SupplementProposal, SupplementRequest
from dossiers.models.talk import InternalNote, ThreadMessage
from dossiers.models.turns import Correction, Extension, LossIncident, RefusalProposal, Withdrawal
from dossiers.models.vneid import VneidDocument

__all__ = [
    "ClockInterval",
    "CodeCounter",
    "Correction",
    "DocumentCounter",
    "Dossier",
    "DossierComponent",
    "DossierEvent",
    "Extension",
    "HandOver",
    "IdentityCheck",
    "IntakeRefusal",
    "InternalNote",
    "LossIncident",
    "Obligation",
    "Opinion",
    "Paper",
    "Refund",
    "RefusalProposal",
    "RegisterLine",
    "RegisterVolume",
    "RegisterYear",
    "ResultDraft",
    "ReturnChoice",
    "SavedFilter",
    "Shipment",
    "StepRecord",
    "SupplementItem",
    "SupplementProposal",
    "SupplementRequest",
    "ThreadMessage",
    "Verification",
    "VneidDocument",
    "Withdrawal",
]
