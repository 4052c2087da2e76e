from __future__ import annotations

import pytest

from agencies.models import Agency, Calendar
from agencies.states import AgencyKind
from procedures import demo


@pytest.fixture
def department(db: None) -> Agency:
    """The Department of Construction, which decides the demonstration procedures of organisations."""
    calendar, _made = Calendar.objects.get_or_create(code="test", defaults={"name": "Lịch thử"})
    return Agency.objects.create(
        code="H17.05", name="Sở Xây dựng", kind=AgencyKind.DEPARTMENT, calendar=calendar
    )


@pytest.fixture
def offered(department: Agency) -> None:
    """The demonstration procedures, open for filing."""
    demo.load()
