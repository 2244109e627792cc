"""The pages in a browser: on a wide screen, on a phone, without scripts, and by keyboard."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SCREENSHOT_FOLDER, captioned_picture, save_screenshot
from tests.library import ServedLibrary


def assert_no_sideways_scrolling(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def assert_images_loaded(page: Page) -> None:
    """Assert that the browser has loaded all images."""
    page.evaluate("document.querySelectorAll('img').forEach(image => image.loading = 'eager')")
    page.evaluate("Promise.all([...document.images].map(image => image.decode().catch(() => 0)))")
    assert (
        page.evaluate("[...document.images].filter(image => image.src && !image.naturalWidth).map(image => image.src)")
        == []
    )


@pytest.mark.parametrize("screen", ["wide", "narrow"])
def test_the_start_page_has_a_search_box(screen: str, page: Page) -> None:
    page.goto("/")
    expect(page.locator("#q")).to_be_visible()
    assert_images_loaded(page)
    assert_no_sideways_scrolling(page)
    save_screenshot(page, f"start-{screen}")


@pytest.mark.parametrize("screen", ["wide", "narrow", "without_scripts"])
def test_a_search_finds_pictures_and_highlights_the_words(screen: str, page: Page) -> None:
    page.goto("/")
    page.locator("#q").fill("fyr")
    page.keyboard.press("Enter")
    expect(page.locator(".card").first).to_be_visible()
    expect(page.locator(".card em").first).to_be_visible()
    if screen != "without_scripts":
        assert_images_loaded(page)
        assert_no_sideways_scrolling(page)
    save_screenshot(page, f"results-{screen}")
    page.screenshot(path=SCREENSHOT_FOLDER / f"search-{screen}.png")


@pytest.mark.parametrize("screen", ["wide", "without_scripts"])
def test_an_uploaded_altered_copy_finds_the_original_first(
    screen: str, page: Page, altered_copy_file: Path, specimen: ServedLibrary
) -> None:
    page.goto("/")
    page.locator("#image").set_input_files(altered_copy_file)
    if screen == "without_scripts":
        page.locator(".open-picture").click()
        page.locator(".send-alone").click()
    expect(page.locator(".card").first).to_be_visible()
    assert "vector=" in page.url, "the search has a URL of its own"
    id_, _ = captioned_picture(specimen)
    first_link = page.locator(".card h3 a").first.get_attribute("href")
    assert first_link
    assert page.request.get(first_link.partition("?")[0].replace("/pictures/", "/api/pictures/")).json()["id"] == id_
    save_screenshot(page, f"upload-{screen}")


@pytest.mark.parametrize("screen", ["wide", "without_scripts"])
def test_a_facet_value_can_be_chosen_and_removed(screen: str, page: Page) -> None:
    page.goto("/?year_from=1800")
    count_before = page.locator(".card").count()
    facet_link = page.locator("#facet-publisher + ul a").first
    facet_value = facet_link.locator(".name").inner_text()
    facet_link.click()
    chosen_link = page.locator(".facet .chosen a", has_text=facet_value)
    expect(chosen_link).to_be_visible()
    assert 0 < page.locator(".card").count() <= count_before
    chosen_link.click()
    expect(page.locator(".facet .chosen a", has_text=facet_value)).to_have_count(0)


def test_more_like_this_searches_by_that_picture(wide_page: Page) -> None:
    wide_page.goto("/?q=fyr")
    wide_page.get_by_role("link", name="More like").first.click()
    wide_page.wait_for_url("**like=**")
    expect(wide_page.locator(".card").first).to_be_visible()
    expect(wide_page.locator("#q"), "the next search must not bring the words back").to_have_value("")
    save_screenshot(wide_page, "like-wide")


@pytest.mark.parametrize("screen", ["wide", "narrow"])
def test_a_picture_has_a_page(screen: str, page: Page, specimen: ServedLibrary) -> None:
    id_, source = captioned_picture(specimen)
    page.goto(f"/pictures/{id_}")
    expect(page.get_by_text(str(source["title"])).first).to_be_visible()
    assert_images_loaded(page)
    assert_no_sideways_scrolling(page)
    save_screenshot(page, f"picture-{screen}")


@pytest.mark.parametrize("screen", ["wide", "without_scripts"])
def test_a_result_opens_as_a_page_and_back_returns_to_the_results(screen: str, page: Page) -> None:
    """The link is not boosted: htmx does not swap the picture's page into the results."""
    page.goto("/?q=fyr")
    page.locator(".card h3 a").first.click()
    page.wait_for_url("**/pictures/**")
    expect(page.locator(".picture-page")).to_be_visible()
    expect(page.locator("#q")).to_have_count(1)
    page.go_back()
    expect(page.locator(".card").first).to_be_visible()


@pytest.mark.parametrize("screen", ["wide", "narrow"])
def test_less_similar_pictures_follow_below_a_line(screen: str, page: Page, reprinted_picture_id: str) -> None:
    """Two books have the same drawing: its copy is above the line and all other pictures are below."""
    page.goto(f"/?like={reprinted_picture_id}")
    result_lists = page.locator("ol.cards")
    expect(result_lists).to_have_count(2)
    assert result_lists.nth(0).locator(".card").count() == 1
    expect(page.locator(".less-similar")).to_be_visible()
    assert result_lists.nth(1).get_attribute("start") == "2"
    assert_no_sideways_scrolling(page)
    save_screenshot(page, f"cut-off-{screen}")


@pytest.mark.parametrize("screen", ["wide", "narrow"])
def test_pages_and_books_are_listed_among_pictures(screen: str, page: Page) -> None:
    page.goto("/?q=fern OR title:companion&document=picture&document=page&document=book&size=100")
    expect(page.locator(".card").first).to_be_visible()
    expect(page.locator(".entry .snippet em").first).to_be_visible()
    for image in page.locator(".entry.with-image img").all()[:3]:
        image.scroll_into_view_if_needed()
        assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    assert page.locator(".entry:has(.kind:text-is('Page')).with-image").count() > 0
    assert_no_sideways_scrolling(page)
    save_screenshot(page, f"mixed-{screen}")
    page.locator(".entry:has(.kind:text-is('Book')) h3 a").click()
    page.wait_for_url("**/books/**")
    expect(page.locator(".book-page")).to_be_visible()


@pytest.mark.parametrize("screen", ["wide", "narrow", "without_scripts"])
def test_results_can_be_grouped_by_book_and_sorted(screen: str, page: Page) -> None:
    page.goto("/?q=fig&document=picture&document=page&document=book")
    page.get_by_role("link", name="By book").click()
    expect(page.locator(".group").first).to_be_visible()
    page.locator(".toolbar summary", has_text="Best first").click()
    page.get_by_role("link", name="Oldest first").click()
    page.wait_for_url("**sort=year**")
    titles = page.locator(".group h3").all_inner_texts()
    assert len(titles) == len(set(titles)) > 1
    if screen != "without_scripts":
        assert_images_loaded(page)
        assert_no_sideways_scrolling(page)
    save_screenshot(page, f"books-{screen}")


def test_a_group_links_to_all_results_in_its_book(wide_page: Page) -> None:
    wide_page.goto("/?q=fig&group=book")
    wide_page.get_by_role("link", name="All results in this book").first.click()
    expect(wide_page.locator(".card").first).to_be_visible()
    expect(wide_page.locator(".parts")).to_contain_text("Book")


def test_operators_are_explained_and_a_misspelt_word_gets_a_suggestion(wide_page: Page) -> None:
    wide_page.goto("/?q=flowerr -ship")
    expect(wide_page.locator(".query-notes")).to_contain_text("without: ship")
    wide_page.locator(".query-notes a").click()
    expect(wide_page.locator("#q")).to_have_value("flowers -ship")
    expect(wide_page.locator(".card").first).to_be_visible()
    wide_page.go_back()
    expect(wide_page.locator(".query-notes a")).to_be_visible()
    save_screenshot(wide_page, "suggestion-wide")


def test_each_query_picture_can_be_removed(wide_page: Page, reprinted_picture_id: str, specimen: ServedLibrary) -> None:
    other_id, _ = captioned_picture(specimen)
    wide_page.goto(f"/?q=fig&like={reprinted_picture_id}^2&like={other_id}%23xywh=pct:0,0,50,50^-1")
    expect(wide_page.locator(".parts .with-picture")).to_have_count(2)
    wide_page.locator(".parts .with-picture").nth(1).get_by_role("link", name="Remove the picture").click()
    expect(wide_page.locator(".parts .with-picture")).to_have_count(1)
    assert "xywh" not in wide_page.url
    wide_page.go_back()
    expect(wide_page.locator(".parts .with-picture")).to_have_count(2)
    save_screenshot(wide_page, "query-pictures-wide")


def test_a_page_without_results_gives_advice(wide_page: Page) -> None:
    wide_page.goto("/?q=xyzzyxyzzy")
    expect(wide_page.locator(".card")).to_have_count(0)
    expect(wide_page.get_by_role("main")).to_contain_text("xyzzyxyzzy")
    save_screenshot(wide_page, "no-results-wide")


def test_the_first_tab_stop_skips_the_header(wide_page: Page) -> None:
    wide_page.goto("/?q=fyr")
    wide_page.keyboard.press("Tab")
    assert wide_page.evaluate("document.activeElement.getAttribute('href')").startswith("#"), (
        "a link that skips the header"
    )
