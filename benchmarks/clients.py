"""How many searches a second the service answers: 1, 8 and 32 clients, for each kind of search.

    python -m benchmarks.clients FOLDER [--alias bench] [--clients 1 8 32] [--requests 300]

FOLDER holds the node that `python -m benchmarks.search --keep FOLDER` (or `benchmarks.large`, alias `large`) has
filled. The service is a process of its own, and so is the node. Prints a Markdown table.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from api.search.request import SearchRequest
from api.vision.vector_codec import PackedVector, model_stamp, pack_vectors
from benchmarks.load import LoadResult, send_load
from benchmarks.memory import run_service
from benchmarks.mixed_requests import MixedRequest
from benchmarks.service import ALIAS, HEAP
from benchmarks.timing import WARM_UP_COUNT, percentile_95
from core.encoders.fingerprint import read_fingerprints
from core.settings import Settings
from indexer.embedded import ElasticsearchNode

SAMPLE: Mapping[str, Any] = {"size": 4000, "_source": ["page_text.text"], "fields": ["vectors.*"]}
KINDS = ("words", "a picture", "an upload", "words and a picture", "facets")
REQUESTS = 300
YEARS = 120
"""First years of the filters of facets."""


def make_searches(node_url: str, alias: str, count: int) -> Iterator[MixedRequest]:
    """Yield requests of each kind, made from documents of the index: those that warm up, and `count` different ones."""
    with httpx.Client(base_url=f"{node_url}/{alias}", timeout=120) as client:
        hits = client.post("/_search", json=SAMPLE).raise_for_status().json()["hits"]["hits"]
        meta = next(iter(client.get("/_mapping").json().values()))["mappings"]["_meta"]
    stamps = {name: model_stamp(fingerprint.identity) for name, fingerprint in read_fingerprints(meta).items()}
    rng = np.random.default_rng(5)
    positions = rng.permutation(len(hits))
    if 3 * (WARM_UP_COUNT + count) > len(hits):
        raise ValueError(f"{len(hits):,} pictures are too few for {count:,} different requests of each kind")
    for number in range(WARM_UP_COUNT + count):
        hit = hits[int(rng.integers(len(hits)))]
        # Each kind has pictures of its own, because a search leaves in memory what it has read.
        named_hit, uploaded_hit, combined_hit = (
            hits[int(positions[(number + part * len(hits) // 3) % len(hits)])] for part in range(3)
        )
        words = [word for word in hit["_source"]["page_text"]["text"].split() if word.isalpha() and len(word) > 4]
        text = " ".join(rng.choice(words, number % 3 + 1))
        vector = pack_vectors(
            {
                name: PackedVector(stamp, np.asarray(uploaded_hit["fields"][f"vectors.{name}"], np.float32))
                for name, stamp in stamps.items()
            }
        )
        requests = {
            "words": SearchRequest(query_text=text),
            "a picture": SearchRequest(like=(str(named_hit["_id"]),)),
            "an upload": SearchRequest(vector=(vector,)),
            "words and a picture": SearchRequest(query_text=text, like=(str(combined_hit["_id"]),)),
        }
        for kind, search_request in requests.items():
            yield MixedRequest(kind, f"/api/search?{search_request.query_string()}")
        yield MixedRequest("facets", "/api/facets", {"facet": "publisher", **_years(number)})


def _years(number: int) -> dict[str, str]:
    """Return years that no other number has; each filter leaves another part of the made books."""
    return {"year_from": str(1700 + number % YEARS), "year_to": str(1940 - number // YEARS)}


def measure_rows(url: str, searches: Sequence[MixedRequest], client_counts: Sequence[int]) -> Iterator[str]:
    """Yield a row for each kind of search and number of clients."""
    searches = warm_up(url, searches)
    for kind in KINDS:
        of_kind = [search for search in searches if search.kind == kind]
        size = len(of_kind) // len(client_counts)
        for number, clients in enumerate(client_counts):
            # None is sent twice, as Elasticsearch keeps counts and the service parts of texts.
            requests = of_kind[number * size : (number + 1) * size]
            start = time.monotonic()
            result = send_each(url, requests, clients)
            elapsed = time.monotonic() - start
            p50, p95 = statistics.median(result.all_seconds), percentile_95(result.all_seconds)
            yield f"| {kind} | {clients} | {p50 * 1000:.0f} | {p95 * 1000:.0f} | {result.count / elapsed:.0f} |"


def warm_up(url: str, searches: Sequence[MixedRequest]) -> Sequence[MixedRequest]:
    """Send the first searches, and return the others, which are to be measured."""
    count = WARM_UP_COUNT * len(KINDS)
    send_each(url, searches[:count], clients=1)
    return searches[count:]


def send_each(url: str, requests: Sequence[MixedRequest], clients: int) -> LoadResult:
    """Send as many requests as there are; raise RuntimeError if one failed."""
    result = asyncio.run(send_load(url, requests, clients, lambda result: result.count >= len(requests)))
    if result.failures:
        raise RuntimeError(result.failures[:3])
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the folder of a filled node")
    parser.add_argument("--alias", default=ALIAS)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--requests", type=int, default=REQUESTS, help="requests of each kind and number of clients")
    options = parser.parse_args()
    settings = Settings(data=options.folder / "data", alias=options.alias)
    with ElasticsearchNode(options.folder, Settings.from_environ().cache, HEAP) as node:
        searches = list(make_searches(node.url, options.alias, options.requests * len(options.clients)))
        with run_service(settings, node.url) as (url, _):
            print("| search | clients | p50 ms | p95 ms | searches a second |\n| --- | ---: | ---: | ---: | ---: |")
            for row in measure_rows(url, searches, options.clients):
                print(row, flush=True)


if __name__ == "__main__":
    main()
