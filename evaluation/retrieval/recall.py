"""Recall, latency and size of the ways to index vectors, with and without filters, on one node."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from api.elasticsearch.queries.knn import K
from core.encoders import Vectors
from core.encoders.vectors import normalise_vectors
from evaluation.retrieval.served_search import COSINE_TOLERANCE
from evaluation.retrieval.vector_indices import PARTS, VectorIndex, VectorIndexType, build_index, part_filter
from indexer.elasticsearch.client import ElasticsearchClient

SHARES = (1.0, 0.5, 0.1, 0.01)
"""Shares of the documents that a filter keeps."""
DEPTHS = (10, K)
"""Nearest neighbours of which recall is measured: of the first hits, and of all that the service asks for."""
SPREAD = 0.5
"""Length of the noise in a made vector, beside the real one of length 1 that it starts from."""
MIXED_VECTORS = 1000
"""Real vectors that the noise is mixed from."""
SEED = 0


class SearchSetting(NamedTuple):
    """How one search goes through the graph."""

    num_candidates: int
    oversample: float | None = None
    """So many times `k` are compared once more by their exact vectors; None for what the index does by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallMeasurement:
    """One way to search one index."""

    index: VectorIndex
    setting: SearchSetting
    recalls: Mapping[tuple[float, int], float]
    """(share that the filter keeps, depth) → mean share of the exact nearest neighbours that are found."""
    milliseconds: float
    """Median for one client without a filter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallResults:
    model: str
    vectors: int
    queries: int
    indices: Sequence[VectorIndex]
    measurements: Sequence[RecallMeasurement]
    unknown_types: Sequence[VectorIndexType] = ()
    """What the server does not have."""


@dataclass(slots=True)
class _Tally:
    recalls: dict[tuple[float, int], list[float]] = field(default_factory=dict)
    milliseconds: list[float] = field(default_factory=list)


def make_vectors(vectors: Vectors, count: int) -> Vectors:
    """Return made vectors with the directions of real ones: each is a real one with noise along the others' axes."""
    generator = np.random.default_rng(SEED)
    differences = (vectors - vectors.mean(axis=0))[generator.permutation(len(vectors))[:MIXED_VECTORS]]
    # A mixture of the differences between real vectors has their covariance.
    weights = generator.normal(size=(count, len(differences))).astype(np.float32)
    noise = normalise_vectors(weights @ differences)
    return normalise_vectors(vectors[generator.integers(len(vectors), size=count)] + SPREAD * noise)


def search_settings(
    index_type: VectorIndexType, candidates: Sequence[int], oversamples: Sequence[float]
) -> Iterator[SearchSetting]:
    """Yield the settings that the index allows: only rounded vectors can be compared once more."""
    for num_candidates in candidates:
        yield SearchSetting(num_candidates)
        if index_type.is_quantised:
            yield from (SearchSetting(num_candidates, oversample) for oversample in oversamples)


def measure_recall(
    client: ElasticsearchClient,
    alias: str,
    index_types: Sequence[VectorIndexType],
    settings: tuple[Sequence[int], Sequence[float]],
    vectors: tuple[str, Vectors, Vectors],
) -> RecallResults:
    """Measure each type of index with each setting: `settings` are candidates and oversamplings.

    `vectors` are the model, the vectors to index, and those to search with. All searches of a query follow each other,
    so that other load affects each setting alike.
    """
    model, indexed_vectors, queries = vectors
    parts = np.random.default_rng(SEED).permutation(np.arange(len(indexed_vectors)) % PARTS)
    with ExitStack() as stack:
        built = [
            stack.enter_context(build_index(client, alias, index_type, indexed_vectors, parts.tolist()))
            for index_type in index_types
        ]
        indices = [index for index in built if index]
        searches = [(index, setting) for index in indices for setting in search_settings(index.index_type, *settings)]
        tallies = [_Tally() for _ in searches]
        for query in queries:
            for share in SHARES:
                # Documents that the filter leaves out are behind all others.
                cosines = np.where(parts < round(share * PARTS), indexed_vectors @ query, -np.inf)
                for (index, setting), tally in zip(searches, tallies, strict=True):
                    _search(client, index, setting, (query, share, cosines), tally)
        return RecallResults(
            model=model,
            vectors=len(indexed_vectors),
            queries=len(queries),
            indices=indices,
            measurements=[
                RecallMeasurement(
                    index=index,
                    setting=setting,
                    recalls={key: float(np.mean(values)) for key, values in tally.recalls.items()},
                    milliseconds=median(tally.milliseconds),
                )
                for (index, setting), tally in zip(searches, tallies, strict=True)
            ],
            unknown_types=[index_type for index_type, index in zip(index_types, built, strict=True) if index is None],
        )


def _search(
    client: ElasticsearchClient,
    index: VectorIndex,
    setting: SearchSetting,
    request: tuple[Vectors, float, Vectors],
    tally: _Tally,
) -> None:
    query, share, cosines = request
    body = search_body(index.index_type, query, setting, share)
    start_time = time.perf_counter()
    response = client.search(index=index.index_name, body=body)
    if share == 1:
        tally.milliseconds.append(1000 * (time.perf_counter() - start_time))
    hit_rows = np.array([int(hit["_id"]) for hit in response["hits"]["hits"]], dtype=np.intp)
    for depth in DEPTHS:
        tally.recalls.setdefault((share, depth), []).append(recall(cosines, hit_rows, depth))


def recall(cosines: Vectors, hit_rows: npt.NDArray[np.intp], depth: int) -> float:
    """Return the share of the `depth` nearest rows that the first `depth` hits are; a row at -inf is no neighbour."""
    depth = min(depth, int(np.isfinite(cosines).sum()))
    if depth == 0:
        return 1.0
    min_cosine = np.sort(cosines)[-depth]
    return int(np.sum(cosines[hit_rows[:depth]] >= min_cosine - COSINE_TOLERANCE)) / depth


def search_body(
    index_type: VectorIndexType, query: Vectors, setting: SearchSetting, share: float = 1.0
) -> dict[str, Any]:
    """Return the search for the `K` nearest vectors."""
    clause: dict[str, Any] = {
        "field": "vector",
        "query_vector": index_type.encode(query).tolist(),
        "k": K,
        "num_candidates": setting.num_candidates,
        "filter": part_filter(share),
    }
    if setting.oversample is not None:
        clause["rescore_vector"] = {"oversample": setting.oversample}
    return {"size": K, "_source": False, "knn": clause}
