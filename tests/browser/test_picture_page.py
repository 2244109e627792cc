"""The page of one picture: steps, page with boxes, zoom, search with a part, comparison; with and without scripts."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SCREENS, captioned_picture, save_screenshot
from tests.browser.test_page_weight import MAX_BYTES
from tests.library import ServedLibrary
from tests.paths import ROOT

needs_viewer = pytest.mark.skipif(
    not (ROOT / "templates/static/vendor/openseadragon.min.js").is_file(), reason="OpenSeadragon comes from npm"
)


IS_ABOVE_THE_IMAGE = """(() => {
  const boxes = document.querySelector("#view-page .boxes");
  boxes.querySelector(".this").style.pointerEvents = "auto";
  const { left, top, width, height } = boxes.querySelector(".this").getBoundingClientRect();
  return document.elementFromPoint(left + width / 2, top + height / 2).closest(".boxes") === boxes;
})()"""
"""Whether the box of the picture is painted over the image of the page."""


@pytest.fixture(scope="module")
def hits(specimen: ServedLibrary) -> list[Mapping[str, Any]]:
    """Return the results of the search for `fyr`."""
    found: list[Mapping[str, Any]] = specimen.search(q="fyr")["hits"]
    return found


def address_of(hit: Mapping[str, Any], query: str = "") -> str:
    return f"/pictures/{quote(hit['id'], safe='')}{query}"


def open_id(page: Page) -> str:
    """Return the id of the picture whose page is open."""
    return str(page.locator(".viewer").get_attribute("data-id"))


@pytest.mark.parametrize("screen", ["wide", "without_scripts"])
def test_a_reader_walks_through_the_results_and_back(
    screen: str, page: Page, hits: list[Mapping[str, Any]], specimen: ServedLibrary
) -> None:
    page.goto(address_of(hits[0], "?q=fyr&n=1"))
    steps = page.get_by_role("navigation", name="Results of your search")
    expect(steps).to_contain_text("1 of ")
    expect(page.locator("h1 em, .around em").first).to_be_visible()
    if screen == "without_scripts":
        steps.get_by_role("link", name="Next").click()
    else:
        page.keyboard.press("ArrowRight")
    page.wait_for_url("**n=2")
    assert open_id(page) == hits[1]["id"]
    steps.get_by_role("link", name="Back to the results").click()
    expect(page.locator("#results-heading")).to_be_visible()
    assert parse_qs(urlsplit(page.url).query) == {"q": ["fyr"]}


@pytest.mark.parametrize("screen", ["wide", "narrow"])
def test_the_page_has_the_picture_and_the_words_boxed(screen: str, page: Page, hits: list[Mapping[str, Any]]) -> None:
    hit = next(hit for hit in hits if hit["caption"])
    page.goto(address_of(hit, "?q=fyr"))
    expect(page.locator("#view-page")).to_be_hidden()
    page.get_by_role("tab", name="Page").click()
    expect(page.locator("#view-picture")).to_be_hidden()
    expect(page.locator(".boxes .this")).to_be_visible()
    assert page.evaluate(IS_ABOVE_THE_IMAGE)
    assert page.locator(".boxes .word").count() > 0
    assert page.url.endswith("#page")
    page.reload()
    expect(page.get_by_role("tab", name="Page", selected=True)).to_be_visible()
    page.get_by_role("tab", name="Page").press("ArrowLeft")
    expect(page.locator("#view-picture")).to_be_visible()
    save_screenshot(page, f"picture-page-{screen}")


@needs_viewer
def test_the_viewer_is_loaded_when_a_reader_zooms(wide_page: Page, hits: list[Mapping[str, Any]]) -> None:
    requested: list[str] = []
    wide_page.on("request", lambda request: requested.append(request.url))
    wide_page.goto(address_of(hits[0]))
    wide_page.wait_for_load_state("networkidle")
    assert not any("openseadragon" in url for url in requested)
    wide_page.get_by_role("button", name="Zoom in").click()
    expect(wide_page.locator(".openseadragon-canvas")).to_be_visible()
    wide_page.wait_for_function("document.querySelector('.viewer [role=status]').textContent !== ''")
    assert any("openseadragon" in url for url in requested)
    assert not any("info.json" in url for url in requested)


def test_the_page_is_light_and_asks_no_other_server(wide_page: Page, hits: list[Mapping[str, Any]]) -> None:
    wide_page.goto(address_of(hits[0], "?q=fyr&n=1"))
    wide_page.evaluate("document.querySelectorAll('img').forEach(image => image.loading = 'eager')")
    wide_page.wait_for_load_state("networkidle")
    transfers: list[tuple[str, int]] = wide_page.evaluate(
        "['navigation', 'resource'].flatMap(type => performance.getEntriesByType(type))"
        ".map(entry => [entry.name, entry.transferSize])"
    )
    assert sum(size for _, size in transfers) < MAX_BYTES, sorted(transfers, key=lambda item: -item[1])[:10]
    assert {urlsplit(url).netloc for url, _ in transfers} == {urlsplit(wide_page.url).netloc}


def test_a_part_is_chosen_by_keyboard(wide_page: Page, specimen: ServedLibrary) -> None:
    picture_id, source = captioned_picture(specimen)
    wide_page.goto(f"/pictures/{quote(picture_id, safe='')}")
    wide_page.get_by_role("button", name="Search with a part").click()
    expect(wide_page.get_by_role("group", name="Box around the part")).to_be_focused()
    wide_page.keyboard.press("Shift+ArrowLeft")
    wide_page.keyboard.press("ArrowDown")
    wide_page.keyboard.press("Enter")
    wide_page.wait_for_url("**/?like=**")
    [like] = parse_qs(urlsplit(wide_page.url).query)["like"]
    found_id, _, region = like.partition("#xywh=")
    x, y, width, height = map(int, region.split(","))
    box = source["box"]
    assert isinstance(box, dict)
    assert found_id == picture_id
    assert abs(x - box["width"] / 4) < 5
    assert 0 < y - box["height"] / 4 < box["height"] / 4
    assert width < box["width"] / 2
    assert abs(height - box["height"] / 2) < 5
    expect(wide_page.locator("#results-heading")).to_be_visible()


def test_an_address_with_a_part_shows_its_box(wide_page: Page, specimen: ServedLibrary) -> None:
    picture_id, _ = captioned_picture(specimen)
    wide_page.goto(f"/pictures/{quote(picture_id, safe='')}#xywh=40,60,200,100")
    expect(wide_page.get_by_role("group", name="Box around the part")).to_be_visible()
    expect(wide_page.locator(".part-form output")).to_contain_text("× 100")
    wide_page.get_by_role("button", name="Search with this part").click()
    wide_page.wait_for_url("**/?like=**")
    assert parse_qs(urlsplit(wide_page.url).query)["like"] == [f"{picture_id}#xywh=40,60,200,100"]


def test_a_part_of_the_page_beside_its_pictures_is_searched_with(
    wide_page: Page, hits: list[Mapping[str, Any]]
) -> None:
    """The lines above the picture are no part of a picture of the index."""
    hit = next(hit for hit in hits if hit["caption"] and hit["box"][1] > 100)
    wide_page.goto(address_of(hit, "#page"))
    wide_page.get_by_role("button", name="Search with a part").click()
    expect(wide_page.locator(".part")).to_be_focused()
    box = wide_page.locator("#view-page .this").bounding_box()
    assert box
    wide_page.mouse.move(box["x"] + 5, box["y"] - 60)
    wide_page.mouse.down()
    wide_page.mouse.move(box["x"] + box["width"] - 5, box["y"] - 5)
    wide_page.mouse.up()
    expect(wide_page.locator(".part-form output")).to_contain_text("pixels of the page")
    wide_page.get_by_role("button", name="Search with this part").click()
    wide_page.wait_for_url("**vector=**")
    expect(wide_page.locator(".parts .with-picture img").first).to_be_visible()


def test_a_part_is_drawn_with_a_pointer_and_given_up_with_escape(
    wide_page: Page, hits: list[Mapping[str, Any]]
) -> None:
    wide_page.goto(address_of(hits[0]))
    button, box = wide_page.get_by_role("button", name="Search with a part"), wide_page.locator(".part")
    button.click()
    expect(box).to_be_focused()
    wide_page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    button.click()
    expect(box).to_be_focused()
    stage = wide_page.locator(".stage").bounding_box()
    assert stage
    middle = (stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2)
    wide_page.mouse.move(stage["x"] + 2, stage["y"] + 2)
    wide_page.mouse.down()
    wide_page.mouse.move(*middle)
    wide_page.mouse.up()
    part = box.bounding_box()
    assert part
    assert abs(part["x"] + part["width"] - middle[0]) < 3


def test_without_scripts_the_page_is_shown_below_the_picture(
    browser: Browser, site_url: str, hits: list[Mapping[str, Any]]
) -> None:
    context = browser.new_context(base_url=site_url, **SCREENS["without_scripts"])
    page = context.new_page()
    page.goto(address_of(hits[0], "?q=fyr"))
    expect(page.locator("#view-picture img")).to_be_visible()
    expect(page.locator("#view-page .this")).to_be_visible()
    expect(page.get_by_role("tab")).to_have_count(0)
    expect(page.get_by_role("button", name="Search with a part")).to_have_count(0)
    page.get_by_text("Cite", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download RIS").click()
    assert download.value.suggested_filename.endswith(".ris")
    context.close()


def test_on_a_phone_the_heading_is_on_the_first_screen_and_nothing_shifts(
    browser: Browser, site_url: str, hits: list[Mapping[str, Any]]
) -> None:
    context = browser.new_context(base_url=site_url, **SCREENS["narrow"])
    page = context.new_page()
    page.add_init_script(
        "window.shift = 0;"
        "new PerformanceObserver(list => list.getEntries().forEach(entry => window.shift += entry.value))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(address_of(hits[0], "?q=fyr&n=1"))
    page.wait_for_load_state("networkidle")
    heading, picture = page.locator("h1").bounding_box(), page.locator("#view-picture img").bounding_box()
    assert heading
    assert picture
    assert picture["y"] < heading["y"] < 740 - 20
    assert page.evaluate("window.shift") < 0.02
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


@pytest.mark.parametrize("screen", ["wide", "without_scripts"])
def test_two_pictures_are_compared(screen: str, page: Page, hits: list[Mapping[str, Any]]) -> None:
    page.goto(f"/compare?a={quote(hits[0]['id'], safe='')}&b={quote(hits[1]['id'], safe='')}")
    expect(page.locator(".pair img")).to_have_count(2)
    if screen == "without_scripts":
        expect(page.get_by_role("button", name="One over the other")).to_have_count(0)
        return
    page.get_by_role("button", name="One over the other").click()
    page.get_by_label("Edge between the two pictures").fill("25")
    clip = page.evaluate("getComputedStyle(document.querySelector('#second .mat')).clipPath")
    assert "25%" in clip
    pair = page.locator(".pair").bounding_box()
    assert pair
    page.mouse.click(pair["x"] + 0.75 * pair["width"], pair["y"] + 40)
    expect(page.get_by_label("Edge between the two pictures")).to_have_value("75")
    page.reload()
    expect(page.locator(".pair[data-mode=over]")).to_be_visible()
