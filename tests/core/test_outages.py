"""What is answered when a request fails: 503 while a server is away, 500 for a defect; never a stack trace."""

from __future__ import annotations

import pytest
import redis
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from danang_portal.urls import handler500 as handler500

PROBLEMS: dict[str, Exception] = {
    "database": OperationalError("server closed the connection unexpectedly"),
    "line": InterfaceError("connection already closed"),
    "broker": redis.ConnectionError("Connection refused"),
    "defect": ZeroDivisionError("secret of the code"),
}


def fail(request: HttpRequest, which: str) -> HttpResponse:
    raise PROBLEMS[which]


fail.login_required = False  # type: ignore[attr-defined]
urlpatterns = [path("fail/<str:which>/", fail), path("api/fail/<str:which>/", fail)]

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("which", ["database", "line", "broker"])
def test_a_server_that_is_away_is_said_so_with_a_time_to_come_back(client: Client, which: str):
    page = client.get(f"/fail/{which}/?a=1")
    answer = client.get(f"/api/fail/{which}/")

    assert (page.status_code, page["Retry-After"]) == (503, "10")
    assert "vẫn còn nguyên" in page.content.decode()
    assert f'href="/fail/{which}/?a=1"' in page.content.decode()
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "unavailable", "10")


def test_what_was_sent_is_not_offered_as_a_link(client: Client):
    assert "/fail/database/" not in client.post("/fail/database/").content.decode()


def test_the_page_speaks_the_language_that_was_chosen(client: Client):
    client.cookies["portal_language"] = "en"

    assert '<html lang="en">' in client.get("/fail/database/").content.decode()


def test_a_defect_tells_nothing_of_the_code(client: Client):
    page, answer = client.get("/fail/defect/"), client.get("/api/fail/defect/")

    assert (page.status_code, answer.status_code, answer.json()["code"]) == (500, 500, "server_error")
    assert "secret of the code" not in page.content.decode() + answer.content.decode()
    assert "Retry-After" not in page.headers
