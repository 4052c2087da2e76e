"""What somebody who cannot program does with mouse and keyboard in the designer."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def go(page: Page, section: str) -> None:
    """Open a section of the procedure from the navigation at the side."""
    page.get_by_role("navigation", name="Các phần của thủ tục").get_by_role(
        "link", name=section, exact=True
    ).click()
    page.wait_for_load_state("networkidle")


def save(page: Page) -> None:
    page.get_by_role("button", name="Lưu", exact=True).last.click()
    expect(page.get_by_text("Đã lưu.").first).to_be_visible()
    page.wait_for_load_state("networkidle")


def unfold(page: Page, group: str) -> None:
    """Open a group of controls, if it is not open already."""
    details = page.locator(".designer-group", has=page.locator("summary", has_text=group)).first
    if details.get_attribute("open") is None:
        details.locator("summary").first.click()


def add(page: Page, button: str, pick: str = "", *, list_id: str = "") -> None:
    """Add a row to a list, of a kind where there are several."""
    if pick:
        page.locator(f"#id_{list_id}-pick").select_option(label=pick)
    rows = page.locator("#editor-body .designer-row")
    count = rows.count()
    page.get_by_role("button", name=button, exact=True).first.click()
    expect(rows).not_to_have_count(count)
    page.wait_for_load_state("networkidle")


def fill(page: Page, values: dict[str, str]) -> None:
    """Type texts into controls by the ends of their ids."""
    for name, text in values.items():
        page.locator(f"[id='id_{name}']").fill(text)


def add_page(page: Page, title: str, *, number: int) -> None:
    """Add a page to the e-form; it is the ``number``-th."""
    page.locator("#id_page_title").fill(title)
    page.get_by_role("button", name="Thêm trang", exact=True).click()
    expect(page.get_by_role("heading", name=f"{number}. {title}")).to_be_visible()
    page.wait_for_load_state("networkidle")


def add_question(page: Page, place: str, label: str, kind: str) -> None:
    """Add a question to a page of the e-form: ``place`` is the page's number from 0."""
    page.locator(f"[id='id_label_{place}']").fill(label)
    page.locator(f"[id='id_kind_{place}']").select_option(label=kind)
    page.locator(f"button[value='add-question:{place}']").click()
    expect(page.locator("#outline").get_by_role("link", name=label, exact=True)).to_be_visible()
    page.wait_for_load_state("networkidle")


def open_question(page: Page, label: str) -> None:
    """Open a question from the outline of the e-form, or from another page of the e-form."""
    if not page.locator("#outline").count():
        page.locator(".breadcrumbs").get_by_role("link", name="Biểu mẫu điện tử").click()
        page.wait_for_load_state("networkidle")
    page.locator("#outline").get_by_role("link", name=label, exact=True).click()
    page.wait_for_load_state("networkidle")


def in_english(page: Page, label: str) -> None:
    """Write the question in English and save it."""
    unfold(page, "Tiếng Anh")
    page.locator("#id_label_en").fill(label)
    save(page)
