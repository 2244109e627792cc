"""How much a page loads: pictures in the sizes that it shows, and little else."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response

MAX_BYTES = 250_000
MAX_REQUESTS = 50
LOADS = 3

DISPLAYED_SIZES = """[...document.querySelectorAll("img[srcset]")].map(image => {
    const ratio = image.getAttribute("width") / image.getAttribute("height");
    const width = Math.min(image.clientWidth, image.clientHeight * ratio);
    return [image.currentSrc, image.srcset, width, image.clientHeight];
})"""
"""Each picture in its frame, which it need not fill."""

ADDRESSES = {
    "start": "/",
    "oldest": "/?year_from=1800&sort=year",
    "newest": "/?year_from=1800&sort=-year",
    "by title": "/?year_from=1800&sort=title",
    "results of words": "/?q=fyr OR fig",
}


def load(page: Page, address: str) -> dict[str, int]:
    """Open a page, scroll to its end, and return the bytes of each response."""
    sizes: dict[str, int] = {}

    def count(response: Response) -> None:
        sizes[response.url] = int(response.headers.get("content-length") or len(response.body()))

    page.on("response", count)
    page.goto(address)
    scroll_to_end(page)
    return sizes


def load_lightest(page: Page, address: str) -> dict[str, int]:
    """Open a page up to three times, without a cache.

    While a busy machine still lays out the rows, the browser may ask for a picture in one size, and then in another.
    """
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    loads: list[dict[str, int]] = []
    while len(loads) < LOADS and not any(sum(sizes.values()) < MAX_BYTES for sizes in loads):
        loads.append(load(page, address))
    return min(loads, key=lambda sizes: sum(sizes.values()))


def scroll_to_end(page: Page) -> None:
    """Load all pictures as a reader does: those that wait for it choose their size by their place on the page."""
    page.evaluate("document.querySelectorAll('img[srcset]').forEach(image => image.scrollIntoView())")
    page.evaluate(
        "Promise.all([...document.querySelectorAll('img[srcset]')].map(image => image.decode().catch(() => 0)))"
    )
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES.keys())
def test_a_page_with_all_its_pictures_is_light(wide_page: Page, address: str) -> None:
    sizes = load_lightest(wide_page, address)
    pictures = [url for url in sizes if "/iiif/image/" in url]
    assert len(pictures) > 5
    assert sum(sizes.values()) < MAX_BYTES, sorted(sizes.items(), key=lambda item: -item[1])[:10]
    assert len(sizes) <= MAX_REQUESTS, sorted(sizes)
    assert not any("/crops/" in url for url in sizes)
    assert {urlsplit(url).netloc for url in sizes} == {urlsplit(wide_page.url).netloc}


@pytest.mark.parametrize("screen", ["without_scripts"])
def test_a_page_is_light_without_scripts(screen: str, page: Page) -> None:
    """Browsers then load all pictures at once, before they know how wide these are."""
    sizes: dict[str, int] = {}
    page.on("response", lambda response: sizes.update({response.url: int(response.headers.get("content-length") or 0)}))
    page.goto("/?year_from=1800")
    page.wait_for_load_state("networkidle")
    assert len([url for url in sizes if "/iiif/image/" in url]) > 5
    assert sum(sizes.values()) < MAX_BYTES, (screen, sorted(sizes.items(), key=lambda item: -item[1])[:10])


@pytest.mark.parametrize("address", ["/?year_from=1800", "/"])
def test_pictures_are_neither_coarse_nor_much_larger_than_shown(wide_page: Page, address: str) -> None:
    load(wide_page, address)
    images = wide_page.evaluate(DISPLAYED_SIZES)
    assert images
    for url, srcset, shown_width, shown_height in images:
        widths = {candidate.split(" ")[0]: int(candidate.split(" ")[1][:-1]) for candidate in srcset.split(", ")}
        width = widths[url.removeprefix(wide_page.url.partition("/?")[0].rstrip("/"))]
        assert shown_width <= width + 1 or width == max(widths.values())
        # The next size that there is, for the longer side of the frame.
        assert width <= max(shown_width * 1.6, shown_width + 90), (url, shown_width, shown_height)


@pytest.mark.parametrize("screen", ["wide", "narrow"])
def test_pictures_keep_their_place_while_they_load(screen: str, page: Page) -> None:
    page.goto("/?year_from=1800")
    shapes = page.evaluate(
        "[...document.images].map(image => [image.getAttribute('width'), image.getAttribute('height')])"
    )
    assert all(width and height for width, height in shapes)
