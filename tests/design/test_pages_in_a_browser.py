"""Pages that stand on the design system alone, as a browser and a screen reader meet them."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = ["/", "/giao-dien/", "/kha-nang-tiep-can/", "/khong-co-trang-nay/"]

TOO_SMALL = """() => [...document.querySelectorAll('a[href], button, summary, input:not([type=hidden]), select')]
  .filter((e) => e.offsetParent && !e.closest('p, .paper, .breadcrumbs, .visually-hidden') && e.type !== 'file')
  .map((e) => (e.matches('[type=checkbox], [type=radio]') ? e.closest('.choice, label') ?? e : e))
  .filter((e) => e.getBoundingClientRect().height < 43.5 && !e.matches('.task a, .skip-link, .card--link a'))
  .map((e) => e.outerHTML.slice(0, 100))"""


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_are_accessible_fit_the_screen_and_obey_the_content_policy(open_page, live_server, width):
    found = {}
    with open_page("/", width=width) as (page, complaints):
        for path in PAGES:
            page.goto(live_server.url + path)
            page.wait_for_load_state("networkidle")
            violations = Axe().run(page).response["violations"]
            found[path] = {
                "axe": [(one["id"], one["nodes"][0]["html"]) for one in violations],
                "overflow": page.evaluate("document.documentElement.scrollWidth > window.innerWidth"),
                "too small to tap": page.evaluate(TOO_SMALL) if width == 360 else [],
            }

    assert found == {path: {"axe": [], "overflow": False, "too small to tap": []} for path in PAGES}
    assert [text for text in complaints if "404 (Not Found)" not in text] == []


def test_no_component_is_left_uncompiled(client, unhashed_static):
    text = client.get("/giao-dien/").content.decode()

    assert "<c-" not in text
    assert "{{" not in text
    assert "{%" not in text


def test_the_first_tab_leads_past_the_header(open_page):
    with open_page("/giao-dien/") as (page, _):
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")

        assert page.evaluate("document.activeElement.id") == "main"


def test_a_dangerous_step_is_asked_about_first(open_page):
    with open_page("/giao-dien/") as (page, _):
        page.click("[data-confirm]")
        assert page.locator("#guide-dialog").is_visible()

        page.click("#guide-dialog [data-dialog-close]")
        assert not page.locator("#guide-dialog").is_visible()
        assert page.evaluate("document.activeElement.dataset.confirm") == "guide-dialog"

        page.click("[data-confirm]")
        with page.expect_navigation():
            page.click("#guide-dialog [data-dialog-confirm]")


def test_letters_walk_a_table_and_can_be_switched_off(open_page):
    with open_page("/giao-dien/") as (page, _):
        focused = "document.activeElement.textContent"
        page.keyboard.press("j")
        assert page.evaluate(focused) == "DN-2026-000123"
        page.keyboard.press("j")
        assert page.evaluate(focused) == "DN-2026-000124"
        page.keyboard.press("k")
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "guide-q"

        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("?")
        page.check("[data-keyboard-off]")
        page.click("#keyboard-help [data-dialog-close]")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_a_form_is_sent_once_on_a_double_click(open_page):
    with open_page("/giao-dien/") as (page, _):
        sent: list[str] = []

        def slow(route):
            sent.append(route.request.url)
            page.wait_for_timeout(300)
            route.fulfill(status=204)

        page.route("**/gui-mot-lan/", slow)
        put(page, '<form method="post" action="/gui-mot-lan/" data-submit-once><button>Nộp</button></form>')
        page.locator("#put button").dblclick()
        page.wait_for_timeout(600)

    assert len(sent) == 1


def put(page, html: str) -> None:
    """Place markup on the page in the way htmx does, so that the behaviours find it."""
    page.evaluate(
        """async (html) => {
          const box = Object.assign(document.createElement('div'), { id: 'put', innerHTML: html });
          document.querySelector('main').prepend(box);
          document.dispatchEvent(new CustomEvent('htmx:load', { detail: { elt: box } }));
        }""",
        html,
    )
    page.wait_for_timeout(300)


DRAFT = """<form data-autosave-url="/luu/"><input name="name"><input type="hidden" name="version" value="1">
  <p data-save-state data-text-saving="Đang lưu" data-text-saved="Đã lưu" data-text-offline="Mất kết nối"
     data-text-conflict="Đã sửa nơi khác" data-text-failed="Chưa lưu được"></p></form>"""


def test_a_draft_is_saved_while_typing_and_takes_the_new_version(open_page):
    with open_page("/giao-dien/") as (page, _):
        bodies: list[str] = []

        def save(route):
            bodies.append(route.request.post_data)
            route.fulfill(json={"version": 2})

        page.route("**/luu/", save)
        put(page, DRAFT)
        page.fill("#put [name=name]", "Mẫu")
        page.wait_for_selector("#put [data-state=saved]")

        assert page.input_value("#put [name=version]") == "2"
        assert len(bodies) == 1
        assert "Mẫu" in bodies[0]


def test_a_draft_survives_a_lost_connection_and_a_reload(open_page):
    with open_page("/giao-dien/") as (page, _):
        page.route("**/luu/", lambda route: route.abort())
        put(page, DRAFT)
        page.fill("#put [name=name]", "Chưa gửi được")
        page.wait_for_selector("#put [data-state=offline]")
        page.reload()
        page.unroute("**/luu/")

        page.route("**/luu/", lambda route: route.fulfill(status=204))
        put(page, DRAFT)
        page.wait_for_selector("#put [data-state=saved]")

        assert page.input_value("#put [name=name]") == "Chưa gửi được"
        assert page.evaluate("localStorage.length") == 0


def test_a_draft_changed_elsewhere_is_not_overwritten(open_page):
    with open_page("/giao-dien/") as (page, _):
        tries: list[int] = []

        def refuse(route):
            tries.append(1)
            route.fulfill(status=409)

        page.route("**/luu/", refuse)
        put(page, DRAFT)
        page.fill("#put [name=name]", "Một")
        page.wait_for_selector("#put [data-state=conflict]")
        page.fill("#put [name=name]", "Hai")
        page.wait_for_timeout(1600)

    assert len(tries) == 1


def test_an_upload_says_why_it_was_refused_and_never_sends_what_is_too_big(open_page, tmp_path):
    small, big = tmp_path / "nho.pdf", tmp_path / "to.pdf"
    small.write_bytes(b"%PDF-1.7")
    big.write_bytes(bytes(10_000_001))
    with open_page("/giao-dien/") as (page, _):
        sent: list[int] = []

        def refuse(route):
            sent.append(1)
            route.fulfill(status=422, json={"message": "Tệp không đọc được. Hãy quét lại."})

        page.route("**/giao-dien/", refuse)
        page.set_input_files("#guide-upload", small)
        page.wait_for_selector("#guide-upload_status:has-text('Hãy quét lại')")
        page.set_input_files("#guide-upload", big)
        page.wait_for_selector("#guide-upload_status:has-text('lớn hơn')")

        assert page.get_attribute("#guide-upload", "aria-invalid") == "true"
    assert len(sent) == 1


def test_an_upload_is_sent_again_after_a_lost_connection(open_page, tmp_path):
    file = tmp_path / "giay.pdf"
    file.write_bytes(b"%PDF-1.7")
    with open_page("/giao-dien/") as (page, _):
        tries: list[int] = []

        def flaky(route):
            if route.request.method != "POST":
                route.continue_()
            elif tries:
                tries.append(1)
                route.fulfill(status=200, body="")
            else:
                tries.append(1)
                route.abort()

        page.route("**/giao-dien/", flaky)
        page.set_input_files("#guide-upload", file)
        page.wait_for_selector("#guide-upload_status:has-text('Mất kết nối')")
        with page.expect_navigation():
            page.evaluate("window.dispatchEvent(new Event('online'))")

    assert len(tries) == 2


def test_the_style_guide_works_without_javascript(client, unhashed_static):
    text = client.get("/giao-dien/").content.decode()

    assert "<script>" not in text
    assert " style=" not in text
    assert " onclick=" not in text
