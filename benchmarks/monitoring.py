"""What it costs to watch the service.

`python -m benchmarks.monitoring --write` puts the table into docs/operators.md.
"""

import argparse
import asyncio
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

import structlog
from prometheus_client import generate_latest

from api.monitoring.instruments import (
    ELASTICSEARCH_DURATION,
    REGISTRY,
    RENDER_DURATION,
    count_lookup,
    measure_time,
    measure_wait,
)
from api.monitoring.logs import configure_logs
from api.monitoring.requests import wrap_with_records, wrap_with_route
from api.monitoring.tracing import span, trace_headers
from benchmarks.marked_tables import write_marked_table

DOCUMENT = Path(__file__).parents[1] / "docs" / "operators.md"
ROUNDS, REPETITIONS = 7, 3_000
SCOPE: Mapping[str, Any] = {
    "type": "http",
    "method": "GET",
    "headers": [(b"host", b"pictures.example.org"), (b"accept", b"*/*"), (b"user-agent", b"benchmark")],
    "client": ("192.0.2.1", 40_000),
}


async def answer(scope: Any, _receive: Any, send: Any) -> None:
    """Answer at once, as the router does for an address with a template."""
    scope["path_template"] = "/books/{book_id}"
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def ignore(message: Any) -> None:
    """Send nothing."""


def time_requests(app: Any) -> float:
    """Return the seconds of one request, of the fastest round."""

    async def run() -> float:
        started_at = perf_counter()
        for _ in range(REPETITIONS):
            await app(dict(SCOPE), None, ignore)
        return (perf_counter() - started_at) / REPETITIONS

    return min(asyncio.run(run()) for _ in range(ROUNDS))


def time_calls(function: Callable[[], object]) -> float:
    """Return the seconds of one call, of the fastest round."""

    def run() -> float:
        started_at = perf_counter()
        for _ in range(REPETITIONS):
            function()
        return (perf_counter() - started_at) / REPETITIONS

    return min(run() for _ in range(ROUNDS))


def watch_parts() -> None:
    """Measure what a page of results does: three requests to Elasticsearch, one wait for a model, one page."""
    for _ in range(3):
        trace_headers()
        with measure_time(ELASTICSEARCH_DURATION.labels("msearch")):
            pass
    count_lookup("text_vectors", is_hit=False)
    count_lookup("filter_counts", is_hit=True)
    with measure_wait("encoder"):
        pass
    with measure_time(RENDER_DURATION.labels("search.html.jinja")), span("render"):
        pass


def measure() -> dict[str, float]:
    """Return the microseconds of each part."""
    bare = time_requests(answer)
    watched = wrap_with_records(wrap_with_route(answer), lambda _: False, log_requests=False)
    logged = wrap_with_records(wrap_with_route(answer), lambda _: False, log_requests=True)
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        before = structlog.get_config()
        configure_logs("json", nowhere)
        logged_seconds = time_requests(logged)
        structlog.configure(**before)
    seconds = {
        "a request: id, header, route, counter, histogram": time_requests(watched) - bare,
        "the same with a line of the log": logged_seconds - bare,
        "in a page of results: 3 requests to Elasticsearch, 1 model, 2 caches, 1 page": time_calls(watch_parts),
        "`/metrics` without the collection": time_calls(lambda: generate_latest(REGISTRY)),
    }
    return {name: value * 1e6 for name, value in seconds.items()}


def main() -> None:
    """Print the table, or write it into the document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the table into docs/operators.md")
    rows = [f"| {name} | {microseconds:,.0f} |" for name, microseconds in measure().items()]
    table = "\n".join(["| | microseconds |", "| --- | ---: |", *rows])
    print(table)
    if parser.parse_args().write:
        write_marked_table(DOCUMENT, "monitoring", f"{table}\n")


if __name__ == "__main__":
    main()
