"""The results in a browser: tabs, views, more results, filters in a sheet, years to drag over, and menus."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import save_screenshot
from tests.waiting import wait_until

FIRST_PICTURE_TOP = 250
"""CSS pixels from the top of a phone's screen to the first picture."""

CHIP_LINE = 60
"""CSS pixels of a line of chips with its margins."""


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


@pytest.mark.parametrize("screen", ["without_scripts"])
def test_tabs_views_and_order_are_links_that_can_be_sent(screen: str, page: Page) -> None:
    page.goto("/?q=fyr")
    tab = page.get_by_role("navigation", name="Kinds of results").get_by_role("link", name="Pages")
    count = number(tab.inner_text())
    tab.click()
    expect(page.locator(".entry")).to_have_count(count)
    page.get_by_role("link", name="Pictures").first.click()
    page.get_by_role("link", name="List with texts").click()
    expect(page.locator(".list-card").first).to_be_visible()
    page.locator(".toolbar summary", has_text="Best first").click()
    page.get_by_role("link", name="Newest first").click()
    expect(page.locator(".list-card").first).to_be_visible()
    assert {"view=list", "sort=-year"} <= set(page.url.partition("?")[2].split("&"))
    page.locator(".downloads summary").click()
    for name in ("CSV", "JSON Lines", "BibTeX", "RIS", "CSL-JSON", "IIIF"):
        href = page.get_by_role("link", name=name).first.get_attribute("href")
        assert href
        assert page.request.get(href).ok


@pytest.mark.parametrize("screen", ["without_scripts"])
def test_pages_of_results_have_numbers_without_scripts(screen: str, page: Page) -> None:
    page.goto("/?year_from=1800")
    page.get_by_role("navigation", name="Pages of results").get_by_role("link", name="Page 2").click()
    expect(page.locator(".pages [aria-current]")).to_contain_text("2")
    page.get_by_role("link", name="Previous").click()
    expect(page.locator(".card")).to_have_count(24)


def test_show_more_adds_results_and_the_address_keeps_them(wide_page: Page) -> None:
    wide_page.goto("/?year_from=1800")
    total = number(wide_page.locator(".tabs [aria-current] .number").inner_text())
    titles = wide_page.locator(".card h3 a").evaluate_all("links => links.map(link => link.href)")
    wide_page.get_by_role("link", name="Show more").click()
    expect(wide_page.locator(".card")).to_have_count(total)
    all_titles = wide_page.locator(".card h3 a").evaluate_all("links => links.map(link => link.href)")
    assert len({link.partition("?")[0] for link in all_titles}) == total > 24
    assert [link.partition("?")[0] for link in all_titles[:24]] == [link.partition("?")[0] for link in titles]
    expect(wide_page.locator(".card").nth(24).locator("h3 a")).to_be_focused()
    assert "size=48" in wide_page.url
    wide_page.locator(".card h3 a").nth(26).click()
    wide_page.wait_for_url("**/pictures/**")
    wide_page.go_back()
    expect(wide_page.locator(".card")).to_have_count(total)


@pytest.mark.parametrize("screen", ["narrow"])
def test_filters_on_a_phone_are_a_sheet_with_the_number_of_results(screen: str, page: Page) -> None:
    page.goto("/?q=fyr")
    page.locator(".sheet > summary").click()
    button = page.locator(".close-sheet")
    before = number(button.inner_text())
    value = page.locator("#facet-publisher + ul a").last
    count = number(value.locator(".number").inner_text())
    value.click()
    expect(button).to_have_text(f"Show {count} picture{'s' if count != 1 else ''}")
    assert count < before
    save_screenshot(page, "filters-narrow")
    button.click()
    expect(page.locator(".sheet-content")).to_be_hidden()
    expect(page.locator(".card")).to_have_count(count)


@pytest.mark.parametrize("screen", ["narrow"])
def test_a_phone_shows_the_first_pictures_high_and_in_two_columns(screen: str, page: Page) -> None:
    page.goto("/?q=fyr")
    boxes = [page.locator(".card").nth(index).bounding_box() for index in range(2)]
    first, second = boxes
    assert first
    assert second
    assert first["y"] <= FIRST_PICTURE_TOP
    assert first["x"] < second["x"]
    assert abs(first["width"] - second["width"]) < 1
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("screen", ["narrow"])
def test_the_chips_of_a_phone_are_one_line(screen: str, page: Page, reprinted_picture_id: str) -> None:
    page.goto(f"/?q=fyr&language=nor&like={quote(reprinted_picture_id, safe='')}")
    chips, first = page.locator(".parts").bounding_box(), page.locator(".card").first.bounding_box()
    assert chips
    assert first
    assert chips["height"] < CHIP_LINE
    assert first["y"] < FIRST_PICTURE_TOP + CHIP_LINE
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.locator(".with-picture summary").click()
    opened = page.locator(".edit-picture").bounding_box()
    assert opened
    assert (opened["x"], opened["width"]) == (0, 360)


def test_pictures_of_a_row_keep_their_shapes_and_have_one_height(wide_page: Page) -> None:
    wide_page.goto("/?year_from=1800")
    frames = wide_page.evaluate("""[...document.querySelectorAll(".rows .card")].map(card => {
        const [frame, image] = [card.querySelector(".frame").getBoundingClientRect(), card.querySelector("img")];
        const ratio = image.getAttribute("width") / image.getAttribute("height");
        return [frame.top, frame.height, frame.width, ratio, image.className];
    })""")
    rows: dict[float, list[float]] = {}
    for top, height, width, ratio, kind in frames:
        rows.setdefault(round(top), []).append(height)
        if not kind:
            assert abs(width / height / ratio - 1) < 0.02
    assert all(max(heights) - min(heights) < 6 for heights in rows.values())


def test_years_are_chosen_with_the_keyboard_and_by_dragging(wide_page: Page) -> None:
    wide_page.goto("/?q=fyr OR fig")
    handle = wide_page.get_by_role("slider", name="First year")
    handle.focus()
    first = int(handle.input_value())
    wide_page.keyboard.press("ArrowRight")
    wide_page.wait_for_url(f"**year_from={first + 1}**")
    expect(wide_page.locator(".year-range .handles")).to_be_visible()
    bars = wide_page.locator(".histogram li")
    start, end = bars.first.bounding_box(), bars.last.bounding_box()
    assert start
    assert end
    last_year = bars.last.get_attribute("data-to")
    wide_page.mouse.move(end["x"] - 3 * end["width"], end["y"] + 20)
    wide_page.mouse.down()
    wide_page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 20, steps=4)
    wide_page.mouse.up()
    wide_page.wait_for_url(f"**year_to={last_year}**")
    expect(wide_page.locator(".card").first).to_be_visible()


def test_each_link_to_similar_pictures_names_its_picture(wide_page: Page) -> None:
    wide_page.goto("/?q=fyr")
    names = wide_page.locator(".similar").all_inner_texts()
    assert len(names) > 3
    assert all(name.startswith("More like “") for name in names)
    assert wide_page.locator(".card-menu summary").first.inner_text().startswith("More about “")


def test_a_menu_of_a_picture_says_why_it_is_a_result_and_closes_with_escape(wide_page: Page) -> None:
    wide_page.goto("/?q=fyr")
    menu = wide_page.locator(".card-menu").first
    menu.locator("summary").click()
    expect(menu.get_by_text("Why this result?")).to_be_visible()
    expect(menu.locator(".shares li").first).to_be_visible()
    wide_page.keyboard.press("Escape")
    expect(menu.get_by_text("Why this result?")).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()


def test_a_search_by_picture_says_what_is_like_it(wide_page: Page, reprinted_picture_id: str) -> None:
    wide_page.goto(f"/?like={reprinted_picture_id}")
    expect(wide_page.get_by_role("heading", level=1)).to_have_text("1 picture of the same print")
    headings = wide_page.get_by_role("heading", level=2).all_inner_texts()
    assert [heading for heading in headings if heading.startswith(("Same print", "Less similar"))] == [
        "Same print 1",
        "Less similar",
    ]


def test_a_switch_includes_ornaments_and_says_how_many(wide_page: Page) -> None:
    wide_page.goto("/?q=fyr")
    switch = wide_page.get_by_role("switch", name=re.compile("Also ornaments"))
    ornaments, pictures = number(switch.inner_text()), wide_page.locator(".tabs [aria-current] .number")
    before = number(pictures.inner_text())
    expect(switch).to_have_attribute("aria-checked", "false")
    switch.focus()
    wide_page.keyboard.press("Space")
    wide_page.wait_for_url("**decoration=include**")
    expect(wide_page.get_by_role("switch", name=re.compile("Also ornaments"))).to_have_attribute("aria-checked", "true")
    assert number(pictures.inner_text()) == before + ornaments


def test_back_leads_to_the_same_place_of_the_results(wide_page: Page) -> None:
    wide_page.set_viewport_size({"width": 1000, "height": 500})
    wide_page.goto("/?year_from=1800")
    count = wide_page.locator(".card").count()
    value = wide_page.locator(".filters a[href*='subject=']").first
    value.scroll_into_view_if_needed()
    place = wide_page.evaluate("scrollY")
    assert place > 0
    value.click()
    wide_page.wait_for_url("**subject=**")
    expect(wide_page.locator("#results-heading")).to_be_focused()
    wide_page.go_back()
    expect(wide_page.locator(".card")).to_have_count(count)
    assert wait_until(lambda: bool(abs(wide_page.evaluate("scrollY") - place) < 2))
