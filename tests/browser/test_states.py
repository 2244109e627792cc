"""What a reader sees is in the address: it can be sent, and loading it again shows the same."""

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import captioned_picture
from tests.library import ServedLibrary
from tests.paths import ROOT

Check = Callable[[Page], None]


@pytest.fixture(scope="module")
def picture(specimen: ServedLibrary) -> str:
    return f"/pictures/{quote(captioned_picture(specimen)[0], safe='')}"


def send_and_open(page: Page, fragment: str, check: Check) -> None:
    """Assert that the address has the state, and that the address alone leads to it."""
    expect(page).to_have_url(re.compile(fragment))
    check(page)
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    check(page)
    expect(page).to_have_url(re.compile(fragment))


def is_open(selector: str) -> Check:
    return lambda page: expect(page.locator(f"{selector}[open]")).to_have_count(1)


def test_folded_parts(wide_page: Page, picture: str, specimen: ServedLibrary) -> None:
    wide_page.goto(picture)
    wide_page.locator("#cite > summary").click()
    wide_page.locator("#staff > summary").click()
    send_and_open(wide_page, "#cite&staff$", is_open("#staff"))
    wide_page.locator("#cite > summary").click()
    expect(wide_page).to_have_url(re.compile("#staff$"))
    wide_page.goto("/docs#operation-search_pictures")
    is_open("#operation-search_pictures")(wide_page)


@pytest.mark.parametrize("screen", ["narrow"])
def test_the_sheet_of_filters(screen: str, page: Page) -> None:
    page.goto("/?q=fyr")
    page.locator("#filters > summary").click()
    send_and_open(page, "#filters$", is_open("#filters"))
    page.locator(".filters a[href*='place=']").first.click()
    page.wait_for_url("**place=**#filters")
    page.locator(".close-sheet").click()
    expect(page).to_have_url(re.compile("place=[^#]*$"))


def test_the_part_of_a_picture_and_of_its_page(wide_page: Page, picture: str) -> None:
    wide_page.goto(picture)
    wide_page.get_by_role("button", name="Search with a part").click()
    expect(wide_page.locator(".part")).to_be_focused()
    wide_page.keyboard.press("ArrowRight")
    size = wide_page.locator(".part-form output").inner_text()
    send_and_open(wide_page, r"#xywh=\d", lambda page: expect(page.locator(".part-form output")).to_have_text(size))
    wide_page.get_by_role("tab", name="Page").click()
    send_and_open(wide_page, r"#xywh=\d.*&page$", lambda page: expect(page.locator(".part")).to_be_visible())
    wide_page.locator(".part").focus()
    wide_page.keyboard.press("Escape")
    expect(wide_page).to_have_url(re.compile("#page$"))


@pytest.mark.skipif(
    not (ROOT / "templates" / "static" / "vendor" / "openseadragon.min.js").is_file(), reason="the viewer is not built"
)
def test_the_place_in_the_zooming_viewer(wide_page: Page, picture: str) -> None:
    wide_page.goto(f"{picture}#page")
    wide_page.get_by_role("button", name="Zoom in").click()
    send_and_open(
        wide_page,
        r"#page&zoom=-?\d",
        lambda page: expect(page.locator(".viewer.is-zoomed .openseadragon-canvas")).to_be_visible(),
    )


def test_the_edge_between_two_pictures(wide_page: Page, picture: str, reprinted_picture_id: str) -> None:
    first, second = quote(reprinted_picture_id, safe=""), picture.removeprefix("/pictures/")
    wide_page.goto(f"/compare?a={first}&b={second}")
    wide_page.get_by_role("button", name="One over the other").click()
    edge = wide_page.get_by_label("Edge between the two pictures")
    edge.fill("30")
    send_and_open(wide_page, "#over=30$", lambda page: expect(edge).to_have_value("30"))
    wide_page.get_by_role("button", name="Side by side").click()
    expect(wide_page).to_have_url(re.compile("[^#]+$"))
