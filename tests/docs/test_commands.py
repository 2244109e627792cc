"""Run the commands in the documents, and compare the documents with settings, URLs and response fields."""

import os
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from api.app import create_app
from api.responses import BookGroup, Hit, ResultPage
from api.search.facets import Bucket
from api.server import open_listener
from core.settings import ENV_PREFIX, Settings
from tests.paths import ROOT
from tests.waiting import PATIENCE_SECONDS, wait_for_response

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SHELL_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
SHELL_BLOCKS = [(page.name, block) for page in DOCUMENTS for block in SHELL_BLOCK.findall(page.read_text("utf-8"))]
MAKE_COMMANDS = {"make demo", "make test"}
"""These have tests of their own; inside the suite they would start the suite."""


@pytest.fixture(scope="module")
def shell_environment(node_url: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the environment of a shell in the checkout, with the command on its path and the specimen indexed."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "FRONTISPIECE_ELASTICSEARCH_URL": node_url,
        "FRONTISPIECE_ALIAS": f"test-{uuid.uuid4().hex}",
        "FRONTISPIECE_DATA": str(tmp_path_factory.mktemp("docs")),
        "FRONTISPIECE_MODELS": "sscd",
    }
    subprocess.run(["frontispiece", "index", "specimen/books"], env=environment, cwd=ROOT, check=True)
    return environment


@pytest.fixture
def service_url(shell_environment: dict[str, str]) -> Iterator[str]:
    """Yield the URL of `frontispiece serve` over the specimen books, started as documented but on a free port."""
    with open_listener("127.0.0.1", 0) as free_socket:
        port = free_socket.getsockname()[1]
    subprocess.run(["frontispiece", "index", "specimen/books"], env=shell_environment, cwd=ROOT, check=True)
    process = subprocess.Popen(["frontispiece", "serve", "--port", str(port)], env=shell_environment, cwd=ROOT)
    try:
        wait_for_response(f"http://127.0.0.1:{port}/health", lambda: process.poll() is None)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


@pytest.mark.parametrize(
    ("page", "block"), SHELL_BLOCKS, ids=[f"{page}:{block.split(chr(10))[0]}" for page, block in SHELL_BLOCKS]
)
def test_documented_commands_run(
    page: str, block: str, shell_environment: dict[str, str], request: pytest.FixtureRequest
) -> None:
    lines = [
        line for line in block.splitlines() if line.split("#")[0].strip() not in MAKE_COMMANDS | {"frontispiece serve"}
    ]
    script = "\n".join(lines)
    env = shell_environment
    if "frontispiece node" in block:
        env = {name: value for name, value in shell_environment.items() if name != "FRONTISPIECE_ELASTICSEARCH_URL"}
    if "localhost:8000" in script or "frontispiece serve" in block:
        script = script.replace("http://localhost:8000", request.getfixturevalue("service_url"))
    script = script.replace("curl ", "curl --fail-with-body --silent --show-error ")
    command = ["bash", "-eu", "-c", script]
    result = subprocess.run(
        command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    assert result.returncode == 0, f"{page}\n{script}\n{result.stdout}\n{result.stderr}"


def test_there_are_commands_to_run() -> None:
    assert {page for page, _ in SHELL_BLOCKS} >= {"README.md", "librarians.md", "operators.md", "programs.md"}


def test_every_setting_that_a_document_names_exists() -> None:
    """`test_settings` holds docs/settings.md against the class itself."""
    names = rf"{ENV_PREFIX}([A-Z_]+[A-Z])"
    documented_names = {name for page in DOCUMENTS for name in re.findall(names, page.read_text("utf-8"))}
    assert documented_names - {"TEST_ELASTICSEARCH_URL"} == {name.upper() for name in Settings.model_fields}


def test_documented_urls_are_those_of_the_api() -> None:
    paths = create_app(Settings(), elasticsearch_url="http://localhost:9200").openapi_schema.paths or {}
    operations = {
        f"{method.upper()} {path}"
        for path, item in paths.items()
        for method in ("get", "post")
        if getattr(item, method)
    }
    table = (ROOT / "docs" / "programs.md").read_text("utf-8").partition("| endpoint |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)) == operations


@pytest.mark.parametrize(
    "response_class", [ResultPage, Hit, Bucket, BookGroup], ids=lambda response_class: response_class.__name__
)
def test_every_field_of_a_response_is_documented(response_class: type) -> None:
    documented_names = set(
        re.findall(r"`(\w+)`", (ROOT / "docs" / "programs.md").read_text("utf-8").partition("## Responses")[2])
    )
    assert {response_field.name for response_field in fields(response_class)} - documented_names == set()


@pytest.mark.parametrize("page", DOCUMENTS, ids=lambda page: page.name)
def test_links_between_the_documents_have_targets(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []
