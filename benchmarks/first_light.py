"""What the README's table says: each figure beside its physical limit, measured in turn in one run.

Machines are noisy, so every pair is timed A B A B … and the ratio is the median of the ratios. `--write` puts the table
into the README.
"""

import argparse
import contextlib
import gzip
import os
import platform
import re
import statistics
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn
from lxml import etree

from api.app import create_app
from api.queries import filters, hybrid_query, vectors_of
from api.question import Question
from api.server import bound
from benchmarks.encoders import Job, measured
from indexer import alto
from indexer.cli import index_sources
from indexer.embedded import ElasticsearchNode
from indexer.errors import AltoError
from indexer.index import connect
from indexer.settings import Settings

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"
SPECIMEN = ROOT / "specimen" / "books"
MARKS = re.compile(r"(<!-- measured -->\n).*?(<!-- /measured -->)", re.DOTALL)
ROUNDS = 15


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    what: str
    ours: str
    limit: str
    ratio: float


def in_turn(ours: Callable[[], object], bare: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, float, float]:
    """Median seconds of both, and the median of ours ÷ bare, after one round that does not count."""
    times = [(_seconds(ours), _seconds(bare)) for _ in range(rounds + 1)][1:]
    return (
        statistics.median(one for one, _ in times),
        statistics.median(other for _, other in times),
        statistics.median(one / other for one, other in times),
    )


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def pages() -> list[bytes]:
    """The ALTO that is read: real pages where they lie beside the checkout, else the specimen's."""
    folder = SHARED / "alto" if SHARED.is_dir() else SPECIMEN
    files = [path.read_bytes() for path in sorted(folder.rglob("*.xml*"))]
    unpacked = [gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data for data in files]
    return [data for data in unpacked if _well_formed(data)]


def _well_formed(data: bytes) -> bool:
    try:
        etree.fromstring(data)
        alto.read_page(data, "page")
    except (etree.XMLSyntaxError, AltoError):
        return False
    return True


def alto_row() -> Row:
    files = pages()
    ours, bare, ratio = in_turn(lambda: _each(alto.read_page, files), lambda: _each(etree.fromstring, files), 7)
    rate = len(files) / ours, len(files) / bare
    megabytes = sum(map(len, files)) / len(files) / 1e6
    return Row(
        f"`alto.read_page` ({len(files)} pages, {megabytes:.2f} MB each)",
        f"{rate[0]:,.0f} pages/s",
        f"bare lxml parse {rate[1]:,.0f} pages/s",
        ratio,
    )


def _each(read: Callable[[bytes], object], files: list[bytes]) -> None:
    """One after another, as the pipeline reads them: no page is kept."""
    for data in files:
        read(data)


def sscd_row() -> Row:
    folder = SHARED / "images" if SHARED.is_dir() else None
    speed = measured(Job("sscd", full_size=False, folder=folder, count=64, rounds=7))
    return Row(
        "`sscd`, a picture to its vector",
        f"{speed.ours:.0f} pictures/s",
        f"bare onnxruntime {speed.bare:.0f} pictures/s",
        speed.bare / speed.ours,
    )


def request_row() -> Row:
    """One hybrid request through the API beside the very same body sent to the node."""
    with tempfile.TemporaryDirectory() as folder, _served(Path(folder)) as service, httpx.Client() as client:
        address, search, count = service
        first = client.get(f"{address}/api/search", params={"size": 1}).json()["hits"][0]["id"]
        question = {"q": "fyr", "like": first}
        body = _body(client, search, first)
        ours, bare, ratio = in_turn(
            lambda: client.get(f"{address}/api/search", params=question).raise_for_status(),
            lambda: client.post(search, params={"include_named_queries_score": "true"}, json=body).raise_for_status(),
            150,
        )
    return Row(
        f"one hybrid request (words, picture, 5 facets, highlights; {count:,} pictures)",
        f"{ours * 1000:.1f} ms",
        f"same body sent bare {bare * 1000:.1f} ms",
        ratio,
    )


def _body(client: httpx.Client, search: str, picture: str) -> dict[str, object]:
    """The body that the API sends for "fyr" and more like this picture."""
    vector = client.post(search, json=vectors_of(picture)).json()["hits"]["hits"][0]["fields"]["vectors.sscd"]
    question = Question(words="fyr", like=picture)
    return hybrid_query("fyr", {"sscd": vector}, size=24, filters=filters(question, without=picture))


@contextlib.contextmanager
def _served(folder: Path) -> Iterator[tuple[str, str, int]]:
    """A node with real pictures (else the specimen's) and the API over it: its address, `_search`'s, how many."""
    settings = Settings(data=folder, models="sscd", alias=f"bench-{uuid.uuid4().hex[:8]}")
    with ElasticsearchNode(folder, settings.cache) as node:
        index_sources(settings, node.url, [str(each) for each in (SPECIMEN, SHARED) if each.is_dir()])
        with connect(settings, node.url) as client:
            client.indices.forcemerge(index=settings.alias, max_num_segments=1)
            count = int(client.count(index=settings.alias)["count"])
        listener = bound("127.0.0.1", 0)
        app = create_app(settings, elasticsearch_url=node.url)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            _wait(f"{address}/health")
            yield address, f"{node.url}/{settings.alias}/_search", count
        finally:
            server.should_exit = True
            thread.join()
            listener.close()


def _wait(url: str) -> None:
    for _ in range(150):
        with contextlib.suppress(httpx.TransportError):
            httpx.get(url)
            return
        time.sleep(0.2)
    raise TimeoutError(url)


def table(rows: list[Row]) -> str:
    head = "| what | here | the limit, in the same run | time ÷ limit |\n| --- | --- | --- | --- |\n"
    return head + "".join(f"| {row.what} | {row.ours} | {row.limit} | {row.ratio:.2f} |\n" for row in rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into README.md")
    written = table([alto_row(), sscd_row(), request_row()])
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    written += f"\nMeasured with `make bench` ({machine}).\n"
    print(written)
    if parser.parse_args().write:
        readme = ROOT / "README.md"
        readme.write_text(MARKS.sub(lambda found: found[1] + written + found[2], readme.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
