"""The wheel works without the checkout."""

import os
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.paths import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which the wheel was installed without its dependencies."""
    folder = tmp_path_factory.mktemp("wheel")
    python_module = [sys.executable, "-m"]
    subprocess.run(
        [*python_module, "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        check=True,
        capture_output=True,
    )
    [wheel] = folder.glob("*.whl")
    target = folder / "installed"
    subprocess.run([*python_module, "pip", "install", "-q", "--no-deps", "--target", target, wheel], check=True)
    return target


def run_installed(installed_folder: Path, code: str) -> str:
    """Run code that imports the installed wheel and not the checkout; return what it prints."""
    env = {**os.environ, "PYTHONPATH": str(installed_folder)}
    command = [sys.executable, "-P", "-c", code]
    result = subprocess.run(command, env=env, cwd=installed_folder.parent, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_wheel_contains_mappings_templates_and_java_sources(installed_folder: Path) -> None:
    [wheel] = installed_folder.parent.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    required_files = ["indexer/_es_mappings/pictures.json", "api/_templates/search.html.jinja"]
    assert [name for name in required_files if name not in names] == []
    assert [name for name in names if name.endswith(".java")]
    assert not [name for name in names if name.startswith(("tests/", "specimen/"))]


def test_wheel_reads_its_own_mappings(installed_folder: Path) -> None:
    output = run_installed(
        installed_folder,
        "from core.mapping_files import MAPPINGS_FOLDER; print(MAPPINGS_FOLDER / 'pictures.json')",
    )
    assert Path(output.strip()) == installed_folder / "indexer" / "_es_mappings" / "pictures.json"


def test_command_runs_from_the_wheel(installed_folder: Path) -> None:
    assert "serve" in run_installed(
        installed_folder, "from api.cli import commands; commands(['--help'], standalone_mode=False)"
    )


def test_demo_runs_from_the_wheel_without_torch(installed_folder: Path) -> None:
    """An installation without torch has everything that the demo imports."""
    run_installed(
        installed_folder,
        "import sys; sys.modules['torch'] = sys.modules['transformers'] = None; import api.demo, api.app",
    )


def test_packages_are_imported_from_the_checkout() -> None:
    """`indexer` and `api` are common names: in this environment they must be ours."""
    for name in ("indexer", "api"):
        spec = find_spec(name)
        assert spec is not None
        assert Path(str(spec.origin)).parent.parent == ROOT
