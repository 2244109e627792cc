"""A reader at the page: on a wide screen, on a telephone, without scripts, and by keyboard."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ARTEFACTS, keep, picture
from tests.library import Library


def no_sideways_scrolling(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def pictures_are_there(page: Page) -> None:
    """Every picture in sight was really loaded."""
    page.evaluate("document.querySelectorAll('img').forEach(image => image.loading = 'eager')")
    page.evaluate("Promise.all([...document.images].map(image => image.decode().catch(() => 0)))")
    assert page.evaluate("[...document.images].filter(image => !image.naturalWidth).map(image => image.src)") == []


@pytest.mark.parametrize("screen", ["wide", "narrow"])
def test_the_start_page_invites(screen: str, request: pytest.FixtureRequest) -> None:
    page: Page = request.getfixturevalue(screen)
    page.goto("/")
    expect(page.get_by_role("searchbox")).to_be_visible()
    pictures_are_there(page)
    no_sideways_scrolling(page)
    keep(page, f"start-{screen}")


@pytest.mark.parametrize("screen", ["wide", "narrow", "without_scripts"])
def test_words_find_pictures_and_are_marked(screen: str, request: pytest.FixtureRequest) -> None:
    page: Page = request.getfixturevalue(screen)
    page.goto("/")
    page.get_by_role("searchbox").fill("fyr")
    page.keyboard.press("Enter")
    expect(page.locator(".card").first).to_be_visible()
    expect(page.locator(".card em").first).to_be_visible()
    if screen != "without_scripts":
        pictures_are_there(page)
        no_sideways_scrolling(page)
    keep(page, f"results-{screen}")
    page.screenshot(path=ARTEFACTS / f"first-sight-{screen}.png")


@pytest.mark.parametrize("screen", ["wide", "without_scripts"])
def test_a_changed_copy_that_is_uploaded_finds_its_original_first(
    screen: str, request: pytest.FixtureRequest, copy: Path, specimen: Library
) -> None:
    page: Page = request.getfixturevalue(screen)
    page.goto("/")
    page.locator("input[type=file]").set_input_files(copy)
    if screen == "without_scripts":
        page.locator("form#upload button").click()
    expect(page.locator(".card").first).to_be_visible()
    assert "vector=" in page.url, "the search is an address that can be kept"
    id_, _ = picture(specimen)
    first = page.locator(".card h3 a").first.get_attribute("href")
    assert first
    assert page.request.get(first.replace("/pictures/", "/api/pictures/")).json()["id"] == id_
    keep(page, f"upload-{screen}")


@pytest.mark.parametrize("screen", ["wide", "without_scripts"])
def test_a_facet_narrows_and_can_be_taken_back(screen: str, request: pytest.FixtureRequest) -> None:
    page: Page = request.getfixturevalue(screen)
    page.goto("/?q=ship skib fyr lighthouse")
    page.goto("/?year_from=1800")
    before = page.locator(".card").count()
    value = page.locator("#facet-publisher + ul a").first
    name = value.locator(".name").inner_text()
    value.click()
    chosen = page.locator(".facet .chosen a", has_text=name)
    expect(chosen).to_be_visible()
    assert 0 < page.locator(".card").count() <= before
    chosen.click()
    expect(page.locator(".facet .chosen a", has_text=name)).to_have_count(0)


def test_more_like_this_leads_on(wide: Page) -> None:
    wide.goto("/?q=fyr")
    wide.get_by_role("link", name="More like this").first.click()
    wide.wait_for_url("**like=**")
    expect(wide.locator(".card").first).to_be_visible()
    keep(wide, "like-wide")


@pytest.mark.parametrize("screen", ["wide", "narrow"])
def test_a_picture_has_a_page_of_its_own(screen: str, request: pytest.FixtureRequest, specimen: Library) -> None:
    page: Page = request.getfixturevalue(screen)
    id_, source = picture(specimen)
    page.goto(f"/pictures/{id_}")
    expect(page.get_by_text(str(source["title"])).first).to_be_visible()
    pictures_are_there(page)
    no_sideways_scrolling(page)
    keep(page, f"picture-{screen}")


@pytest.mark.parametrize("screen", ["wide", "without_scripts"])
def test_a_result_opens_as_a_page_and_back_leads_to_the_results(screen: str, request: pytest.FixtureRequest) -> None:
    """Not inside the results, where htmx swaps what belongs to the search."""
    page: Page = request.getfixturevalue(screen)
    page.goto("/?q=fyr")
    page.locator(".card h3 a").first.click()
    page.wait_for_url("**/pictures/**")
    expect(page.locator(".picture-page")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_count(1)
    page.go_back()
    expect(page.locator(".card").first).to_be_visible()


@pytest.mark.parametrize("screen", ["wide", "narrow"])
def test_the_best_of_all_end_where_likeness_ends(screen: str, request: pytest.FixtureRequest, copies: str) -> None:
    """Two books have the same drawing: its copy stands above the line and everything else below."""
    page: Page = request.getfixturevalue(screen)
    page.goto(f"/?like={copies}")
    lists = page.locator("ol.cards")
    expect(lists).to_have_count(2)
    assert lists.nth(0).locator(".card").count() == 1
    expect(page.locator(".nothing-closer")).to_be_visible()
    assert lists.nth(1).get_attribute("start") == "2"
    no_sideways_scrolling(page)
    keep(page, f"closer-{screen}")


@pytest.mark.parametrize("screen", ["wide", "narrow"])
def test_pages_and_books_stand_among_the_pictures(screen: str, request: pytest.FixtureRequest) -> None:
    page: Page = request.getfixturevalue(screen)
    page.goto("/?q=fern OR title:companion&document=picture&document=page&document=book&size=100")
    expect(page.locator(".card").first).to_be_visible()
    expect(page.locator(".entry .snippet em").first).to_be_visible()
    no_sideways_scrolling(page)
    keep(page, f"mixed-{screen}")
    page.locator(".entry:has(.label:text-is('Book')) h3 a").click()
    page.wait_for_url("**/books/**")
    expect(page.locator(".book-page")).to_be_visible()


@pytest.mark.parametrize("screen", ["wide", "narrow", "without_scripts"])
def test_results_can_be_grouped_by_book_and_sorted(screen: str, request: pytest.FixtureRequest) -> None:
    page: Page = request.getfixturevalue(screen)
    page.goto("/?q=fig&document=picture&document=page&document=book")
    page.get_by_role("link", name="By book").click()
    expect(page.locator(".group").first).to_be_visible()
    page.get_by_role("link", name="Oldest first").click()
    page.wait_for_url("**sort=year**")
    titles = page.locator(".group h3").all_inner_texts()
    assert len(titles) == len(set(titles)) > 1
    if screen != "without_scripts":
        pictures_are_there(page)
        no_sideways_scrolling(page)
    keep(page, f"books-{screen}")


def test_all_of_a_group_is_a_link_away(wide: Page) -> None:
    wide.goto("/?q=fig&group=book")
    wide.get_by_role("link", name="All that was found in this book").first.click()
    expect(wide.locator(".card").first).to_be_visible()
    expect(wide.locator(".parts")).to_contain_text("Book:")


def test_signs_are_explained_and_a_misspelt_word_can_be_asked_as_it_was_meant(wide: Page) -> None:
    wide.goto("/?q=flowerr -ship")
    expect(wide.locator(".read-as")).to_contain_text("without: ship")
    wide.locator(".read-as a").click()
    expect(wide.locator("#q")).to_have_value("flowers -ship")
    expect(wide.locator(".card").first).to_be_visible()
    wide.go_back()
    expect(wide.locator(".read-as a")).to_be_visible()
    keep(wide, "meant-wide")


def test_each_picture_of_a_question_can_be_taken_away(wide: Page, copies: str, specimen: Library) -> None:
    other, _ = picture(specimen)
    wide.goto(f"/?q=fig&like={copies}^2&like={other}%23xywh=pct:0,0,50,50^-1")
    expect(wide.locator(".parts .with-picture")).to_have_count(2)
    wide.locator(".parts .with-picture").nth(1).get_by_role("link", name="Remove the picture").click()
    expect(wide.locator(".parts .with-picture")).to_have_count(1)
    assert "xywh" not in wide.url
    wide.go_back()
    expect(wide.locator(".parts .with-picture")).to_have_count(2)
    keep(wide, "several-wide")


def test_nothing_found_says_what_to_do(wide: Page) -> None:
    wide.goto("/?q=xyzzyxyzzy")
    expect(wide.locator(".card")).to_have_count(0)
    expect(wide.get_by_role("main")).to_contain_text("xyzzyxyzzy")
    keep(wide, "nothing-wide")


def test_the_keyboard_reaches_the_search_first(wide: Page) -> None:
    wide.goto("/?q=fyr")
    wide.keyboard.press("Tab")
    assert wide.evaluate("document.activeElement.getAttribute('href')").startswith("#"), "a link that skips the header"
