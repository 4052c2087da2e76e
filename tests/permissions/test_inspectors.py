"""Who inspects what: every class of inspectors, in every state of the post, before a result that lists it or does not.

The table of grants is written down apart from the code.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency, Officer
from agencies.states import Role
from citizens.models import AccessLog
from core.errors import InvalidInput, NotAllowed
from procedures.models import ResultType
from procedures.states import InspectorClass
from results_vault import codes, inspection, inspectors
from results_vault.models import InspectorPost, Result, Scan
from tests.factories import (
    NINE,
    AgencyFactory,
    OfficerFactory,
    PersonFactory,
    VersionFactory,
    officer_actor,
)

pytestmark = pytest.mark.django_db

NAME, NUMBER, CONDITION = "Đặng Thị Ngọc Ánh", "KT-77", "Tuyến cố định, ban ngày"
FACTS = {
    "owner": NAME,
    "identity": "14/07/1990",
    "content": CONDITION,
    "history": "Số 1/GP-CU",
    "file": "Mở tệp PDF đã ký",
}
GRANTED = {
    "traffic": {"owner", "identity", "content", "history"},
    "fishery": {"owner", "identity", "content", "history"},
    "border_guard": {"owner", "identity", "content", "history", "file"},
    "construction": {"owner", "content", "history", "file"},
    "environment": {"owner", "content", "history", "file"},
    "food_safety": {"owner", "content", "history", "file"},
    "fire": {"owner", "content", "history", "file"},
    "post": {"owner", "content", "history", "file"},
    "labour": {"owner", "content", "history"},
    "health": {"owner", "content", "history"},
    "culture": {"owner", "content", "history"},
    "market": {"owner", "content", "history"},
    "order": {"owner", "content"},
}
ASKED = {"purpose": "inspect_result"}


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    settings.CACHES = {**settings.CACHES, "default": memory}
    cache.clear()


@pytest.fixture
def issued() -> Callable[..., Result]:
    """Give a licence that takes over from an earlier one and lists classes of inspectors."""

    def make(*classes: str) -> Result:
        version = VersionFactory.create()
        kind = ResultType.objects.create(
            version=version,
            position=7,
            name="Giấy phép thử",
            inspector_classes=list(classes),
            template={
                "title": "GIẤY PHÉP",
                "paragraphs": ["{dieu_kien} {so}"],
                "fields": [{"name": "dieu_kien", "label": "Điều kiện"}, {"name": "so", "label": "Số thẻ"}],
            },
        )
        owner = PersonFactory.create(full_name=NAME, birth_on=NINE.date().replace(1990, 7, 14))
        common = {
            "procedure_code": version.procedure.code,
            "title": kind.name,
            "issuer": AgencyFactory.create(),
            "signer_name": "Người Ký (minh họa)",
            "owner_person": owner,
            "issued_on": NINE.date(),
            "result_type": kind,
        }
        result = Result.objects.create(
            token=codes.new_token(),
            number="2/GP",
            dossier_code="H17-2",
            data={"dieu_kien": CONDITION, "so": "048090001234"},
            sha256="b" * 64,
            **common,
        )
        result.file.save("a.pdf", ContentFile(b"%PDF-1.7"))
        Result.objects.create(
            token=codes.new_token(),
            number="1/GP-CU",
            dossier_code="H17-1",
            status="superseded",
            superseded_by=result,
            status_decision="Cấp lại",
            sha256="a" * 64,
            **common,
        )
        return result

    return make


def signed_in(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer.user)
    return client


def holding(one: str, *, begins: int = -1, ends: int | None = None) -> Officer:
    """Make an officer whose post begins and ends so many days from now."""
    now, officer = timezone.now(), OfficerFactory.create()
    InspectorPost.objects.create(
        officer=officer,
        agency=AgencyFactory.create(),
        inspector_class=one,
        decision="Quyết định 1",
        valid_from=now + timedelta(days=begins),
        valid_to=None if ends is None else now + timedelta(days=ends),
    )
    return officer


def address_of(result: Result) -> str:
    return f"{reverse('results_vault:check', args=[result.token])}?c={codes.checksum(result.token)}"


def shown(answer: Any) -> set[str]:
    page = re.sub(r"\s+", " ", answer.content.decode())
    return {fact for fact, sign in FACTS.items() if sign in page}


def test_every_class_has_its_grants() -> None:
    assert {str(one): {str(fact) for fact in facts} for one, facts in inspection.GRANTS.items()} == GRANTED
    assert set(GRANTED) == set(InspectorClass.values)


@pytest.mark.parametrize("one", InspectorClass.values)
def test_an_inspector_of_a_listed_class_sees_what_the_class_is_granted_and_leaves_a_trace(
    one: str, issued: Callable[..., Result]
) -> None:
    result, officer = issued("labour" if one != "labour" else "health", one), holding(one)
    client = signed_in(officer)

    assert shown(client.get(address_of(result))) == set()  # no purpose, no more than everybody sees
    answer = client.post(address_of(result), ASKED)

    assert shown(answer) == GRANTED[one]
    assert "048090001234" not in answer.content.decode()
    look, *_earlier = Scan.objects.order_by("-pk")
    assert (look.reader, look.inspected_as, look.purpose) == (officer.full_name, [one], "inspect_result")
    assert set(look.seen) == GRANTED[one] - {"file"}
    entry = AccessLog.objects.get(person=result.owner_person)
    assert (entry.reader, entry.reference, entry.purpose) == (officer.full_name, "2/GP", "inspect_result")
    assert str(InspectorClass(one).label) in entry.reader_role


@pytest.mark.parametrize("one", InspectorClass.values)
def test_the_file_is_opened_by_classes_that_may_and_each_opening_is_recorded(
    one: str, issued: Callable[..., Result]
) -> None:
    result = issued(one)

    answer = signed_in(holding(one)).post(address_of(result), ASKED | {"tep": "1"})

    if "file" in GRANTED[one]:
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert Scan.objects.get().seen == ["file"]
    else:
        assert (answer.status_code, Scan.objects.count(), AccessLog.objects.count()) == (403, 0, 0)


def nobody() -> Client:
    return Client()


def a_person() -> Client:
    client, person = Client(), PersonFactory.create()
    assert person.user
    client.force_login(person.user)
    return client


def an_officer(role: Role) -> Callable[[], Client]:
    def make() -> Client:
        officer = OfficerFactory.create()
        officer_actor(AgencyFactory.create(), role, officer=officer)
        return signed_in(officer)

    return make


OTHERS: dict[str, Callable[[], Client]] = {
    "nobody": nobody,
    "another person": a_person,
    "an inspector of another class": lambda: signed_in(holding("market")),
    "whose post has ended": lambda: signed_in(holding("traffic", ends=0)),
    "whose post has not begun": lambda: signed_in(holding("traffic", begins=2)),
    **{f"a {role.value} elsewhere": an_officer(role) for role in Role},
}


@pytest.mark.parametrize("who", OTHERS)
def test_everybody_else_sees_the_public_view_whatever_they_claim(
    who: str, issued: Callable[..., Result]
) -> None:
    result = issued("traffic")
    client = OTHERS[who]()

    answers = [client.get(address_of(result)), client.post(address_of(result), ASKED | {"tep": "1"})]

    assert [shown(one) for one in answers] == [set(), set()]
    assert not AccessLog.objects.exists()
    assert not Scan.objects.exclude(seen=[]).exists()


def test_a_result_that_lists_no_class_is_inspected_by_nobody(issued: Callable[..., Result]) -> None:
    answer = signed_in(holding("traffic")).post(address_of(issued()), ASKED)

    assert shown(answer) == set()


def test_an_inspector_reads_no_repository(issued: Callable[..., Result]) -> None:
    result, client = issued("traffic"), signed_in(holding("traffic"))

    assert client.get(reverse("results_vault:detail", args=[result.token])).status_code == 404
    assert result.number not in client.get(reverse("results_vault:mine")).content.decode()


# Who says who inspects


def given(agency: Agency, *roles: Role, **facts: Any) -> InspectorPost:
    said = {"login": OfficerFactory.create().user.username, "inspector_class": "traffic", "decision": "QĐ 1"}
    actor = officer_actor(agency, *roles)
    return inspectors.give(agency_id=agency.pk, actor=actor, at=NINE, **(said | facts))


@pytest.mark.parametrize("role", Role)
def test_only_the_head_or_the_administrator_of_the_agency_gives_and_ends_a_post(role: Role) -> None:
    agency = AgencyFactory.create()
    may = role in {Role.AGENCY_HEAD, Role.SYSTEM_ADMIN}
    officer = OfficerFactory.create()
    actor = officer_actor(agency, role, officer=officer)
    post = given(agency, Role.AGENCY_HEAD)
    client = signed_in(officer)

    if may:
        assert inspectors.give(
            agency_id=agency.pk,
            login=officer.user.username,
            inspector_class="market",
            decision="QĐ 2",
            actor=actor,
            at=NINE,
        ).given_by
    else:
        with pytest.raises(NotAllowed):
            given(agency, role)
    assert client.get(reverse("inspectors:list")).status_code == (200 if may else 403)
    assert client.post(reverse("inspectors:end", args=[post.pk])).status_code == (302 if may else 404)
    post.refresh_from_db()
    assert bool(post.ended_by) is may


def test_a_head_gives_no_work_for_another_agency() -> None:
    here, elsewhere = AgencyFactory.create(), AgencyFactory.create()
    with pytest.raises(NotAllowed):
        inspectors.give(
            agency_id=elsewhere.pk,
            login="x",
            inspector_class="traffic",
            decision="QĐ",
            actor=officer_actor(here, Role.AGENCY_HEAD),
            at=NINE,
        )


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"login": "khong-co"}, "login"),
        ({"inspector_class": "thanh tra"}, "inspector_class"),
        ({"decision": "  "}, "decision"),
        ({"valid_to": NINE}, "valid_to"),
    ],
)
def test_what_is_wrong_with_a_post_is_told_by_field(facts: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        given(AgencyFactory.create(), Role.AGENCY_HEAD, **facts)

    assert list(refusal.value.errors) == [field]


def test_the_same_post_is_given_once_and_again_after_its_end() -> None:
    agency, officer = AgencyFactory.create(), OfficerFactory.create()
    said = {"login": officer.user.username.upper()}
    first = given(agency, Role.AGENCY_HEAD, **said)
    with pytest.raises(InvalidInput):
        given(agency, Role.AGENCY_HEAD, **said)
    head = officer_actor(agency, Role.AGENCY_HEAD)

    inspectors.end(post_id=first.pk, actor=head, at=NINE + timedelta(hours=1))
    with pytest.raises(inspectors.PostEnded):
        inspectors.end(post_id=first.pk, actor=head, at=NINE + timedelta(hours=2))

    assert inspectors.give(
        agency_id=agency.pk,
        login=officer.user.username,
        inspector_class="traffic",
        decision="QĐ 3",
        actor=head,
        at=NINE + timedelta(hours=2),
    ).pk


def test_the_page_of_posts_tells_what_is_wrong_and_lists_what_was_given() -> None:
    agency, head, inspector = AgencyFactory.create(), OfficerFactory.create(), OfficerFactory.create()
    officer_actor(agency, Role.AGENCY_HEAD, officer=head)
    client, page = signed_in(head), reverse("inspectors:list")
    said = {"login": "khong-co", "inspector_class": "traffic", "decision": "QĐ 9"}

    wrong = client.post(page, said)
    right = client.post(page, said | {"login": inspector.user.username}, follow=True)

    assert wrong.status_code == 422
    assert "Không có cán bộ nào đang dùng tài khoản" in wrong.content.decode()
    assert inspector.full_name in right.content.decode()
