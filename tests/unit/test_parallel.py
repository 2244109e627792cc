"""Tests of one group run in one process: they change what others of the group read, or share a large library."""

import subprocess
import sys
from pathlib import Path

TESTS_OF_ONE_GROUP = """
import os

import pytest

pytestmark = pytest.mark.xdist_group("cluster")


@pytest.mark.parametrize("number", range(6))
def test_notes_its_process(number):
    with open("processes", "a") as notes:
        notes.write(os.environ["PYTEST_XDIST_WORKER"] + "\\n")
"""


def test_tests_of_one_group_run_in_one_process(tmp_path: Path) -> None:
    """The installed pytest and pytest-xdist hold groups together; they did not with pytest 9.2."""
    for name in ("test_a.py", "test_b.py"):
        (tmp_path / name).write_text(TESTS_OF_ONE_GROUP)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", "--no-loadscope-reorder"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    processes = (tmp_path / "processes").read_text().split()
    assert (len(processes), len(set(processes))) == (12, 1)
