"""Demonstration inspectors: who scans the licences of the demonstration in the field."""

from __future__ import annotations

from datetime import datetime

from agencies.models import Agency, Officer
from procedures.states import InspectorClass
from results_vault.models import InspectorPost

POSTS = {
    "kiemtra.soxaydung": ("H17.05", InspectorClass.TRAFFIC),
    "kiemtra.sokhcn": ("H17.07", InspectorClass.POST),
}
"""Agency and class by account (`agencies.demo`)."""


def load(*, at: datetime) -> None:
    """Give the demonstration inspectors their posts. Safe and quick to repeat."""
    for login, (code, one) in POSTS.items():
        InspectorPost.objects.get_or_create(
            officer=Officer.objects.get(user__username=login),
            agency=Agency.objects.get(code=code),
            inspector_class=one,
            valid_to=None,
            defaults={
                "valid_from": at,
                "decision": "Quyết định giao việc kiểm tra (minh họa)",
                "given_by": "Dữ liệu minh họa",
            },
        )
