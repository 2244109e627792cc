"""The documentation builds as a site."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT

pytestmark = pytest.mark.slow


def test_site_builds_without_a_dead_link(tmp_path: Path) -> None:
    """`mkdocs build --strict` turns a missing page, anchor or file into an error, but not with `--quiet`."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    build = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert build.returncode == 0, build.stdout + build.stderr
    assert (tmp_path / "site" / "CONTRIBUTING" / "index.html").is_file()
    assert (tmp_path / "site" / "decisions" / "index.html").is_file()
