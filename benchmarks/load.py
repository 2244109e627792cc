"""Many clients send requests of every kind while `frontispiece index` writes: failures, times, and memory.

`python -m benchmarks.load` prints the tables of docs/operators.md; `--write` puts them there. `--no-writer` leaves the
index alone, which shows the memory of the service over many requests.
"""

import argparse
import asyncio
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from threading import Event, Thread

import httpx

from benchmarks.marked_tables import write_marked_table
from benchmarks.memory import run_service, tree_megabytes
from benchmarks.mixed_requests import KINDS, MixedRequest, make_requests
from benchmarks.source_data import ROOT, SPECIMEN
from core.settings import ENV_PREFIX, Settings
from indexer.embedded import ElasticsearchNode

REQUESTS = 40 * len(KINDS)
"""Different requests; each client begins at another one of them."""
TIMEOUT_SECONDS = 60
MEMORY_SECONDS = 1.0


@dataclass(slots=True)
class LoadResult:
    """What became of the requests."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Kind of request → seconds of each."""
    failures: list[str] = field(default_factory=list)
    """Requests that were not answered with 200, each with what came instead."""

    @property
    def count(self) -> int:
        return sum(map(len, self.seconds.values()))

    @property
    def all_seconds(self) -> list[float]:
        return [seconds for kind_seconds in self.seconds.values() for seconds in kind_seconds]


async def send_load(
    url: str, requests: Sequence[MixedRequest], clients: int, is_enough: Callable[[LoadResult], bool]
) -> LoadResult:
    """Send requests from several clients, each one after another, until there are enough."""
    result = LoadResult()
    limits = httpx.Limits(max_connections=clients, max_keepalive_connections=clients)
    async with httpx.AsyncClient(base_url=url, timeout=TIMEOUT_SECONDS, limits=limits) as client:

        async def send(number: int) -> None:
            start = number * len(requests) // clients
            for request in cycle([*requests[start:], *requests[:start]]):
                if is_enough(result):
                    return
                await _send_request(client, request, result)

        await asyncio.gather(*map(send, range(clients)))
    return result


async def _send_request(client: httpx.AsyncClient, request: MixedRequest, result: LoadResult) -> None:
    start = time.perf_counter()
    try:
        response = await client.get(request.path, params=request.parameters)
        failure = "" if response.is_success else f"{response.status_code} {response.text[:200]}"
    except httpx.HTTPError as error:
        failure = repr(error)
    result.seconds[request.kind].append(time.perf_counter() - start)
    if failure:
        result.failures.append(f"{request}: {failure}")


@contextmanager
def repeat(action: Callable[[], object]) -> Iterator[list[float]]:
    """Repeat an action in a thread until the block ends; yield the list of the seconds that each one took."""
    ended, seconds = Event(), list[float]()

    def work() -> None:
        while not ended.is_set():
            start = time.perf_counter()
            action()
            seconds.append(time.perf_counter() - start)

    thread = Thread(target=work)
    thread.start()
    try:
        yield seconds
    finally:
        ended.set()
        thread.join()


def run_index(settings: Settings, node_url: str, *options: str) -> None:
    """Run `frontispiece index` over the specimen books."""
    variables = {"ELASTICSEARCH_URL": node_url, "ALIAS": settings.alias, "DATA": str(settings.data), "MODELS": "sscd"}
    environment = os.environ | {f"{ENV_PREFIX}{name}": value for name, value in variables.items()}
    command = [str(Path(sys.executable).with_name("frontispiece")), "index", *options, str(SPECIMEN)]
    subprocess.run(command, env=environment, check=True, capture_output=True)  # noqa: S603 our own command


def measure(settings: Settings, node_url: str, options: argparse.Namespace) -> tuple[str, str]:
    """Return the table of the requests, and a sentence about the memory."""
    run_index(settings, node_url)
    megabytes: list[float] = []

    def watch_memory() -> None:
        megabytes.append(tree_megabytes(process_id))
        time.sleep(MEMORY_SECONDS)

    def rebuild() -> None:
        if not options.no_writer:
            run_index(settings, node_url, "--rebuild")
        else:
            time.sleep(MEMORY_SECONDS)

    with run_service(settings, node_url) as (url, process_id):
        with httpx.Client(base_url=url, timeout=TIMEOUT_SECONDS) as client:
            requests = make_requests(client, REQUESTS)
        # Caches fill and libraries are loaded before the memory is compared.
        asyncio.run(send_load(url, requests, options.clients, lambda result: result.count >= len(requests)))
        start = time.monotonic()

        def is_enough(result: LoadResult) -> bool:
            return bool(time.monotonic() - start >= options.seconds or result.count >= options.requests)

        with repeat(watch_memory), repeat(rebuild) as rebuilds:
            result = asyncio.run(send_load(url, requests, options.clients, is_enough))
            elapsed = time.monotonic() - start
    for failure in result.failures:
        print(failure)
    writes = "" if options.no_writer else f" while `frontispiece index --rebuild` ran {len(rebuilds)} times"
    tenth = max(1, len(megabytes) // 10)
    first, last = statistics.median(megabytes[:tenth]), statistics.median(megabytes[-tenth:])
    return load_table(result), (
        f"{result.count:,} requests of {options.clients} clients in {elapsed:.0f} seconds{writes}: "
        f"{len(result.failures)} failed. The service had {first:.0f} MB in the first tenth of the time and "
        f"{last:.0f} MB in the last ({os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()})."
    )


def load_table(result: LoadResult) -> str:
    """Return the times of each kind of request."""
    rows = [("*all*", result.all_seconds), *((kind, result.seconds[kind]) for kind in KINDS)]
    header = "| request | count | p50 | p95 | p99 | longest |\n| --- | --- | --- | --- | --- | --- |\n"
    return header + "".join(f"| {kind} | {len(seconds):,} | {_format_times(seconds)} |\n" for kind, seconds in rows)


def all_kinds(table: str) -> str:
    """Return the head of the table, and its row of all kinds together."""
    return "".join(table.splitlines(keepends=True)[:3])


def _format_times(seconds: Sequence[float]) -> str:
    if len(seconds) < 2:
        return " | | | "
    percentiles = statistics.quantiles(seconds, n=100, method="inclusive")
    return " | ".join(f"{1000 * value:.0f} ms" for value in (*(percentiles[n - 1] for n in (50, 95, 99)), max(seconds)))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--requests", type=int, default=1_000_000, help="end earlier, after so many requests")
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--no-writer", action="store_true", help="let no run write meanwhile")
    parser.add_argument("--write", action="store_true", help="put the result into docs/operators.md and README.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        settings = Settings(data=Path(name), alias="load")
        with ElasticsearchNode(Path(name), settings.cache) as node:
            table, summary = measure(settings, node.url, options)
    print(f"{table}\n{summary}")
    if options.write and options.no_writer:
        write_marked_table(ROOT / "docs" / "operators.md", "load-memory", f"{summary}\n")
    elif options.write:
        write_marked_table(ROOT / "docs" / "operators.md", "load", f"{summary}\n\n{table}")
        write_marked_table(ROOT / "README.md", "load", f"{summary}\n\n{all_kinds(table)}")


if __name__ == "__main__":
    main()
