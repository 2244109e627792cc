"""Every kind of page and its states: languages, widths, colours, scripts; no violation that axe knows; on paper."""

from collections.abc import Callable
from importlib.resources import files
from typing import Literal
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from api.pages.catalogues import CATALOGUE_FILE, load_catalogue
from api.resources import TRANSLATIONS_FOLDER
from tests.browser.conftest import PATIENCE_MILLISECONDS, captioned_picture
from tests.browser.inspections import layout_problems, page_problems
from tests.library import ServedLibrary
from tests.paths import ROOT

WIDTHS = (1440, 2560, 768, 360, 320)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "light", "dark", "light", "dark")
A4_WIDTH = 794
"""CSS pixels of a sheet of paper."""
SHORTEST_SENTENCE = 15
"""Characters of a sentence that no title of a book has by chance."""

LANGUAGES = ("en", "nb", "nn")
HAS_VIEWER = (ROOT / "templates" / "static" / "vendor" / "openseadragon.min.js").is_file()


@pytest.fixture(scope="session")
def axe_script() -> str:
    """Return axe-core, which a package of the development environment carries."""
    return (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


@pytest.fixture(scope="session")
def addresses(specimen: ServedLibrary, reprinted_picture_id: str) -> dict[str, str]:
    """Return the address of one page of each kind."""
    picture_id, source = captioned_picture(specimen)
    picture, book = quote(picture_id, safe=""), quote(str(source["book_id"]), safe="")
    return {
        "start": "/",
        "results": "/?q=fyr",
        "list of results": "/?q=fyr&view=list",
        "books": "/?q=fyr&group=book",
        "pages of results": "/?q=fyr&document=page",
        "books of results": "/?q=fyr&document=book",
        "words and a picture": f"/?like={picture}&q=fyr&language=nor",
        "by picture": f"/?like={quote(reprinted_picture_id, safe='')}",
        "no results": "/?q=xyzzyq&place=Oslo",
        "refused search": "/?like=nothing",
        "picture": f"/pictures/{picture}?q=fyr&n=1",
        "copies": f"/pictures/{quote(reprinted_picture_id, safe='')}",
        "comparison": f"/compare?a={picture}&b={quote(reprinted_picture_id, safe='')}",
        "book": f"/books/{book}",
        "inside a book": f"/books/{book}?q=fyr",
        "page of a book": f"/books/{book}/pages/{source['page']}?q=fyr",
        "my list": "/list",
        "list": f"/list?{urlencode({'id': picture_id, 'name': 'Kyst'})}&id=nothing",
        "help": "/help",
        "about": "/about",
        "rights": "/rights",
        "privacy": "/privacy",
        "accessibility": "/accessibility",
        "contact": "/contact?page=/help",
        "API": "/docs",
        "error": "/nowhere",
    }


def english_sentences(code: str) -> list[str]:
    """Return the sentences of the pages in English, which a page in another language may not have."""
    file = TRANSLATIONS_FOLDER / code / CATALOGUE_FILE
    return [
        message.id
        for message in (load_catalogue(file, code) if file.is_file() else ())
        if isinstance(message.id, str)
        and len(message.id) >= SHORTEST_SENTENCE
        and "%(" not in message.id
        and message.id != message.string
    ]


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_every_page_in_every_language_at_every_width(
    code: str, browser: Browser, site_url: str, addresses: dict[str, str], *, has_scripts: bool
) -> None:
    context = browser.new_context(base_url=site_url, locale=code, java_script_enabled=has_scripts)
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    for name, address in addresses.items():
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        page.goto(address)
        problems += [f"{name}: {problem}" for problem in page_problems(page, code, english_sentences(code))]
        inks = set()
        for width, scheme in zip(WIDTHS, SCHEMES, strict=True):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            layout, ink = layout_problems(page)
            problems += [f"{name}, {width} pixels: {problem}" for problem in layout]
            inks.add(ink)
        problems += [f"{name}: the scheme changes no colour"] if len(inks) != 2 else []
    context.close()
    assert problems == []


def type_words(page: Page) -> None:
    page.locator("#q").press_sequentially("fy")
    expect(page.get_by_role("option").first).to_be_visible()


def open_menus(page: Page) -> None:
    """Open all that is folded, also what a reader opens one at a time."""
    page.evaluate(
        "document.querySelectorAll('details').forEach(details => { details.name = ''; details.open = true; })"
    )


def open_sheet(page: Page) -> None:
    page.locator("#filters > summary").click()
    expect(page.locator(".close-sheet")).to_be_visible()


def open_dialogue(page: Page) -> None:
    page.locator(".open-picture").click()
    expect(page.locator("#picture-panel")).to_be_visible()


def swap_results(page: Page) -> None:
    page.locator(".filters a[href*='place=']").first.click()
    expect(page.locator(".parts .removable").first).to_be_visible()


def open_chip(page: Page) -> None:
    page.locator(".with-picture summary").first.click()


def zoom_in(page: Page) -> None:
    page.locator("#tab-page").click()
    page.locator("[data-tool=in]").click()
    expect(page.locator(".openseadragon-canvas")).to_be_visible()


def draw_part(page: Page) -> None:
    page.locator("[data-tool=part]").click()
    expect(page.locator(".part")).to_be_visible()


def put_one_over_the_other(page: Page) -> None:
    page.locator("[data-mode=over]").click()


def keep_picture(page: Page) -> None:
    page.locator("button.keep").first.click()
    page.goto("/list")
    expect(page.locator(".listed [data-for-compare]")).to_be_visible()


STATES: list[tuple[str, Callable[[Page], None], int]] = [
    ("start", type_words, 360),
    ("start", open_dialogue, 1440),
    ("results", open_menus, 1440),
    ("results", open_sheet, 360),
    ("results", swap_results, 1440),
    ("list of results", open_menus, 360),
    ("words and a picture", open_chip, 360),
    ("picture", open_menus, 360),
    *([("picture", zoom_in, 1440)] if HAS_VIEWER else []),
    ("picture", draw_part, 1440),
    ("comparison", put_one_over_the_other, 360),
    ("book", open_menus, 1440),
    ("API", open_menus, 360),
    ("results", keep_picture, 1440),
]
"""Kind of page, what a reader does on it, and the width of the window."""


def violations(page: Page) -> list[str]:
    """Return rule, element and advice for each violation of any level."""
    results = page.evaluate("axe.run({ resultTypes: ['violations'] })")
    return [
        f"{rule['id']}: {node['target']}: {node['failureSummary']}"
        for rule in results["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("width", [360, 1440])
def test_no_page_has_a_violation(
    width: int, browser: Browser, site_url: str, axe_script: str, addresses: dict[str, str]
) -> None:
    context = browser.new_context(base_url=site_url, locale="nb-NO", viewport={"width": width, "height": 900})
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    page = context.new_page()
    problems: list[str] = []
    for name, address in addresses.items():
        page.goto(address)
        page.evaluate(axe_script)
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)
            problems += [f"{name}, {scheme}: {problem}" for problem in violations(page)]
    context.close()
    assert problems == []


def test_no_state_of_a_page_has_a_violation(
    browser: Browser, site_url: str, axe_script: str, addresses: dict[str, str]
) -> None:
    problems: list[str] = []
    for name, act, width in STATES:
        # Nothing moves, so that axe measures no colour half way.
        context = browser.new_context(
            base_url=site_url,
            locale="nn-NO",
            viewport={"width": width, "height": 900},
            reduced_motion="reduce",
            color_scheme="dark",
        )
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        page = context.new_page()
        page.goto(addresses[name])
        act(page)
        page.evaluate(axe_script)
        problems += [f"{name}, {act.__name__}: {problem}" for problem in violations(page)]
        context.close()
    assert problems == []


def test_the_first_key_leads_past_the_head_of_the_page(wide_page: Page) -> None:
    for address in ("/?q=fyr", "/help"):
        wide_page.goto(address)
        wide_page.keyboard.press("Tab")
        expect(wide_page.locator("a.skip").first).to_be_focused()
        wide_page.keyboard.press("Enter")
        expect(wide_page.locator("#main")).to_be_focused()


def test_results_fill_a_sheet_of_paper(browser: Browser, site_url: str, addresses: dict[str, str]) -> None:
    context = browser.new_context(
        base_url=site_url, viewport={"width": A4_WIDTH, "height": 1123}, color_scheme="dark", java_script_enabled=False
    )
    page = context.new_page()
    page.goto(addresses["results"])
    page.emulate_media(media="print")
    expect(page.locator("#search, .filters, .colophon nav").filter(visible=True)).to_have_count(0)
    expect(page.locator(".print-only")).to_contain_text("/?q=fyr")
    pictures = page.locator("#pictures li img").all()
    boxes = [box for picture in pictures if (box := picture.bounding_box())]
    # Several side by side; in one narrow column every picture has a row of its own.
    assert len({round(box["x"]) for box in boxes}) > 1
    assert max(box["y"] + box["height"] for box in boxes) < 3 * 1123
    context.close()
