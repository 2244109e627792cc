"""Searches in 100,000 pictures: the API, its own searches sent directly, and a plain search for the same words.

    python -m benchmarks.search [--pictures 100000] [--keep FOLDER]

The first run generates the collection and keeps it, which takes about twenty minutes on two cores: in the cache, or in
the folder of `--keep`, where it stays also when documents change.
"""

import argparse
import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import httpx
import numpy as np

from api.autocomplete import suggestion_bodies
from api.elasticsearch.queries import named_pictures_query, similarity_query, split_counts
from api.elasticsearch.queries.clause import Body
from api.elasticsearch.queries.documents import documents_query, has_documents
from api.elasticsearch.queries.knn import RESCORING
from api.elasticsearch.scores import read_document_key
from api.search.filter_counts import filter_counts_query
from api.search.prepared_search import PreparedSearch
from api.search.query_syntax import parse_query_text
from api.search.request import SearchRequest
from api.search.typed_text import split_typed_text
from benchmarks.collection import DIMENSIONS, SyntheticCollection, row_number
from benchmarks.search_requests import (
    SAMPLED_DOCUMENTS_QUERY,
    SAMPLED_NAMES_QUERY,
    RequestKind,
    plain_body,
    request_kinds,
    typed_texts,
)
from benchmarks.service import BenchmarkService, run_service
from benchmarks.source_data import SHARED, SPECIMEN, read_alto_pages
from benchmarks.timing import (
    WARM_UP_COUNT,
    BenchmarkRow,
    TimedPair,
    format_milliseconds,
    markdown_table,
    measure_seconds,
)
from core.encoders.protocols import Vectors
from core.encoders.vectors import normalise_vectors

PICTURES = 100_000
REQUEST_COUNT = 90
CANDIDATE_COUNTS = (100, 200, 400)
QUERY_VECTOR_COUNT = 100


def search_rows(size: int = PICTURES, folder: Path | None = None) -> list[BenchmarkRow]:
    collection = SyntheticCollection(size, read_alto_pages(SHARED / "alto", SPECIMEN))
    vectors = collection.vectors()
    with run_service(collection, folder) as running_service, httpx.Client(timeout=60) as client:
        benchmark = SearchBenchmark(running_service, client)
        return [
            *benchmark.request_rows(vectors, size),
            benchmark.suggestion_row(size),
            *benchmark.recall_rows(vectors),
        ]


class SearchBenchmark:
    """Sends the same searches to the API and to its node, each once, with nothing of it in the node's cache."""

    def __init__(self, running_service: BenchmarkService, client: httpx.Client) -> None:
        self._service, self._client = running_service, client
        self._index_url = f"{running_service.node_url}/{running_service.settings.alias}"

    def request_rows(self, vectors: dict[str, Vectors], size: int) -> Iterator[BenchmarkRow]:
        hits = self._client.post(f"{self._index_url}/_search", json=SAMPLED_DOCUMENTS_QUERY).json()["hits"]["hits"]
        for kind in request_kinds(hits, vectors, WARM_UP_COUNT + REQUEST_COUNT):
            yield from self._rows_of_kind(kind, f"{kind.description}; {size:,} pictures")

    def _rows_of_kind(self, kind: RequestKind, description: str) -> Iterator[BenchmarkRow]:
        times = [self._time_request(kind, search_request) for search_request in kind.search_requests][WARM_UP_COUNT:]
        api, node, *plain = zip(*times, strict=True)
        yield _benchmark_row(description, TimedPair(api, node), "the same searches sent directly")
        if plain:
            yield _benchmark_row(description, TimedPair(api, plain[0]), "plain `multi_match` with the same facets")

    def _time_request(self, kind: RequestKind, search_request: SearchRequest) -> list[float]:
        """Return the seconds of the API, of the node, and of a plain search if there is one.

        They are sent in another order for each request, as the first one reads postings that the next find in memory.
        """
        prepared_search = asyncio.run(self._service.prepare_search(search_request))
        bodies = [body for body in split_counts(prepared_search.body) if body]
        if kind.has_new_filters:
            bodies.append(filter_counts_query(search_request))
        send_bodies = self._send_to_node(bodies)
        send_same = partial(self._send_same_to_node, send_bodies, search_request, prepared_search)
        searches = [self._send_to_api(search_request), send_same]
        if kind.has_plain_search:
            searches.append(self._send_to_node([plain_body(search_request, prepared_search.body["aggs"])]))
        first = kind.search_requests.index(search_request) % len(searches)
        order = [*range(first, len(searches)), *range(first)]
        seconds = {position: self._time_uncached(searches[position]) for position in order}
        return [seconds[position] for position in range(len(searches))]

    def _send_to_api(self, search_request: SearchRequest) -> Callable[[], httpx.Response]:
        return partial(self._client.get, f"{self._service.url}/api/search?{search_request.query_string()}")

    def _send_to_node(self, bodies: Sequence[Body]) -> Callable[[], httpx.Response]:
        lines = "".join(f"{{}}\n{json.dumps(body)}\n" for body in bodies)
        return partial(
            self._client.post,
            f"{self._index_url}/_msearch",
            params={"include_named_queries_score": "true"},
            content=lines,
            headers={"content-type": "application/x-ndjson"},
        )

    def _send_same_to_node(
        self,
        send_bodies: Callable[[], httpx.Response],
        search_request: SearchRequest,
        prepared_search: PreparedSearch,
    ) -> httpx.Response:
        """Send what the API sends, in the same number of requests, and read only what the next one needs."""
        if search_request.like:
            self._post("_search", named_pictures_query(search_request.like)).raise_for_status()
        response = send_bodies().raise_for_status()
        if has_documents(prepared_search.body):
            return response
        hits = response.json()["responses"][0]["hits"]["hits"]
        models = prepared_search.vectors.keys()
        if others := [read_document_key(hit) for hit in hits if models - hit.get("matched_queries", {}).keys()]:
            self._post("_search", similarity_query(prepared_search.vectors, others)).raise_for_status()
        shown = [read_document_key(hit) for hit in hits[: search_request.size]]
        return self._post("_search", documents_query(shown)) if shown else response

    def _post(self, path: str, body: Body) -> httpx.Response:
        return self._client.post(f"{self._index_url}/{path}", json=body, params={"include_named_queries_score": "true"})

    def _time_uncached(self, send: Callable[[], httpx.Response]) -> float:
        """Return the seconds of a request whose counts Elasticsearch has not kept.

        It keeps its filters, which searches of readers have in common: without `fields` they would be cleared too.
        """
        counts_only = {"request": "true", "fields": "document"}
        self._client.post(f"{self._index_url}/_cache/clear", params=counts_only).raise_for_status()
        return measure_seconds(lambda: send().raise_for_status())

    def suggestion_row(self, size: int) -> BenchmarkRow:
        """Time the suggestions for the first letters of words of titles and names, and the same searches alone."""
        response = self._client.post(f"{self._index_url}/_search", json=SAMPLED_NAMES_QUERY).json()
        typed = list(typed_texts(response["hits"]["hits"], WARM_UP_COUNT + REQUEST_COUNT))
        times = [
            (
                self._time_uncached(partial(self._client.get, f"{self._service.url}/api/suggest", params={"q": text})),
                self._time_uncached(
                    self._send_to_node(suggestion_bodies(split_typed_text(text), parse_query_text(text)))
                ),
            )
            for text in typed
        ]
        api, node = zip(*times[WARM_UP_COUNT:], strict=True)
        description = f"suggestions while typing; {size:,} pictures"
        return _benchmark_row(description, TimedPair(api, node), "the same searches sent directly")

    def recall_rows(self, vectors: dict[str, Vectors]) -> list[BenchmarkRow]:
        return [self._recall_row(name, vectors[name]) for name in DIMENSIONS]

    def _recall_row(self, model: str, vectors: Vectors) -> BenchmarkRow:
        """Measure recall for new vectors near those of the collection.

        Such clusters are easy for the graph; the row does not show how many candidates real vectors need.
        """
        rng = np.random.default_rng(2)
        query_vectors = vectors[rng.integers(len(vectors), size=QUERY_VECTOR_COUNT)]
        query_vectors = normalise_vectors(
            query_vectors + rng.standard_normal(query_vectors.shape, np.float32) * 0.3 / np.sqrt(query_vectors.shape[1])
        )
        exact_neighbours = np.argsort(-(query_vectors @ vectors.T))[:, :10]
        neighbours_by_count = {
            count: [self._search_nearest(model, vector.tolist(), count) for vector in query_vectors]
            for count in CANDIDATE_COUNTS
        }
        shares = [
            f"{_mean_recall(exact_neighbours.tolist(), approximate_neighbours):.3f}"
            for approximate_neighbours in neighbours_by_count.values()
        ]
        counts = " / ".join(map(str, CANDIDATE_COUNTS))
        return BenchmarkRow(
            f"`{model}`, synthetic vectors: recall@10 with num_candidates {counts}",
            " / ".join(shares),
            "exact search: 1",
        )

    def _search_nearest(self, model: str, vector: list[float], candidates: int) -> list[int]:
        clause = {
            "field": f"vectors.{model}",
            "query_vector": vector,
            "k": 10,
            "num_candidates": candidates,
            "rescore_vector": RESCORING,
        }
        body = {"size": 10, "_source": False, "knn": clause}
        hits = self._client.post(f"{self._index_url}/_search", json=body).json()["hits"]["hits"]
        return [row_number(hit["_id"]) for hit in hits]


def _benchmark_row(description: str, pair: TimedPair, lower_bound: str) -> BenchmarkRow:
    return BenchmarkRow(
        description,
        format_milliseconds(pair.ours),
        f"{lower_bound} {format_milliseconds(pair.bare)}",
        pair.ratio,
        pair.tail_ratio,
    )


def _mean_recall(exact_neighbours: Sequence[Sequence[int]], approximate_neighbours: Sequence[Sequence[int]]) -> float:
    """Return recall@10, the mean over the queries."""
    neighbour_pairs = zip(exact_neighbours, approximate_neighbours, strict=True)
    return float(np.mean([len({*exact} & {*nearest}) / 10 for exact, nearest in neighbour_pairs]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=PICTURES)
    parser.add_argument(
        "--keep", type=Path, help="the folder of the collection, which is used as it is if it is filled"
    )
    options = parser.parse_args()
    print(markdown_table(search_rows(options.pictures, options.keep)))


if __name__ == "__main__":
    main()
