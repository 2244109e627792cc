"""A real service over the specimen books, and Debian's Chromium as the browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from api.app import create_app
from tests.library import ServedLibrary
from tests.live_server import run_live_server
from tests.paths import ROOT
from tests.waiting import PATIENCE_SECONDS

CHROMIUM = "/usr/bin/chromium"
PATIENCE_MILLISECONDS = 1000 * PATIENCE_SECONDS
SCREENSHOT_FOLDER = ROOT / "tests" / "artefacts"


SCREENS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": {"width": 1440, "height": 1000}},
    "narrow": {"viewport": {"width": 360, "height": 740}, "has_touch": True},
    "without_scripts": {"viewport": {"width": 1440, "height": 1000}, "java_script_enabled": False},
}
"""Name of a screen → options of the browser's context."""


@pytest.fixture(scope="session")
def site_url(specimen: ServedLibrary) -> Iterator[str]:
    """Yield the URL of the service."""
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
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=browser_arguments)
        yield browser
        browser.close()


@pytest.fixture
def page(screen: str, browser: Browser, site_url: str) -> Iterator[Page]:
    """Yield a page for the screen that the test's parameter `screen` names."""
    yield from open_page(browser.new_context(base_url=site_url, **SCREENS[screen]))


@pytest.fixture
def wide_page(browser: Browser, site_url: str) -> Iterator[Page]:
    yield from open_page(browser.new_context(base_url=site_url, **SCREENS["wide"]))


def open_page(context: BrowserContext, expected_status: int = 200) -> Iterator[Page]:
    """Yield a page; the test fails if the console shows an error or the service responds with 5xx.

    Browsers report a page with an error as its status as an error too, which is none if it is the expected one.
    """
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda message: (
            errors.append(f"{message.text} {message.location}")
            if message.type == "error" and f"status of {expected_status}" not in message.text
            else None
        ),
    )
    page.on(
        "response",
        lambda response: errors.append(f"{response.status} {response.url}") if response.status >= 500 else None,
    )
    yield page
    context.close()
    assert errors == []


def save_screenshot(page: Page, name: str) -> None:
    """Save a screenshot that people can look at."""
    SCREENSHOT_FOLDER.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOT_FOLDER / f"{name}.png", full_page=True)


@pytest.fixture
def altered_copy_file(specimen: ServedLibrary, tmp_path: Path) -> Path:
    """Return the file of an altered copy of one picture of the books."""
    _, source = captioned_picture(specimen)
    image = specimen.open_crop(source).rotate(5, expand=True, fillcolor="white")
    width, height = image.size
    file = tmp_path / "copy.jpg"
    image.crop((width // 12, height // 12, width - width // 12, height - height // 12)).save(file)
    return file


def captioned_picture(specimen: ServedLibrary) -> tuple[str, dict[str, object]]:
    """Return id and document of the largest picture with a caption; it has no reprint."""
    captioned = {id_: source for id_, source in specimen.documents().items() if "caption" in source}
    return max(captioned.items(), key=lambda item: item[1]["box"]["width"] * item[1]["box"]["height"])


@pytest.fixture(scope="session")
def reprinted_picture_id(specimen: ServedLibrary) -> str:
    """Return the id of a drawing that is in two of the books."""
    return next(id_ for id_, source in specimen.documents().items() if source["alto_id"] == "P4_CB00001")
