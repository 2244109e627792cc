"""Journeys from the start page, in a book, and through a list of pictures; with and without scripts."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SCREENS, save_screenshot
from tests.library import ServedLibrary


@pytest.fixture
def book_address(specimen: ServedLibrary) -> str:
    """Return the page of a book whose captions name lighthouses."""
    return f"/books/{specimen.search(q='fyr', size=1)['hits'][0]['book_key']}"


def number_in(text: str) -> int:
    match = re.search(r"\d+", text.replace(",", ""))
    assert match, text
    return int(match[0])


@pytest.mark.parametrize("screen", ["without_scripts", "narrow"])
def test_each_tile_says_how_many_pictures_its_search_finds(screen: str, page: Page) -> None:
    page.goto("/")
    tiles = page.locator(".tiles a, .years a")
    assert tiles.count() == 6, "a subject and a decade of each book: the other subjects have the same pictures"
    for tile in tiles.all():
        address = urlsplit(tile.get_attribute("href") or "")
        total = page.request.get(f"/api/search?{address.query}&size=1").json()["total"]
        assert number_in(tile.locator(".number").inner_text()) == total > 0
    save_screenshot(page, f"start-{screen}")
    tiles.first.click()
    expect(page.locator("#results")).to_be_visible()


@pytest.mark.parametrize("screen", ["without_scripts", "wide"])
def test_others_are_another_draw_with_an_address_of_its_own(screen: str, page: Page) -> None:
    def draw() -> list[str | None]:
        return [link.get_attribute("href") for link in page.locator("#plates .plate p a").all()]

    page.goto("/?seed=7")
    first_draw = draw()
    page.locator(".others").click()
    page.wait_for_url("**seed=8**")
    expect(page.locator(".others")).to_have_attribute("href", "/?seed=9#plates")
    second_draw = draw()
    assert second_draw != first_draw
    page.reload()
    assert draw() == second_draw


def test_a_printed_book_has_its_plates_and_no_buttons(wide_page: Page, book_address: str) -> None:
    wide_page.goto(book_address)
    wide_page.emulate_media(media="print")
    expect(wide_page.locator(".book-plates .plate").first).to_be_visible()
    for selector in (".book-search", ".book-downloads", ".primary-links", ".page-strip"):
        expect(wide_page.locator(selector).first).to_be_hidden()


@pytest.mark.parametrize("screen", ["without_scripts", "wide"])
def test_words_are_found_inside_a_book(screen: str, page: Page, book_address: str) -> None:
    page.goto(book_address)
    page.get_by_label("Search inside this book").fill("fyr")
    page.keyboard.press("Enter")
    expect(page.locator(".page-match em").first).to_be_visible()
    expect(page.locator(".picture-match em").first).to_be_visible()
    assert number_in(page.locator("#inside-heading").inner_text()) == page.locator(".matches > li").count()
    save_screenshot(page, f"inside-{screen}")
    page.locator(".page-match a").nth(1).click()
    page.wait_for_url("**/pages/**")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Page ")
    assert page.locator(".leaf-image .word").count() > 0
    expect(page.locator(".leaf-text em").first).to_be_visible()
    save_screenshot(page, f"leaf-{screen}")
    page.get_by_role("link", name="Next page").click()
    page.locator(".leaf-image a").first.click()
    page.wait_for_url("**/pictures/**")
    page.go_back()
    page.get_by_label("Search inside this book").press("Enter")
    expect(page.locator(".page-match em").first).to_be_visible()
    page.get_by_role("link", name="All pictures of this book").click()
    expect(page.locator(".book-plates .plate").first).to_be_visible()


def test_the_strip_shows_a_picture_under_the_pointer_and_leads_to_it(wide_page: Page, book_address: str) -> None:
    wide_page.goto(book_address)
    mark = wide_page.locator(".page-strip a").first
    name = mark.get_attribute("aria-label") or ""
    mark.locator(".mark").hover()
    expect(wide_page.locator(".strip-preview span")).to_have_text(name)
    mark.locator(".mark").click()
    wide_page.wait_for_url(re.compile(r"/pictures/|#page-"))


def test_a_list_is_kept_put_in_order_and_sent(wide_page: Page, browser: Browser, site_url: str) -> None:
    wide_page.goto("/?seed=7")
    stars = wide_page.locator(".random-plates button.keep")
    for star in stars.all()[:3]:
        star.click()
    expect(wide_page.locator(".my-list-link")).to_contain_text("(3)")
    wide_page.goto("/list")
    entries = wide_page.locator(".listed")
    expect(entries).to_have_count(3)
    ids = [entry.get_attribute("data-id") for entry in entries.all()]
    wide_page.locator("[data-action=later]").first.click()
    entries.first.locator("textarea").fill("for the lecture")
    wide_page.get_by_label("Title of the list").fill("Ships & lighthouses")
    wide_page.reload()
    expect(entries.first.locator("textarea")).to_have_value("for the lecture")
    expect(wide_page.locator("h1")).to_have_text("Ships & lighthouses")
    for box in wide_page.locator("[data-for-compare]").all()[:2]:
        box.check()
    expect(wide_page.locator("[data-compare]")).to_have_attribute("href", re.compile(r"^/compare\?a=.+&b="))
    save_screenshot(wide_page, "list-wide")

    wide_page.locator("[data-action=clear]").click()
    expect(wide_page.locator(".list-empty")).to_be_visible()
    expect(wide_page.locator(".my-list-link")).not_to_contain_text("(")
    wide_page.locator("[data-action=undo]").click()
    expect(entries).to_have_count(3)

    table = wide_page.locator("[data-path='/api/list/csv']").get_attribute("href") or ""
    address = table.replace("/api/list/csv", "/list")
    context = browser.new_context(base_url=site_url, **SCREENS["without_scripts"])
    reader = context.new_page()
    reader.goto(address)
    expect(reader.locator("h1")).to_have_text("Ships & lighthouses")
    assert [entry.get_attribute("data-id") for entry in reader.locator(".listed").all()] == [ids[1], ids[0], ids[2]]
    expect(reader.locator("textarea:visible, button.keep:visible")).to_have_count(0)
    save_screenshot(reader, "list-shared")
    context.close()
    assert wide_page.request.get(table).text().count("\r\n") == 4


def test_a_shared_list_can_be_kept(wide_page: Page, specimen: ServedLibrary) -> None:
    ids = [hit["id"] for hit in specimen.search(q="fyr", size=3)["hits"]]
    wide_page.goto("/list?" + "&".join(f"id={picture_id}" for picture_id in [*ids, "nowhere"]))
    expect(wide_page.locator(".listed.missing")).to_have_count(1)
    wide_page.get_by_role("button", name="Keep all in My list").click()
    expect(wide_page.locator(".my-list-link")).to_contain_text("(3)")
