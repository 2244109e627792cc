"""`frontispiece demo`: it starts, responds, and leaves no process running."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from PIL import Image, ImageDraw

from tests.paths import ROOT


@contextmanager
def run_demo(data: Path, *arguments: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Yield the running command and its URL; at the end send SIGINT to its process group, as Ctrl-C does."""
    env = {**os.environ, "FRONTISPIECE_DATA": str(data)}
    command = [str(Path(sys.executable).parent / "frontispiece"), "demo", "--port", "0", *arguments]
    process = subprocess.Popen(command, env=env, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        yield process, _read_address(process)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(40)
        if process.stderr:
            process.stderr.close()


def _read_address(process: "subprocess.Popen[str]", seconds: float = 120) -> str:
    assert process.stderr
    deadline, output = time.monotonic() + seconds, ""
    for line in process.stderr:
        output += line
        if match := re.search(r"Frontispiece is at (http://\S+)", line):
            return match[1]
        if time.monotonic() > deadline:
            break
    pytest.fail(f"no address within {seconds} s:\n{output}")


def _descendant_pids(pid: int) -> set[int]:
    children = {int(pid_text) for pid_text in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}
    return children.union(*(_descendant_pids(child) for child in children)) if children else children


def _wait_for_response(url: str, seconds: float = 30) -> httpx.Response:
    deadline = time.monotonic() + seconds
    while True:
        try:
            return httpx.get(url)
        except httpx.TransportError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def test_the_demo_starts_responds_and_leaves_no_process(tmp_path: Path) -> None:
    with run_demo(tmp_path) as (process, address):
        page = _wait_for_response(f"{address}/api/search?q=fyr").json()
        assert page["total"] > 0
        started_pids = _descendant_pids(process.pid)
        assert started_pids, "the node is a process"
    assert process.returncode == 0
    assert [pid for pid in started_pids if Path(f"/proc/{pid}").exists()] == []
    with run_demo(tmp_path) as (_, address):
        assert _wait_for_response(f"{address}/api/search?q=fyr").json()["total"] == page["total"], (
            "a second run finds the same"
        )


def test_the_demo_indexes_a_folder_of_your_own(tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    drawing = Image.new("RGB", (300, 200), "white")
    ImageDraw.Draw(drawing).ellipse((40, 40, 200, 160), fill="black")
    drawing.save(pictures / "ellipse.png")
    with run_demo(tmp_path / "data", str(pictures)) as (_, address):
        assert _wait_for_response(f"{address}/api/search").json()["total"] == 1
