"""How much memory 16 uploads at once take, of the worst file of each format, and how long words take meanwhile.

`python -m benchmarks.memory` prints the table of docs/operators.md; `--write` puts it there.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Event, Thread
from uuid import uuid4

import httpx

from api.server import open_listener
from benchmarks.hostile_pictures import HOSTILE_PICTURES, write_hostile_pictures
from benchmarks.marked_tables import write_marked_table
from benchmarks.source_data import ROOT
from core.encoders.registry import load_encoder
from core.settings import ENV_PREFIX, Settings
from indexer.elasticsearch.client import connect
from indexer.embedded import ElasticsearchNode
from tests.node.twelve_pictures import drawing, temporary_collection
from tests.waiting import wait_for_response

UPLOADS, READERS = 16, 32
TIMEOUT_SECONDS = 120
REST_SECONDS = 2.0


@dataclass
class Watch:
    """What is measured while uploads are decoded: the memory of the service, and the seconds of searches by words."""

    megabytes: list[float] = field(default_factory=list)
    word_seconds: list[float] = field(default_factory=list)


def tree_megabytes(process_id: int) -> float:
    """Return the memory of a process and its children; pages that several share are counted once."""
    proc = Path("/proc") / str(process_id)
    kilobytes = 0.0
    with suppress(OSError):
        rollup = (proc / "smaps_rollup").read_text(encoding="ascii")
        kilobytes = sum(float(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    children: list[str] = []
    for task in (proc / "task").glob("*/children"):
        with suppress(OSError):
            children += task.read_text(encoding="ascii").split()
    return kilobytes / 1000 + sum(tree_megabytes(int(child)) for child in children)


@contextmanager
def watch(process_id: int, url: str) -> Iterator[Watch]:
    """Measure memory and searches in two threads until the block ends."""
    measured, ended = Watch(), Event()

    def sample_memory() -> None:
        while not ended.wait(0.05):
            measured.megabytes.append(tree_megabytes(process_id))

    def search_words() -> None:
        with httpx.Client(timeout=TIMEOUT_SECONDS) as client:
            while not ended.wait(0.1):
                start = time.perf_counter()
                client.get(f"{url}/api/search?q=fyr").raise_for_status()
                measured.word_seconds.append(time.perf_counter() - start)

    threads = [Thread(target=sample_memory), Thread(target=search_words)]
    for thread in threads:
        thread.start()
    try:
        yield measured
    finally:
        ended.set()
        for thread in threads:
            thread.join()


@dataclass(frozen=True, slots=True)
class UploadAnswer:
    """What an upload got, and after how long."""

    status: int
    seconds: float
    headers: Mapping[str, str]


def upload_at_once(url: str, files: Sequence[bytes]) -> list[UploadAnswer]:
    """Send all files at once."""
    with ThreadPoolExecutor(len(files)) as executor:
        return list(executor.map(partial(_upload, url), files))


def _upload(url: str, data: bytes) -> UploadAnswer:
    start = time.perf_counter()
    response = httpx.post(f"{url}/api/search", files={"image": data}, timeout=TIMEOUT_SECONDS)
    return UploadAnswer(response.status_code, time.perf_counter() - start, response.headers)


def measure_rows(url: str, process_id: int, folder: Path) -> Iterator[str]:
    """Yield a row for searches alone, and one for each file."""
    small_picture = (folder / "small.png").read_bytes()
    upload_at_once(url, [small_picture] * UPLOADS)
    time.sleep(REST_SECONDS)
    at_start = tree_megabytes(process_id)
    with watch(process_id, url) as alone:
        time.sleep(5 * REST_SECONDS)
    yield f"| *words alone; {at_start:.0f} MB at the start* | | | | | {_seconds(alone.word_seconds)} |"
    files = {name: (folder / str(number)).read_bytes() for number, name in enumerate(HOSTILE_PICTURES)}
    uploads = {f"{name}, {len(data) / 1e6:.1f} MB": [data] * UPLOADS for name, data in files.items()}
    uploads["one of each of these files"] = list(files.values())
    uploads[f"{READERS} small pictures at once"] = [small_picture] * READERS
    for description, sent_files in uploads.items():
        with watch(process_id, url) as measured:
            start = time.perf_counter()
            answers = upload_at_once(url, sent_files)
            seconds = time.perf_counter() - start
        time.sleep(REST_SECONDS)
        at_most, after = max(measured.megabytes) - at_start, tree_megabytes(process_id) - at_start
        counts = sorted(Counter(answer.status for answer in answers).items())
        statuses = ", ".join(f"{count} × {status}" for status, count in counts)
        median = statistics.median(answer.seconds for answer in answers)
        yield (
            f"| {description} | {statuses} | {median:.1f} / {seconds:.1f} s | +{at_most:.0f} MB"
            f" | {after:+.0f} MB | {_seconds(measured.word_seconds)} |"
        )


def _seconds(seconds: list[float]) -> str:
    return f"{1000 * statistics.median(seconds):.0f} / {1000 * max(seconds):.0f} ms"


@contextmanager
def run_service(settings: Settings, node_url: str) -> Iterator[tuple[str, int]]:
    """Yield the address and the process of `frontispiece serve`."""
    with open_listener("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
    variables = {"ELASTICSEARCH_URL": node_url, "ALIAS": settings.alias, "DATA": str(settings.data)}
    environment = os.environ | {f"{ENV_PREFIX}{name}": value for name, value in variables.items()}
    command = [str(Path(sys.executable).with_name("frontispiece")), "serve", "--port", str(port)]
    service = subprocess.Popen(command, env=environment)  # noqa: S603 our own command
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for_response(f"{url}/health", lambda: service.poll() is None)
        yield url, service.pid
    finally:
        service.terminate()
        service.wait()


def measure(settings: Settings, node_url: str, pictures: Path) -> list[str]:
    """Return the rows of the table."""
    with (
        connect(settings, node_url) as client,
        temporary_collection(client, settings.alias, [load_encoder("sscd", settings)]),
        run_service(settings, node_url) as (url, process_id),
    ):
        rows = []
        for row in measure_rows(url, process_id, pictures):
            print(row, flush=True)
            rows.append(row)
        return rows


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into docs/operators.md")
    options = parser.parse_args()
    settings = Settings.from_environ()
    pictures = settings.cache / "benchmark" / "hostile-pictures"
    write_hostile_pictures(pictures)
    drawing(3).save(pictures / "small.png")
    with tempfile.TemporaryDirectory() as folder:
        settings = settings.model_copy(update={"data": Path(folder), "alias": f"memory-{uuid4().hex}"})
        if settings.elasticsearch_url:
            rows = measure(settings, settings.elasticsearch_url, pictures)
        else:
            with ElasticsearchNode(Path(folder), settings.cache) as node:
                rows = measure(settings, node.url, pictures)
    header = "| 16 uploads at once | answers | median / all | memory at most | afterwards | words: median / longest |\n"
    table = header + "| --- | --- | --- | --- | --- | --- |\n" + "".join(f"{row}\n" for row in rows)
    if options.write:
        write_marked_table(ROOT / "docs" / "operators.md", "memory", table)


if __name__ == "__main__":
    main()
