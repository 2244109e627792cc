"""Searches in 100,000 pictures: the API compared with its own request sent directly, the graph with an exact search.

    python -m benchmarks.search [--pictures 100000]

The first run generates the collection and keeps it in the cache, which takes about twenty minutes on two cores.
"""

import argparse
import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import httpx
import numpy as np

from api.search.filter_values import FilterValues
from api.search.request import SearchRequest
from benchmarks.collection import DIMENSIONS, SyntheticCollection, row_number
from benchmarks.service import BenchmarkService, run_service
from benchmarks.source_data import SHARED, SPECIMEN, read_alto_pages
from benchmarks.timing import BenchmarkRow, TimedPair, format_milliseconds, markdown_table, time_alternately
from core.encoders.protocols import Vectors
from core.encoders.vectors import normalise_vectors

PICTURES = 100_000
REQUEST_COUNT = 30
ROUNDS = 5
CANDIDATE_COUNTS = (100, 200, 400)
QUERY_VECTOR_COUNT = 100


def search_rows(size: int = PICTURES) -> list[BenchmarkRow]:
    collection = SyntheticCollection(size, read_alto_pages(SHARED / "alto", SPECIMEN))
    with run_service(collection) as running_service, httpx.Client(timeout=60) as client:
        benchmark = SearchBenchmark(running_service, client)
        return [*benchmark.request_rows(size), *benchmark.recall_rows(collection)]


class SearchBenchmark:
    """Sends the same searches to the API and to its node."""

    def __init__(self, running_service: BenchmarkService, client: httpx.Client) -> None:
        self._service, self._client = running_service, client
        self._search_url = f"{running_service.node_url}/{running_service.settings.alias}/_search"

    def request_rows(self, size: int) -> list[BenchmarkRow]:
        search_requests = self._build_requests()
        request_variants: Mapping[str, Callable[[SearchRequest], SearchRequest]] = {
            "words": lambda search_request: SearchRequest(query_text=search_request.query_text),
            "a picture, two models": lambda search_request: SearchRequest(like=search_request.like),
            "mixed: words, a picture, two models, three filters": lambda search_request: search_request,
        }
        variant_rows = [
            self._benchmark_row(
                f"{description}; facets, {size:,} pictures",
                [make_variant(search_request) for search_request in search_requests],
            )
            for description, make_variant in request_variants.items()
        ]
        # These years were not searched before, so their counts are in no cache.
        unseen_requests = [
            replace(search_request, year_from=1000 + number) for number, search_request in enumerate(search_requests)
        ]
        return [
            *variant_rows,
            self._benchmark_row("mixed, with filters that no request has used before", unseen_requests, 0),
        ]

    def _benchmark_row(
        self, description: str, search_requests: Sequence[SearchRequest], rounds: int = ROUNDS
    ) -> BenchmarkRow:
        """Time the requests; without rounds, each is sent once, with cold caches."""
        timed_pairs = [self._time_request(search_request, rounds) for search_request in search_requests]
        all_times = TimedPair(
            [time for pair in timed_pairs for time in pair.ours],
            [time for pair in timed_pairs for time in pair.bare],
        )
        return BenchmarkRow(
            description,
            format_milliseconds(all_times.ours),
            f"same request sent directly {format_milliseconds(all_times.bare)}",
            all_times.ratio,
        )

    def _time_request(self, search_request: SearchRequest, rounds: int) -> TimedPair:
        body = asyncio.run(self._service.prepare_search(search_request)).body
        search_url = f"{self._service.url}/api/search?{search_request.query_string()}"
        send_bare = partial(
            self._client.post, self._search_url, params={"include_named_queries_score": "true"}, json=body
        )
        return time_alternately(
            lambda: self._client.get(search_url).raise_for_status(),
            lambda: send_bare().raise_for_status(),
            rounds,
            without_warm_up=not rounds,
        )

    def _build_requests(self) -> list[SearchRequest]:
        """Return requests with words of a page, a similar picture, and filters that match part of the collection."""
        rng = np.random.default_rng(1)
        body = {"size": 10_000, "_source": ["page_text.text", "language"], "query": {"match_all": {}}}
        hits = self._client.post(self._search_url, json=body).json()["hits"]["hits"]
        search_requests = []
        for number, hit in enumerate(rng.choice(np.array(hits, dtype=object), REQUEST_COUNT, replace=False)):
            words = [word for word in hit["_source"]["page_text"]["text"].split() if word.isalpha() and len(word) > 4]
            search_requests.append(
                SearchRequest(
                    query_text=" ".join(rng.choice(words, number % 3 + 1)),
                    like=(str(hits[rng.integers(len(hits))]["_id"]),),
                    filters=FilterValues(language=hit["_source"]["language"], type=("book", "newspaper", "periodical")),
                    year_from=1800,
                    year_to=1900,
                )
            )
        return search_requests

    def recall_rows(self, collection: SyntheticCollection) -> list[BenchmarkRow]:
        vectors = collection.vectors()
        return [self._recall_row(name, vectors[name]) for name in DIMENSIONS]

    def _recall_row(self, model: str, vectors: Vectors) -> BenchmarkRow:
        """Measure recall for new vectors near those of the collection.

        Such clusters are easy for the graph: at 25 candidates, only the rounding to eight bits costs recall. The row
        does not show how many candidates real vectors need.
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
        clause = {"field": f"vectors.{model}", "query_vector": vector, "k": 10, "num_candidates": candidates}
        body = {"size": 10, "_source": False, "knn": clause}
        hits = self._client.post(self._search_url, json=body).json()["hits"]["hits"]
        return [row_number(hit["_id"]) for hit in hits]


def _mean_recall(exact_neighbours: Sequence[Sequence[int]], approximate_neighbours: Sequence[Sequence[int]]) -> float:
    """Return recall@10, the mean over the queries."""
    neighbour_pairs = zip(exact_neighbours, approximate_neighbours, strict=True)
    return float(np.mean([len({*exact} & {*nearest}) / 10 for exact, nearest in neighbour_pairs]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=PICTURES)
    print(markdown_table(search_rows(parser.parse_args().pictures)))


if __name__ == "__main__":
    main()
