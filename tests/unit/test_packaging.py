"""What a library installs is the wheel, not the checkout."""

import os
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.paths import ROOT


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built and installed by itself into an empty folder."""
    folder = tmp_path_factory.mktemp("wheel")
    run = [sys.executable, "-m"]
    subprocess.run(
        [*run, "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT], check=True, capture_output=True
    )
    [wheel] = folder.glob("*.whl")
    target = folder / "installed"
    subprocess.run([*run, "pip", "install", "-q", "--no-deps", "--target", target, wheel], check=True)
    return target


def inside(installed: Path, code: str) -> str:
    """What a program prints that has the wheel and not the checkout."""
    env = {**os.environ, "PYTHONPATH": str(installed)}
    command = [sys.executable, "-P", "-c", code]
    done = subprocess.run(command, env=env, cwd=installed.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_carries_mappings_templates_and_java_sources(installed: Path) -> None:
    [wheel] = installed.parent.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    wanted = ["indexer/_es_mappings/pictures.json", "api/_templates/search.html.jinja"]
    assert [name for name in wanted if name not in names] == []
    assert [name for name in names if name.endswith(".java")]
    assert not [name for name in names if name.startswith(("tests/", "specimen/"))]


def test_the_wheel_finds_its_own_files(installed: Path) -> None:
    found = inside(installed, "from indexer.elasticsearch.resources import MAPPINGS; print(MAPPINGS / 'pictures.json')")
    assert Path(found.strip()) == installed / "indexer" / "_es_mappings" / "pictures.json"


def test_the_command_of_the_wheel_runs(installed: Path) -> None:
    assert "serve" in inside(installed, "from api.cli import commands; commands(['--help'], standalone_mode=False)")


def test_the_demo_of_the_wheel_needs_no_torch(installed: Path) -> None:
    """The light installation is enough for everything that the demo imports."""
    inside(installed, "import sys; sys.modules['torch'] = sys.modules['transformers'] = None; import api.demo, api.app")


def test_the_names_of_our_packages_are_ours() -> None:
    """`indexer` and `api` are generic names: in this environment they are this product's."""
    for name in ("indexer", "api"):
        spec = find_spec(name)
        assert spec is not None
        assert Path(str(spec.origin)).parent.parent == ROOT
