"""What a phone shows whole: words of a record and of the help, the hint of the search field, and lines that go on."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import captioned_picture, open_page
from tests.library import ServedLibrary

BROKEN_WORDS = """elements => elements.filter(element => element.checkVisibility()).flatMap(element => {
    const broken = [];
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        for (const { 0: word, index } of walker.currentNode.textContent.matchAll(/[^\\s-]+/g)) {
            const range = document.createRange();
            range.setStart(walker.currentNode, index);
            range.setEnd(walker.currentNode, index + word.length);
            if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) broken.push(word);
        }
    }
    return broken;
})"""
"""The words that stand on two lines; a hyphen may part two of them."""

PLACEHOLDER_ROOM = """field => {
    const style = getComputedStyle(field);
    const context = document.createElement("canvas").getContext("2d");
    context.font = style.font;
    const room = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return room - context.measureText(field.placeholder).width;
}"""
"""CSS pixels that the hint of a field leaves free."""

ITEM_AT_THE_EDGE = """list => {
    const edge = list.getBoundingClientRect().right;
    const shown = [...list.children].filter(child => child.checkVisibility());
    const item = shown.map(child => child.getBoundingClientRect()).find(({ right }) => right > edge + 1);
    return item ? (edge - item.left) / item.width : null;
}"""
"""The share that is seen of the first item that is not seen whole."""

LANGUAGES = ("en", "nb", "nn")


@pytest.fixture(params=LANGUAGES)
def phone(request: pytest.FixtureRequest, browser: Browser, site_url: str) -> Iterator[Page]:
    """Yield a page of a phone in one of the languages."""
    context = browser.new_context(
        base_url=site_url, locale=request.param, viewport={"width": 360, "height": 740}, has_touch=True
    )
    yield from open_page(context)


def test_no_word_of_a_record_is_broken(phone: Page, specimen: ServedLibrary) -> None:
    picture_id, source = captioned_picture(specimen)
    for address in (f"/pictures/{quote(picture_id, safe='')}", f"/books/{quote(str(source['book_id']), safe='')}"):
        phone.goto(address)
        phone.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        assert phone.locator("dl dt").count() > 5
        assert phone.locator("dl dt").evaluate_all(BROKEN_WORDS) == []


def test_no_operator_of_the_help_is_broken(phone: Page) -> None:
    for width in (360, 320):
        phone.set_viewport_size({"width": width, "height": 740})
        phone.goto("/help")
        assert phone.locator("td code").count() > 5
        assert phone.locator("td code, td a").evaluate_all(BROKEN_WORDS) == []
        assert phone.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_the_panel_of_a_picture_says_what_becomes_of_it(phone: Page) -> None:
    for address in ("/", "/help"):
        phone.goto(address)
        phone.locator(".open-picture").click()
        for hint in (".paste-hint", "#address-hosts", ".promise"):
            expect(phone.locator(f"#picture-panel {hint}")).to_be_visible()


def test_the_hint_of_the_search_field_is_whole(phone: Page) -> None:
    phone.set_viewport_size({"width": 320, "height": 740})
    for address in ("/", "/help"):
        phone.goto(address)
        assert phone.locator("#q").get_attribute("placeholder")
        assert phone.locator("#q").evaluate(PLACEHOLDER_ROOM) >= 0


def test_years_that_go_on_show_a_part_of_the_next(phone: Page) -> None:
    phone.goto("/")
    years = phone.locator(".years")
    assert years.evaluate(ITEM_AT_THE_EDGE) is None
    # A collection of twice as many decades.
    years.evaluate("list => list.append(...[...list.children].map(child => child.cloneNode(true)))")
    share = years.evaluate(ITEM_AT_THE_EDGE)
    assert share is not None
    assert 0.3 < share < 0.7
