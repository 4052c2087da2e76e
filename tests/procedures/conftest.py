from __future__ import annotations

import pytest

from agencies.models import Agency, Calendar
from agencies.states import AgencyKind
from procedures import demo, selectors
from procedures.search import memory


@pytest.fixture(autouse=True)
def no_remembered_facets() -> None:
    """Tests share one cache; what one test counted is not there in the next."""
    selectors.forget_facets()


@pytest.fixture(autouse=True)
def search_looks_again() -> None:
    """Nor what the search knew of the catalogue of the test before."""
    memory.forget()


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
