"""The search field in a browser: suggestions by keyboard, a picture by paste and drop, and the request as chips."""

import base64
from io import BytesIO
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.conftest import captioned_picture, save_screenshot
from tests.library import ServedLibrary

TRANSFER_FILE = """([type, name, data]) => {
  const transfer = new DataTransfer();
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt());
  transfer.items.add(new File([bytes], name, { type: "image/png" }));
  const init = { bubbles: true, cancelable: true, clipboardData: transfer, dataTransfer: transfer };
  document.body.dispatchEvent(type === "paste" ? new ClipboardEvent(type, init) : new DragEvent(type, init));
}"""
"""Pastes or drops a picture as a reader does."""

RECORD_UPLOAD = """
  const send = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.send = async function (data) {
    const file = data?.get?.("image");
    const picture = file && await createImageBitmap(file);
    if (picture) sessionStorage.setItem("sent", [file.type, picture.width, picture.height]);
    send.call(this, data);
  };"""
"""Remembers type and size of the picture that is sent."""


def png_file(content: bytes) -> FilePayload:
    return {"name": "picture.png", "mimeType": "image/png", "buffer": content}


def query_of(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


@pytest.mark.parametrize("screen", ["wide", "narrow"])
def test_a_suggestion_is_chosen_by_keyboard(screen: str, page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox")
    expect(field).to_be_focused()
    page.keyboard.type("ship bot")
    option = page.get_by_role("option", name="Botany")
    expect(option).to_be_visible()
    expect(option.locator("mark")).to_have_text("Bot")
    if screen == "narrow":
        sizes = "rows => rows.map(row => row.getBoundingClientRect()).map(({ width, height }) => [width, height])"
        rows = page.get_by_role("option").evaluate_all(sizes)
        assert all(width == 360 and height >= 44 for width, height in rows), "the list fills the width of a phone"
    save_screenshot(page, f"suggestions-{screen}")
    page.keyboard.press("Escape")
    expect(option).to_be_hidden()
    expect(field).to_have_value("ship bot")
    page.keyboard.press("ArrowDown")
    expect(option).to_be_visible()
    page.keyboard.press("ArrowUp")
    while option.get_attribute("aria-selected") == "false":
        page.keyboard.press("ArrowUp")
    assert field.get_attribute("aria-activedescendant") == option.get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url("**subject=Botany**")
    assert query_of(page) == {"q": ["ship"], "subject": ["Botany"]}


def test_a_title_opens_its_book_and_a_spelling_replaces_the_words(wide_page: Page) -> None:
    wide_page.goto("/?q=fyr&place=Oslo")
    field = wide_page.locator("#q")
    field.fill("flowerr")
    wide_page.get_by_role("option", name="flowers").click()
    expect(field).to_have_value("flowers")
    expect(field).to_be_focused()
    field.fill("companion")
    wide_page.get_by_role("option", name="Companion").first.click()
    wide_page.wait_for_url("**/books/**")


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_a_large_picture_is_made_smaller_and_finds_its_original(
    kind: str, wide_page: Page, specimen: ServedLibrary
) -> None:
    """Words that are typed but not sent are sent with it, and its chip shows a thumbnail."""
    id_, source = captioned_picture(specimen)
    crop, large = specimen.open_crop(source), BytesIO()
    width, height = 3 * crop.width, 3 * crop.height
    crop.resize((width, height)).save(large, "PNG")
    wide_page.add_init_script(script=RECORD_UPLOAD)
    wide_page.goto("/")
    wide_page.locator("#q").fill("fig")
    wide_page.evaluate(TRANSFER_FILE, [kind, "scan.png", base64.b64encode(large.getvalue()).decode()])
    wide_page.wait_for_url("**vector=**")
    assert wide_page.evaluate("sessionStorage.getItem('sent')") == f"image/jpeg,{round(1024 * width / height)},1024"
    assert query_of(wide_page)["q"] == ["fig"]
    expect(wide_page.locator(".with-picture img").first).to_be_visible()
    hits = wide_page.request.get("/api/search", params={"vector": query_of(wide_page)["vector"][0]}).json()["hits"]
    assert hits[0]["id"] == id_
    save_screenshot(wide_page, f"{kind}-wide")


def test_what_is_no_picture_is_told_in_the_panel(browser: Browser, site_url: str) -> None:
    """The browser's console reports the refusal as an error, so the page is none of the fixtures."""
    with browser.new_context(base_url=site_url).new_page() as page:
        page.goto("/?q=fyr")
        page.locator("#image").set_input_files([png_file(b"no picture")])
        status = page.locator("#picture-panel .status")
        expect(status).to_contain_text("not a picture")
        expect(page.locator(".choose")).to_be_visible()
        page.keyboard.press("Escape")
        expect(status).to_be_hidden()


@pytest.mark.parametrize("screen", ["wide", "without_scripts"])
def test_a_picture_can_be_added_to_those_of_the_search(
    screen: str, page: Page, reprinted_picture_id: str, specimen: ServedLibrary
) -> None:
    _, source = captioned_picture(specimen)
    file = BytesIO()
    specimen.open_crop(source).save(file, "PNG")
    page.goto(f"/?like={quote(reprinted_picture_id)}&view=list")
    page.get_by_role("button", name="Add a picture").click()
    page.locator("#image").set_input_files([png_file(file.getvalue())])
    if screen == "without_scripts":
        page.get_by_role("button", name="Add it to this search").click()
    page.wait_for_url("**vector=**")
    assert query_of(page)["like"] == [reprinted_picture_id]
    assert query_of(page)["view"] == ["list"]
    expect(page.locator(".parts .with-picture")).to_have_count(2)


@pytest.mark.parametrize("screen", ["wide", "without_scripts"])
def test_the_chips_of_a_request_change_it(
    screen: str, page: Page, reprinted_picture_id: str, specimen: ServedLibrary
) -> None:
    other_id, _ = captioned_picture(specimen)
    page.goto(f"/?q=fig&like={quote(reprinted_picture_id)}&like={quote(other_id + '#xywh=pct:0,0,50,50')}")
    second = page.locator(".parts .with-picture").nth(1)
    second.locator(".sign").click()
    page.wait_for_url("**50%5E-1**")
    second.locator("summary").click()
    second.get_by_text("strongly").click()
    page.wait_for_url("**50%5E-2**")
    second.locator("summary").click()
    second.get_by_text("search with the whole").click()
    page.wait_for_url(lambda url: "xywh" not in url)
    if screen == "without_scripts":
        page.get_by_role("link", name="Mostly pictures").click()
    else:
        page.locator("#balance").fill("0.75")
    page.wait_for_url("**balance=0.75**")
    assert query_of(page)["like"] == [reprinted_picture_id, f"{other_id}^-2"]
    names = [link.get_attribute("aria-label") for link in page.locator(".parts a.cross, .parts .removable").all()]
    assert len(names) == len(set(names)) == 3
    save_screenshot(page, f"chips-{screen}")


@pytest.mark.parametrize("screen", ["narrow"])
def test_a_long_request_with_ten_pictures_fits_a_phone(screen: str, page: Page, specimen: ServedLibrary) -> None:
    likes = "".join(f"&like={quote(id_)}" for id_ in list(specimen.documents())[:10])
    page.goto(f"/?q={'lighthouse%20' * 36}{'a' * 60}&publisher={'x' * 300}{likes}")
    expect(page.locator("#results-heading")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    names = [link.get_attribute("aria-label") for link in page.locator(".parts a.cross").all()]
    assert len(names) == len(set(names)) == 10
    save_screenshot(page, f"ten-pictures-{screen}")


def test_a_picture_of_the_page_is_dropped_by_its_address(wide_page: Page, reprinted_picture_id: str) -> None:
    wide_page.goto("/?q=fig&place=Bergen")
    wide_page.evaluate(
        """(path) => {
          const transfer = new DataTransfer();
          transfer.setData("text/uri-list", location.origin + path);
          transfer.items.add(new File(["a"], "a.png", { type: "image/png" }));
          const init = { bubbles: true, cancelable: true, dataTransfer: transfer };
          document.body.dispatchEvent(new DragEvent("drop", init));
        }""",
        f"/pictures/{quote(reprinted_picture_id)}?q=fig",
    )
    expect(wide_page.locator(".parts .with-picture")).to_have_count(1)
    wide_page.locator(".with-picture .sign").click()
    wide_page.wait_for_url("**like=**")
    assert query_of(wide_page)["place"] == ["Bergen"]
