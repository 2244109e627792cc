"""A judge answers a sheet by keyboard, without a network, saves the file, and the command reads it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from evaluation.cli import evaluate
from evaluation.study.items import StudyKey
from evaluation.study.judgements import read_judgements
from evaluation.study.sheet import render_sheet
from tests.browser.conftest import PATIENCE_MILLISECONDS
from tests.unit.evaluation.study.studies import make_key

SIZES = {"wide": (1440, 900), "narrow": (360, 740)}
KEYS = ("1", "2", "3", "0")
ANSWERS = ("yes", "partly", "no", "unsure")


@pytest.fixture(scope="module")
def key() -> StudyKey:
    return make_key()


@pytest.fixture(scope="module")
def sheet(key: StudyKey, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a sheet in Norwegian."""
    folder = tmp_path_factory.mktemp("study")
    for number, name in enumerate([*(item.crop for item in key.items.values()), "query.jpg"]):
        Image.new("RGB", (300 + 20 * number, 200), (10 * number, 120, 90)).save(folder / name)
    path = folder / "sheet.html"
    path.write_text(render_sheet(key, folder, "nb"), "utf-8")
    (folder / "key.json").write_text(key.to_json(), "utf-8")
    return path


@pytest.fixture(params=list(SIZES))
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    width, height = SIZES[request.param]
    context = browser.new_context(viewport={"width": width, "height": height}, offline=True, color_scheme="dark")
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    yield context
    context.close()


def open_sheet(context: BrowserContext, sheet: Path, requests: list[str], errors: list[str]) -> Page:
    page = context.new_page()
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(sheet.as_uri())
    return page


def test_sheet_is_answered_by_keyboard_and_read_back(
    context: BrowserContext, sheet: Path, key: StudyKey, tmp_path: Path
) -> None:
    requests: list[str] = []
    errors: list[str] = []
    page = open_sheet(context, sheet, requests, errors)
    page.keyboard.type("Åse Ødegård")
    page.keyboard.press("Enter")
    expect(page.locator("#position")).to_have_text(f"1 av {len(key.items)}")
    page.keyboard.press("c")
    page.keyboard.type("Fin, 100 %")
    page.keyboard.press("Escape")
    half = len(key.items) // 2
    for number in range(half):
        page.keyboard.press(KEYS[number % 4])
    expect(page.locator("#position")).to_have_text(f"{half + 1} av {len(key.items)}")

    # Closed in the middle and opened again: the judge goes on where the first open question is.
    page.close()
    page = open_sheet(context, sheet, requests, errors)
    expect(page.locator("#judge")).to_have_value("Åse Ødegård")
    page.keyboard.press("Enter")
    expect(page.locator("#position")).to_have_text(f"{half + 1} av {len(key.items)}")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[aria-pressed=true]")).to_have_attribute("data-answer", ANSWERS[(half - 1) % 4])
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
    for number in range(half, len(key.items)):
        page.keyboard.press(KEYS[number % 4])
    expect(page.locator("#end-count")).to_contain_text(f"{len(key.items)} av {len(key.items)}")

    files = []
    for button, suffix in (("#save-json", "json"), ("#save-csv", "csv")):
        with page.expect_download() as download:
            page.locator(button).focus()
            page.keyboard.press("Enter")
        files.append(tmp_path / f"answers.{suffix}")
        download.value.save_as(files[-1])
        assert download.value.suggested_filename == f"judgements-{key.sheet}-Åse-Ødegård.{suffix}"
    answers = read_judgements(files[:1], key)
    assert answers == read_judgements(files[1:], key)
    given = {item: judgement.answer for item, judgement in answers["Åse Ødegård"].items()}
    assert given == {item: ANSWERS[number % 4] for number, item in enumerate(key.items)}
    assert answers["Åse Ødegård"][next(iter(key.items))].comment == "Fin, 100 %"
    assert (set(requests) - {sheet.as_uri()}, errors) == (
        {url for url in requests if url.startswith(("data:", "blob:"))},
        [],
    )

    result = CliRunner().invoke(evaluate, ["study", "read", str(sheet.with_name("key.json")), *map(str, files)])
    assert result.exit_code == 0, result.output
    assert f"{len(key.items)} answers of 1 judge to {len(key.items)} questions." in result.output
    assert "**What scholars would have lost**" in result.output
