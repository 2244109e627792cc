"""Every kind of page is complete on both screens; the screenshots are the pictures of docs/pages.md."""

from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import SCREENS, SCREENSHOT_FOLDER, open_page
from tests.library import ServedLibrary

PAGES = ("start", "results", "like", "picture", "compare", "book", "page", "list", "help", "api")
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
    """Return name → address of one page of each kind."""
    picture, *_ = specimen.search(q="fyr", size=1)["hits"]
    copy, *_ = specimen.search(like=picture["id"], size=1)["hits"]
    ids = [picture["id"], copy["id"], *(hit["id"] for hit in specimen.search(q="fig", size=6)["hits"])]
    return {
        "start": "/",
        "results": "/?q=fyr",
        "like": f"/?{urlencode({'like': picture['id'], 'q': 'havet'})}",
        "picture": f"/pictures/{quote(picture['id'], safe='')}",
        "compare": f"/compare?{urlencode({'a': picture['id'], 'b': copy['id']})}",
        "book": f"/books/{quote(picture['book_key'], safe='')}",
        "page": f"/books/{quote(picture['book_key'], safe='')}/pages/{picture['page']}?q=fyr",
        "list": f"/list?{urlencode([('id', id_) for id_ in dict.fromkeys(ids)] + [('name', 'Coast and engines')])}",
        "help": "/help",
        "api": "/docs",
    }


@pytest.fixture(params=["wide", "narrow"])
def screen_page(request: pytest.FixtureRequest, browser: Browser, site_url: str) -> Iterator[tuple[str, Page]]:
    """Yield the name of a screen, and a page for it."""
    sharpness = {"device_scale_factor": 2} if request.param == "narrow" else {}
    for page in open_page(browser.new_context(base_url=site_url, **SCREENS[request.param], **sharpness)):
        yield request.param, page


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_complete_and_keeps_its_layout(
    name: str, addresses: dict[str, str], screen_page: tuple[str, Page]
) -> None:
    screen, page = screen_page
    page.add_init_script(RECORD_LAYOUT_SHIFT)
    page.goto(addresses[name])
    page.wait_for_load_state("networkidle")
    assert page.locator("h1").count() == 1
    assert page.evaluate("[...document.images].every(image => image.loading === 'lazy' || image.naturalWidth > 0)")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    SCREENSHOT_FOLDER.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOT_FOLDER / f"gallery-{name}-{screen}.png")
    assert page.evaluate("window.layoutShift") < MAX_LAYOUT_SHIFT
