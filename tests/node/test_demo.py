"""`frontispiece demo` as a new user runs it: it starts, answers searches and leaves no process behind."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from tests.paths import ROOT, SPECIMEN
from tests.waiting import PATIENCE_SECONDS, wait_for_response


@contextmanager
def run_demo(data: Path, *arguments: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Yield the running command and its address; afterwards interrupt it and its children, as Ctrl-C does."""
    env = {**os.environ, "FRONTISPIECE_DATA": str(data)}
    command = [str(Path(sys.executable).parent / "frontispiece"), "demo", "--port", "0", *arguments]
    process = subprocess.Popen(command, env=env, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        yield process, _read_address(process)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(PATIENCE_SECONDS)
        if process.stderr:
            process.stderr.close()


def _read_address(process: "subprocess.Popen[str]") -> str:
    """Read the command's messages until it names its address; fail if it ends without."""
    assert process.stderr
    output = ""
    for line in process.stderr:
        output += line
        if match := re.search(r"Frontispiece is at (http://\S+)", line):
            return match[1]
    pytest.fail(f"the demo ended without an address:\n{output}")


def _descendant_pids(pid: int) -> set[int]:
    children = {int(pid_text) for pid_text in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}
    return children.union(*(_descendant_pids(child) for child in children)) if children else children


def search(process: "subprocess.Popen[str]", address: str, query: str = "") -> Any:
    return wait_for_response(f"{address}/api/search{query}", lambda: process.poll() is None).json()


def test_demo_starts_answers_and_leaves_no_process(tmp_path: Path) -> None:
    """A second run on the same data folder returns the same results; prints that two books have are families."""
    with run_demo(tmp_path) as (process, address):
        first_total = search(process, address, "?q=fyr")["total"]
        assert first_total > 0
        assert any(hit["family"] for hit in search(process, address, "?size=100")["hits"])
        started_pids = _descendant_pids(process.pid)
        assert started_pids, "the node is a process"
    assert process.returncode == 0
    assert [pid for pid in started_pids if Path(f"/proc/{pid}").exists()] == []
    with run_demo(tmp_path) as (process, address):
        assert search(process, address, "?q=fyr")["total"] == first_total


def test_demo_indexes_the_folder_that_the_user_names(tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    drawing = Image.new("RGB", (300, 200), "white")
    ImageDraw.Draw(drawing).ellipse((40, 40, 200, 160), fill="black")
    drawing.save(pictures / "ellipse.png")
    with run_demo(tmp_path / "data", str(pictures)) as (process, address):
        assert search(process, address)["total"] == 1


def test_demo_finds_copies_that_the_user_adds(tmp_path: Path) -> None:
    """A second run looks for copies of what is new in the folder."""
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    engraving = Image.open(sorted(SPECIMEN.rglob("*.jpg"))[3]).convert("L")
    engraving.save(pictures / "first.png")
    with run_demo(tmp_path / "data", str(pictures)) as (process, address):
        assert [hit["family"] for hit in search(process, address)["hits"]] == [None]
    engraving.resize((engraving.width * 9 // 10, engraving.height * 9 // 10)).save(pictures / "second.png")
    with run_demo(tmp_path / "data", str(pictures)) as (process, address):
        assert [hit["family"]["size"] for hit in search(process, address)["hits"]] == [2, 2]
