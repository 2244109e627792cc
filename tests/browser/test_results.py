"""The results in a browser: tabs, views, more results, filters in a sheet, years to drag over, and menus."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import save_screenshot
from tests.browser.inspections import MIN_TARGET
from tests.waiting import wait_until

FIRST_PICTURE_TOP = 250
"""CSS pixels from the top of a phone's screen to the first picture."""

MAX_TEXT_HEIGHT = 56
"""CSS pixels of two lines of text below a picture."""

CARDS = """[...document.querySelectorAll(".rows .card")].map(card => {
    const words = card.querySelector(".words-below");
    const heading = words.querySelector("h3").cloneNode(true);
    heading.querySelector(".place")?.remove();
    const mark = words.querySelector(words.matches(".two-lines") ? "h3 em" : "h3 em, .source em");
    const isShown = ({ left, right, top, bottom }, box) =>
        right - left > 8 && right <= box.right + 1 && top >= box.top - 3 && bottom <= box.bottom + 3;
    return {
        heading: heading.textContent.trim(),
        title: words.querySelector(".source .title")?.textContent ?? "",
        textHeight: words.getBoundingClientRect().height,
        top: Math.round(card.getBoundingClientRect().top),
        wordsTop: Math.round(words.getBoundingClientRect().top),
        showsMark: !mark || isShown(mark.getClientRects()[0], mark.closest("h3, .source").getBoundingClientRect()),
    };
})"""
"""The texts of each card: at most two lines, headed by something else than the book, with the marked word."""


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
def test_filters_that_leave_nothing_give_back_what_was_behind_their_sheet(screen: str, page: Page) -> None:
    page.goto("/?q=fyr")
    page.locator(".sheet > summary").click()
    expect(page.locator(".masthead")).to_have_js_property("inert", True)  # noqa: FBT003 a value
    page.locator(".sheet [name=year_from]").fill("1700")
    page.locator(".sheet [name=year_to]").fill("1701")
    page.locator(".sheet [name=year_to]").press("Enter")
    expect(page.locator(".no-results")).to_be_visible()
    expect(page.locator(".masthead")).to_have_js_property("inert", False)  # noqa: FBT003 a value


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
@pytest.mark.parametrize(
    "query", ["q=fyr&place=Oslo", "like={id}", "like={id}&q=havet", "q=fyr&language=nor&like={id}"]
)
def test_chips_are_one_line_that_leaves_the_first_picture_high(
    screen: str, query: str, page: Page, reprinted_picture_id: str
) -> None:
    page.goto(f"/?{query.format(id=quote(reprinted_picture_id, safe=''))}")
    first = page.locator(".card").first.bounding_box()
    assert first
    assert first["y"] <= FIRST_PICTURE_TOP
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    targets = page.locator(".parts > li > a, .parts > li > button, .parts summary, .parts .sign, .parts .balance input")
    for box in [target.bounding_box() for target in targets.filter(visible=True).all()]:
        assert box
        assert min(box["width"], box["height"]) >= MIN_TARGET


@pytest.mark.parametrize("screen", ["narrow"])
def test_a_line_of_chips_fades_where_it_goes_on_and_opens_at_the_bottom(
    screen: str, page: Page, reprinted_picture_id: str
) -> None:
    page.goto(f"/?q=fyr&language=nor&like={quote(reprinted_picture_id, safe='')}")
    chips = page.locator(".parts")
    assert chips.evaluate("chips => chips.scrollWidth > chips.clientWidth")
    assert chips.evaluate("chips => getComputedStyle(chips, '::after').position") == "sticky"
    page.locator(".with-picture summary").click()
    opened = page.locator(".edit-picture").bounding_box()
    assert opened
    assert (opened["x"], opened["width"]) == (0, 360)


@pytest.mark.parametrize("width", [360, 768, 1440, 2560])
@pytest.mark.parametrize("query", ["q=fyr", "year_from=1800", "q=brig OR fig"])
def test_a_card_has_two_lines_with_the_marked_word_and_is_not_headed_by_its_book(
    width: int, query: str, wide_page: Page
) -> None:
    wide_page.set_viewport_size({"width": width, "height": 900})
    wide_page.goto(f"/?{query}")
    cards = wide_page.evaluate(CARDS)
    assert len(cards) > 5
    assert [card for card in cards if card["textHeight"] > MAX_TEXT_HEIGHT] == []
    assert [card for card in cards if not card["showsMark"]] == []
    assert [card for card in cards if card["heading"] == card["title"]] == []
    text_tops: dict[int, set[int]] = {}
    for card in cards:
        text_tops.setdefault(card["top"], set()).add(card["wordsTop"])
    assert [tops for tops in text_tops.values() if max(tops) - min(tops) > 6] == []


def test_a_card_with_room_beside_it_shows_its_whole_caption(wide_page: Page) -> None:
    wide_page.goto("/?q=kirke stavkirke -fyr")
    heading = wide_page.locator(".card h3 a > span")
    expect(heading).to_have_count(1)
    assert heading.evaluate("text => text.scrollWidth <= text.clientWidth")
    expect(heading.locator("em")).to_have_text("Stavkirke")
    expect(wide_page.locator(".card .source .title")).to_be_visible()


def test_pictures_by_book_have_their_captions_first(wide_page: Page) -> None:
    wide_page.goto("/?q=fyr&group=book")
    texts = wide_page.locator(".group .plate p").all_inner_texts()
    assert any(re.fullmatch(r"Fig\. 1\..*\s+p\.\s2", text, re.DOTALL) for text in texts)
    expect(wide_page.locator(".group .plate em").first).to_be_visible()


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
