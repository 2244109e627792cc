"""The service over the specimen books, and Debian's Chromium."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from api.app import create_app
from tests.library import ServedLibrary
from tests.live_server import run_live_server
from tests.paths import ROOT

CHROMIUM = "/usr/bin/chromium"
SCREENSHOT_FOLDER = ROOT / "tests" / "artefacts"


@pytest.fixture(scope="session")
def site_url(specimen: ServedLibrary) -> Iterator[str]:
    """The URL of the service."""
    app = create_app(specimen.settings, elasticsearch_url=specimen.url)
    with run_live_server(app) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    browser_arguments = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-sync",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=browser_arguments)
        yield browser
        browser.close()


@pytest.fixture
def wide_page(browser: Browser, site_url: str) -> Iterator[Page]:
    yield from _open_page(browser.new_context(base_url=site_url, viewport={"width": 1440, "height": 1000}))


@pytest.fixture
def narrow_page(browser: Browser, site_url: str) -> Iterator[Page]:
    yield from _open_page(
        browser.new_context(base_url=site_url, viewport={"width": 360, "height": 740}, has_touch=True)
    )


@pytest.fixture
def page_without_scripts(browser: Browser, site_url: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=site_url, viewport={"width": 1440, "height": 1000}, java_script_enabled=False
    )
    yield from _open_page(context)


def _open_page(context: BrowserContext) -> Iterator[Page]:
    """Yield a page; console errors and 5xx responses fail the test."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda message: errors.append(f"{message.text} {message.location}") if message.type == "error" else None,
    )
    page.on(
        "response",
        lambda response: errors.append(f"{response.status} {response.url}") if response.status >= 500 else None,
    )
    yield page
    context.close()
    assert errors == []


def save_screenshot(page: Page, name: str) -> None:
    """Save a screenshot for people to look at."""
    SCREENSHOT_FOLDER.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOT_FOLDER / f"{name}.png", full_page=True)


@pytest.fixture
def altered_copy_file(specimen: ServedLibrary, tmp_path: Path) -> Path:
    """A rotated and cropped copy of a picture of the books."""
    _, source = captioned_picture(specimen)
    image = specimen.open_crop(source).rotate(5, expand=True, fillcolor="white")
    width, height = image.size
    file = tmp_path / "copy.jpg"
    image.crop((width // 12, height // 12, width - width // 12, height - height // 12)).save(file)
    return file


def captioned_picture(specimen: ServedLibrary) -> tuple[str, dict[str, object]]:
    """Return id and source of the largest picture with a caption."""
    captioned = {id_: source for id_, source in specimen.documents().items() if "caption" in source}
    return max(captioned.items(), key=lambda item: item[1]["box"]["width"] * item[1]["box"]["height"])


@pytest.fixture(scope="session")
def reprinted_picture_id(specimen: ServedLibrary) -> str:
    """The id of a drawing that is in two of the books."""
    return next(id_ for id_, source in specimen.documents().items() if source["alto_id"] == "P4_CB00001")
