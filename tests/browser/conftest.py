"""A real service over the specimen books, and Debian's chromium to read it with."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from api.app import create_app
from tests.library import Library
from tests.paths import ROOT
from tests.serving import served

CHROMIUM = "/usr/bin/chromium"
ARTEFACTS = ROOT / "tests" / "artefacts"


@pytest.fixture(scope="session")
def site(specimen: Library) -> Iterator[str]:
    """The address of the service."""
    app = create_app(specimen.settings, elasticsearch_url=specimen.url)
    with served(app) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=quiet)
        yield browser
        browser.close()


@pytest.fixture
def wide(browser: Browser, site: str) -> Iterator[Page]:
    yield from _page(browser.new_context(base_url=site, viewport={"width": 1440, "height": 1000}))


@pytest.fixture
def narrow(browser: Browser, site: str) -> Iterator[Page]:
    yield from _page(browser.new_context(base_url=site, viewport={"width": 360, "height": 740}, has_touch=True))


@pytest.fixture
def without_scripts(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context(base_url=site, viewport={"width": 1440, "height": 1000}, java_script_enabled=False)
    yield from _page(context)


def _page(context: BrowserContext) -> Iterator[Page]:
    """A page whose errors fail the test: what the console says, and what the service answers with 5xx."""
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(f"{said.text} {said.location}") if said.type == "error" else None)
    page.on("response", lambda answer: wrong.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None)
    yield page
    context.close()
    assert wrong == []


def keep(page: Page, name: str) -> None:
    """A screenshot for human eyes."""
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=True)


@pytest.fixture
def copy(specimen: Library, tmp_path: Path) -> Path:
    """A changed copy of one picture of the books, as a reader's file."""
    _, source = picture(specimen)
    image = specimen.crop(source).rotate(5, expand=True, fillcolor="white")
    width, height = image.size
    file = tmp_path / "copy.jpg"
    image.crop((width // 12, height // 12, width - width // 12, height - height // 12)).save(file)
    return file


def picture(specimen: Library) -> tuple[str, dict[str, object]]:
    """A picture that has a caption and is the only one of its kind."""
    captioned = {id_: source for id_, source in specimen.documents().items() if "caption" in source}
    return max(captioned.items(), key=lambda item: item[1]["box"]["width"] * item[1]["box"]["height"])


@pytest.fixture(scope="session")
def copies(specimen: Library) -> str:
    """The id of a drawing that stands in two of the books."""
    return next(id_ for id_, source in specimen.documents().items() if source["alto_id"] == "P4_CB00001")
