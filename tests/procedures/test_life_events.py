"""Life events: what people see, where they lead from, how they are looked after."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.test import Client
from django.urls import reverse

from procedures import life_events
from procedures.models import CareEvent, LifeEvent, ProcedureVersion
from procedures.states import LifeIcon
from tests.procedures.finding import BIRTH, CARD, HOME, enter_catalogue, enter_life_events, officer

DESK = "/can-bo/tim-kiem/su-kien/"


@pytest.fixture
def catalogue(db: None, tmp_path: Path) -> None:
    enter_catalogue(tmp_path)
    enter_life_events()


@pytest.fixture
def keeper(db: None) -> Client:
    enter_life_events()
    return officer()


def posted(event: LifeEvent, *steps: tuple[str, str, str], **changes: Any) -> dict[str, Any]:
    """Give what the page of an event sends: its columns and rows of order, code and reason."""
    columns = (
        "slug",
        "title",
        "title_en",
        "lede",
        "lede_en",
        "audience",
        "icon",
        "said",
        "position",
        "edits",
    )
    values = {name: str(getattr(event, name)) for name in columns}
    if event.is_shown:
        values["is_shown"] = "on"
    values |= {"thu-tuc-TOTAL_FORMS": str(len(steps)), "thu-tuc-INITIAL_FORMS": "0"}
    for number, (order, code, why) in enumerate(steps):
        values |= {
            f"thu-tuc-{number}-order": order,
            f"thu-tuc-{number}-code": code,
            f"thu-tuc-{number}-why": why,
            f"thu-tuc-{number}-why_en": "",
        }
    return values | changes


def test_an_event_shows_what_can_be_filed_here_first_and_why(client: Client, catalogue: None):
    answer = client.get("/su-kien/sinh-con/")

    here, elsewhere = answer.context["parts"]
    assert [row["step"].version.name for row in here["rows"]] == [BIRTH, HOME]
    assert [row["step"].version.name for row in elsewhere["rows"]] == [CARD]
    html = answer.content.decode()
    assert "60 ngày từ ngày sinh" in html
    assert html.index(BIRTH) < html.index(CARD)


def test_an_event_speaks_english_to_who_reads_it(client: Client, catalogue: None):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    html = client.get("/su-kien/sinh-con/").content.decode()

    assert "Having a baby" in html
    assert "within 60 days" in html


def test_what_the_catalogue_does_not_hold_or_no_longer_is_not_shown(client: Client, catalogue: None):
    ProcedureVersion.objects.filter(procedure__code="1.001193").update(status="abolished")

    names = [
        row["step"].version.name
        for part in client.get("/su-kien/sinh-con/").context["parts"]
        for row in part["rows"]
    ]

    assert names == [HOME, CARD]


def test_an_event_costs_the_same_however_many_procedures_it_has(
    client: Client, catalogue: None, django_assert_max_num_queries: Any
):
    client.get("/su-kien/sinh-con/")
    with django_assert_max_num_queries(6):
        client.get("/su-kien/sinh-con/")


def test_events_lead_from_the_front_page_the_list_and_the_search(client: Client, catalogue: None):
    address = "/su-kien/mua-nha-dat/"

    assert address in client.get("/").content.decode()
    assert address in client.get("/su-kien/").content.decode()
    assert (
        address
        in client.get(reverse("procedures:list"), {"q": "tôi muốn mua nhà ở Hải Châu"}).content.decode()
    )
    (first, *_rest) = client.get(reverse("procedures:suggest"), {"q": "mua nha"}).json()["suggestions"]
    assert (first["url"], first["note"]) == (address, "Sự kiện")


@pytest.mark.parametrize(
    ("question", "slugs"),
    [
        ("em bé mới sinh", ["sinh-con"]),
        ("em be moi sinh", ["sinh-con"]),
        ("cưới vợ", ["ket-hon"]),
        ("cuối năm", []),
        ("cuoi nam", []),
        ("để xe", []),
        ("mat nguoi than", ["mat-nguoi-than"]),
        ("", []),
        ("\x00", []),
    ],
)
def test_a_question_is_about_an_event_when_it_says_so(catalogue: None, question: str, slugs: list[str]):
    assert [event.slug for event in life_events.matching(question)] == slugs


def test_a_hidden_or_unknown_event_is_not_there(client: Client, catalogue: None):
    LifeEvent.objects.filter(slug="xe-co").update(is_shown=False)
    life_events.forget_shown()

    assert client.get("/su-kien/xe-co/").status_code == 404
    assert client.get("/su-kien/khong-co/").status_code == 404
    assert "/su-kien/xe-co/" not in client.get("/su-kien/").content.decode()


def test_the_seeds_are_complete():
    seeds = yaml.safe_load(Path(life_events.__file__).with_suffix(".yaml").read_text(encoding="utf-8"))

    assert len(seeds) >= 12
    assert {seed["audience"] for seed in seeds} == {"citizen", "enterprise"}
    for seed in seeds:
        assert seed["icon"] in LifeIcon.values
        assert all(seed[name] for name in ("title_en", "lede_en", "said"))
        codes = [step["code"] for step in seed["steps"]]
        assert len(codes) == len(set(codes)) >= 3
        assert all(step["why"].endswith(".") and step["why_en"].endswith(".") for step in seed["steps"])


# On the desk


def test_the_editor_puts_procedures_in_the_order_given(client: Client, catalogue: None, keeper: Client):
    event = LifeEvent.objects.get(slug="sinh-con")
    rows = (("20", "1.001193", "Sau cùng."), ("10", "1.004222", "Trước tiên."), ("", "", ""))

    answer = keeper.post(f"{DESK}{event.pk}/", posted(event, *rows, title="Có con"))

    assert answer.status_code == 302
    page = client.get("/su-kien/sinh-con/")
    assert [row["step"].why for row in page.context["parts"][0]["rows"]] == ["Trước tiên.", "Sau cùng."]
    told = CareEvent.objects.get()
    assert ((told.before or {})["title"], (told.after or {})["title"]) == ("Sinh con", "Có con")
    assert "Có con" in client.get("/").content.decode()


def test_a_new_event_is_on_the_portal_at_once(client: Client, catalogue: None, keeper: Client):
    event = LifeEvent(
        slug="ly-hon",
        title="Ly hôn",
        lede="Khi vợ chồng chia tay.",
        audience="citizen",
        icon="users",
        said="chia tay | ly dị",
        position=5,
    )

    assert keeper.post(f"{DESK}moi/", posted(event, ("1", "1.004222", "Chuyển nơi ở."))).status_code == 302

    assert client.get("/su-kien/ly-hon/").status_code == 200
    assert [one.slug for one in life_events.matching("chia tay")] == ["ly-hon"]


@pytest.mark.parametrize(
    ("steps", "changes", "told"),
    [
        ([("1", "9.999999", "Vì sao.")], {}, "Danh mục không có thủ tục 9.999999"),
        ([("1", "1.001193", "Một."), ("2", "1.001193", "Hai.")], {}, "có hai lần"),
        ([("1", "1.001193", "")], {}, "vì sao cần"),
        ([("1", "", "Vì sao.")], {}, "Hãy ghi mã thủ tục"),
        ([], {"slug": "ket-hon"}, "Đã có sự kiện dùng địa chỉ này"),
        ([], {"slug": "Có dấu"}, "Chỉ dùng chữ thường"),
        ([], {"title": ""}, "Hãy ghi tên sự kiện"),
        ([], {"icon": "x"}, "x"),
        ([], {"edits": "7"}, "Người khác vừa sửa"),
    ],
)
def test_an_event_that_will_not_do_is_told_what_to_mend(
    catalogue: None, keeper: Client, steps: list[tuple[str, str, str]], changes: dict[str, str], told: str
):
    event = LifeEvent.objects.get(slug="sinh-con")

    answer = keeper.post(f"{DESK}{event.pk}/", posted(event, *steps, **changes))

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not CareEvent.objects.exists()


def test_codes_that_still_wait_for_their_procedure_may_stay(catalogue: None, keeper: Client):
    event = LifeEvent.objects.get(slug="sinh-con")

    answer = keeper.post(f"{DESK}{event.pk}/", posted(event, ("1", "2.000986", "Một lần cho ba việc.")))

    assert answer.status_code == 302


def test_an_event_is_removed_and_the_log_keeps_it(client: Client, catalogue: None, keeper: Client):
    event = LifeEvent.objects.get(slug="xe-co")

    assert keeper.post(f"{DESK}{event.pk}/xoa/", {"edits": "0"}).status_code == 302

    assert client.get("/su-kien/xe-co/").status_code == 404
    assert (CareEvent.objects.get().before or {})["steps"][0]["code"] == "1.013066"
    assert keeper.post(f"{DESK}{event.pk}/xoa/", {"edits": "0"}).status_code == 404


def test_a_removed_event_is_brought_back_as_it_was_once(client: Client, catalogue: None, keeper: Client):
    event = LifeEvent.objects.get(slug="xe-co")
    steps = list(event.steps.values_list("code", "why", "why_en"))
    confirm = keeper.get(f"{DESK}{event.pk}/").content.decode()
    assert f"với {len(steps)} thủ tục sẽ mất khỏi cổng" in " ".join(confirm.split())
    after = keeper.post(f"{DESK}{event.pk}/xoa/", {"edits": "0"}, follow=True).content.decode()
    undo = f"{DESK}{CareEvent.objects.get().pk}/tro-lai/"
    assert undo in after
    assert undo in keeper.get("/can-bo/tim-kiem/nhat-ky/").content.decode()

    assert keeper.post(undo).status_code == 302

    again = LifeEvent.objects.get(slug="xe-co")
    assert (again.title, again.position) == (event.title, event.position)
    assert list(again.steps.values_list("code", "why", "why_en")) == steps
    assert client.get("/su-kien/xe-co/").status_code == 200
    assert keeper.post(undo).status_code == 409  # a second click
    assert undo not in keeper.get("/can-bo/tim-kiem/nhat-ky/").content.decode()
    assert list(CareEvent.objects.order_by("pk").values_list("kind", flat=True)) == ["removed", "undone"]
