"""The commands that the documents name are run as they stand, and the settings they name exist."""

import os
import re
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import httpx
import pytest

from api.app import create_app
from api.responses import BookGroup, Hit, SearchPage
from api.search.facets import Bucket
from api.search.parameters import NAMES
from api.server import bound
from core.settings import PREFIX, Settings
from tests.paths import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS = [(page.name, block) for page in PAGES for block in BLOCK.findall(page.read_text("utf-8"))]
MAKE = {"make demo", "make test"}
"""These have tests of their own; inside the suite they would start the suite."""


@pytest.fixture(scope="module")
def surroundings(node_url: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A reader's shell in the checkout, with the command on its path."""
    return {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "FRONTISPIECE_ELASTICSEARCH_URL": node_url,
        "FRONTISPIECE_ALIAS": f"test-{uuid.uuid4().hex}",
        "FRONTISPIECE_DATA": str(tmp_path_factory.mktemp("docs")),
        "FRONTISPIECE_MODELS": "sscd",
    }


@pytest.fixture
def served(surroundings: dict[str, str]) -> Iterator[str]:
    """The address of `frontispiece serve` over the specimen books, running as the documents say but on a free port."""
    with bound("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    subprocess.run(["frontispiece", "index", "specimen/books"], env=surroundings, cwd=ROOT, check=True)
    process = subprocess.Popen(["frontispiece", "serve", "--port", str(port)], env=surroundings, cwd=ROOT)
    try:
        _wait_for(f"http://127.0.0.1:{port}/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(url: str, process: "subprocess.Popen[bytes]", seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert process.poll() is None, "the service ended"
        try:
            httpx.get(url)
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"{url} did not answer within {seconds} s")


@pytest.mark.parametrize(("page", "block"), BLOCKS, ids=[f"{page}:{block.split(chr(10))[0]}" for page, block in BLOCKS])
def test_a_documents_commands_run(
    page: str, block: str, surroundings: dict[str, str], request: pytest.FixtureRequest
) -> None:
    lines = [line for line in block.splitlines() if line.split("#")[0].strip() not in MAKE | {"frontispiece serve"}]
    script = "\n".join(lines)
    env = surroundings
    if "frontispiece node" in block:
        env = {name: value for name, value in surroundings.items() if name != "FRONTISPIECE_ELASTICSEARCH_URL"}
    if "localhost:8000" in script or "frontispiece serve" in block:
        script = script.replace("http://localhost:8000", request.getfixturevalue("served"))
    script = script.replace("curl ", "curl --fail-with-body --silent --show-error ")
    command = ["bash", "-eu", "-c", script]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, f"{page}\n{script}\n{done.stdout}\n{done.stderr}"


def test_there_are_commands_to_run() -> None:
    assert {page for page, _ in BLOCKS} >= {"README.md", "librarians.md", "operators.md", "programs.md"}


def test_every_setting_that_a_document_names_exists() -> None:
    """`test_settings` holds docs/settings.md against the class itself."""
    names = rf"{PREFIX}([A-Z_]+[A-Z])"
    named = {name for page in PAGES for name in re.findall(names, page.read_text("utf-8"))}
    assert named - {"TEST_ELASTICSEARCH_URL"} == {name.upper() for name in Settings.model_fields}


def test_every_parameter_is_documented_and_every_documented_one_exists() -> None:
    table = (ROOT / "docs" / "programs.md").read_text("utf-8").partition("| parameter |")[2].partition("\n\n")[0]
    named = [name for row in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert set(named) == set(NAMES)


def test_every_address_of_the_api_is_documented_and_every_documented_one_exists() -> None:
    paths = create_app(Settings(), elasticsearch_url="http://localhost:9200").openapi_schema.paths or {}
    served = {
        f"{method.upper()} {path}"
        for path, item in paths.items()
        for method in ("get", "post")
        if getattr(item, method)
    }
    table = (ROOT / "docs" / "programs.md").read_text("utf-8").partition("| address |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)) == served


@pytest.mark.parametrize("answer", [SearchPage, Hit, Bucket, BookGroup], ids=lambda answer: answer.__name__)
def test_every_field_of_an_answer_is_documented(answer: type) -> None:
    said = set(
        re.findall(r"`(\w+)`", (ROOT / "docs" / "programs.md").read_text("utf-8").partition("## What comes back")[2])
    )
    assert {each.name for each in fields(answer)} - said == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_the_documents_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []
