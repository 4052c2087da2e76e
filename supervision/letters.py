"""What officers read by e-mail: alerts gathered into one letter, and the heads' morning letter.

A letter names codes, procedures and moments, and nothing of the people behind them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.models import Agency
from supervision.models import Alert
from supervision.states import AlertKind

LISTED = 20
"""Alerts that a letter names one by one; the page shows the rest."""


@dataclass(frozen=True, slots=True)
class Words:
    """Subject and plain text of a letter."""

    subject: str
    body: str


def of_alerts(alerts: Sequence[Alert]) -> Words:
    """Word what an officer is told now, in the language that is active."""
    count = len(alerts)
    if count == 1:
        (alert,) = alerts
        subject = f"{AlertKind(alert.kind).label}: {alert.dossier.reference}"
    else:
        subject = ngettext("%(count)d cảnh báo cần xem", "%(count)d cảnh báo cần xem", count) % {
            "count": count
        }
    lines = [line(alert) for alert in alerts[:LISTED]]
    if count > LISTED:
        lines.append(_("… và %(count)d cảnh báo khác.") % {"count": count - LISTED})
    begin = _("Các hồ sơ sau cần được xử lý:")
    return Words(subject, "\n\n".join([begin, "\n".join(lines)]))


def line(alert: Alert) -> str:
    """Say an alert in one line."""
    return _("- %(kind)s: %(code)s, %(procedure)s, hạn %(limit)s") % {
        "kind": AlertKind(alert.kind).label,
        "code": alert.dossier.reference,
        "procedure": alert.dossier.procedure_version,
        "limit": _moment(alert.limit_at),
    }


@dataclass(frozen=True, slots=True)
class Morning:
    """What a head of an agency must know every morning."""

    not_received: int
    not_processed: int
    near_due: int
    overdue: int


def of_morning(agency: Agency, counts: Morning, *, at: datetime) -> Words:
    """Word the morning letter of one agency."""
    day = f"{localtime(at):%d/%m/%Y}"
    lines = [
        _("- Chưa tiếp nhận: %d") % counts.not_received,
        _("- Đã tiếp nhận, chưa xử lý: %d") % counts.not_processed,
        _("- Sắp đến hạn trả: %d") % counts.near_due,
        _("- Quá hạn trả: %d") % counts.overdue,
    ]
    subject = _("Hồ sơ cần chú ý sáng %(day)s: %(agency)s") % {"day": day, "agency": agency.name}
    begin = _("Tình hình hồ sơ của %(agency)s lúc %(at)s:") % {"agency": agency.name, "at": _moment(at)}
    return Words(subject[:255], "\n\n".join([begin, "\n".join(lines)]))


def _moment(at: datetime) -> str:
    return f"{localtime(at):%H:%M %d/%m/%Y}"
