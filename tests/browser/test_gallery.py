"""Every kind of page is complete on both screens; the screenshots are the pictures of docs/pages.md."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SCREENS, SCREENSHOT_FOLDER, open_page
from tests.library import ServedLibrary

PAGES = (
    *("start", "results", "pages", "books", "nothing", "like", "picture", "compare", "book", "page", "list"),
    *("help", "about", "rights", "privacy", "accessibility", "contact", "api", "error"),
)
LONG_PAGES = ("start", "results", "picture")
"""Pages of which the picture shows more than fits on a screen."""
MAX_HEIGHT = 2400
"""CSS pixels of such a picture."""
ERROR_STATUS = 404
MAX_LAYOUT_SHIFT = 0.1
"""Below this, web.dev calls a layout stable."""

RECORD_LAYOUT_SHIFT = """
window.layoutShift = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.layoutShift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture(scope="module")
def addresses(specimen: ServedLibrary) -> dict[str, str]:
    """Return name → address of one page of each kind; the picture has a reprint."""
    picture, *_ = specimen.search(q="fyr", size=1)["hits"]
    copy, *_ = specimen.search(like=picture["id"], size=1)["hits"]
    assert picture["family"]["id"] == copy["family"]["id"]
    ids = [picture["id"], copy["id"], *(hit["id"] for hit in specimen.search(q="fig", size=6)["hits"])]
    return {
        "start": "/",
        "results": "/?q=fyr",
        "pages": "/?q=fyr&document=page",
        "books": "/?q=fyr&document=book",
        "nothing": "/?q=lighthouse keeper&year_from=1890",
        "like": f"/?{urlencode({'like': picture['id'], 'q': 'havet'})}",
        "picture": f"/pictures/{quote(picture['id'], safe='')}?q=fyr&n=1",
        "compare": f"/compare?{urlencode({'a': picture['id'], 'b': copy['id']})}",
        "book": f"/books/{quote(picture['book_key'], safe='')}",
        "page": f"/books/{quote(picture['book_key'], safe='')}/pages/{picture['page']}?q=fyr",
        "list": f"/list?{urlencode([('id', id_) for id_ in dict.fromkeys(ids)] + [('name', 'Coast and engines')])}",
        **{name: f"/{name}" for name in ("help", "about", "rights", "privacy", "accessibility", "contact")},
        "api": "/docs",
        "error": "/pictures/nobody",
    }


@pytest.fixture(params=["wide", "narrow"])
def screen_page(
    request: pytest.FixtureRequest, name: str, browser: Browser, site_url: str
) -> Iterator[tuple[str, Page]]:
    """Yield the name of a screen, and a page for it."""
    sharpness = {"device_scale_factor": 2} if request.param == "narrow" else {}
    context = browser.new_context(base_url=site_url, **SCREENS[request.param], **sharpness)
    for page in open_page(context, ERROR_STATUS if name == "error" else 200):
        yield request.param, page


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_complete_and_keeps_its_layout(
    name: str, addresses: dict[str, str], screen_page: tuple[str, Page]
) -> None:
    screen, page = screen_page
    page.add_init_script(RECORD_LAYOUT_SHIFT)
    response = page.goto(addresses[name])
    assert response
    assert response.status == (ERROR_STATUS if name == "error" else 200)
    page.wait_for_load_state("networkidle")
    assert page.locator("h1").count() == 1
    assert page.evaluate("[...document.images].every(image => image.loading === 'lazy' || image.naturalWidth > 0)")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    SCREENSHOT_FOLDER.mkdir(exist_ok=True)
    if (name, screen) == ("results", "wide"):
        page.screenshot(path=SCREENSHOT_FOLDER / "readme-results.png")
    file = SCREENSHOT_FOLDER / f"gallery-{name}-{screen}.png"
    if name in LONG_PAGES:
        save_long_screenshot(page, file)
    else:
        page.screenshot(path=file)
    assert page.evaluate("window.layoutShift") < MAX_LAYOUT_SHIFT


def save_long_screenshot(page: Page, file: Path) -> None:
    """Save a screenshot of the upper part of the page, with the pictures that load when they come into view."""
    height = min(MAX_HEIGHT, page.evaluate("document.documentElement.scrollHeight"))
    width = page.evaluate("innerWidth")
    for position in range(0, height, 300):
        page.evaluate("position => scrollTo({ top: position, behavior: 'instant' })", position)
        page.wait_for_timeout(60)
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    page.wait_for_load_state("networkidle")
    page.wait_for_function(
        "height => [...document.images].every(image => image.complete || !image.checkVisibility()"
        " || image.getBoundingClientRect().top > height)",
        arg=height,
    )
    page.screenshot(path=file, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})


def test_prints_through_time_are_seen(addresses: dict[str, str], wide_page: Page) -> None:
    """The start page, the results and the picture show a print that two books have."""
    wide_page.goto(addresses["start"])
    expect(wide_page.get_by_role("heading", name="A print through time")).to_be_visible()
    wide_page.get_by_role("link", name="Compare the first with the last").click()
    expect(wide_page.locator("h1")).to_be_visible()
    wide_page.goto(addresses["results"])
    expect(wide_page.get_by_role("link", name="In 2 books")).to_have_count(2)
    wide_page.goto(addresses["picture"])
    expect(wide_page.locator(".time-line > li")).to_have_count(2)
    wide_page.get_by_role("link", name="Compare this picture with the copy of 1891").click()
    wide_page.wait_for_url("**/compare?**")
