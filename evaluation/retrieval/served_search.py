"""Recall and latency of the service's kNN clause on Elasticsearch, compared with an exact search."""

import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from api.elasticsearch.queries.knn import NUM_CANDIDATES, K, knn_clauses
from core.encoders import Vectors
from core.settings import Settings
from evaluation.retrieval.fusion import MethodVectors
from indexer.elasticsearch.client import ElasticsearchClient, connect, translate_errors
from indexer.elasticsearch.index import BULK_CHUNK_SIZE
from indexer.elasticsearch.mappings import index_body
from indexer.embedded import ElasticsearchNode, running_url

DEPTH = 10
MAX_QUERIES = 200
"""Queries per setting, spread over all queries."""


class KnnSetting(NamedTuple):
    """`k` and `num_candidates` of a kNN clause."""

    k: int
    num_candidates: int


SERVICE_SETTING = KnnSetting(K, NUM_CANDIDATES)
SETTING_SWEEP = (
    *(KnnSetting(DEPTH, num_candidates) for num_candidates in (10, 20, 50, 100, 200, 400, 800)),
    SERVICE_SETTING,
)

HNSW_INDEX, FLAT_INDEX = "bbq_hnsw", "flat"
"""The index type of the mapping, and one that compares every vector without rounding."""

COSINE_TOLERANCE = 1e-6
"""Cosines that differ by less count as equal, because copies of one file may come in any order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnnMeasurement:
    """The measurements of one model with one index type and one setting."""

    model: str
    index: str
    k: int
    candidates: int
    vectors: int
    recall: float
    """The share of the ten exact nearest neighbours that Elasticsearch returns."""
    compared: float
    """Median number of vectors compared; all of them without a graph."""
    took: float
    """Median of the milliseconds that Elasticsearch reports."""
    wall: float
    """Median of the milliseconds that the client waits."""

    @property
    def has_service_setting(self) -> bool:
        return self.index == HNSW_INDEX and KnnSetting(self.k, self.candidates) == SERVICE_SETTING


def measure_served_search(models: Mapping[str, MethodVectors], settings: Settings) -> list[KnnMeasurement]:
    """Measure each model with a graph for each number of candidates, and without a graph.

    Queries of the first kind are searched; those of the other kinds are indexed beside the pictures.
    """
    with running_node(settings) as url, connect(settings, url) as client, translate_errors(url):
        return [
            measurement
            for name, vectors in models.items()
            for measurement in _measure_model(client, settings.alias, name, vectors)
        ]


@contextmanager
def running_node(settings: Settings) -> Iterator[str]:
    """Yield the URL of the configured cluster, else of the running node, else of a temporary node."""
    if url := settings.elasticsearch_url or running_url(settings.data):
        yield url
        return
    with (
        tempfile.TemporaryDirectory(prefix="frontispiece-") as folder,
        ElasticsearchNode(Path(folder), settings.cache) as node,
    ):
        yield node.url


def _measure_model(client: ElasticsearchClient, alias: str, name: str, vectors: MethodVectors) -> list[KnnMeasurement]:
    first_queries, *other_queries = vectors.queries.values()
    indexed_vectors = np.concatenate([vectors.gallery, *other_queries])
    sampled_queries = first_queries[:: max(1, len(first_queries) // MAX_QUERIES)][:MAX_QUERIES]
    measurements: list[KnnMeasurement] = []
    for index_type, settings in ((HNSW_INDEX, SETTING_SWEEP), (FLAT_INDEX, (SERVICE_SETTING,))):
        with _temporary_index(client, alias, name, index_type) as index_name:
            _index_vectors(client, index_name, name, indexed_vectors)
            measurements += [
                _measure_setting(client, index_name, (name, index_type), setting, (indexed_vectors, sampled_queries))
                for setting in settings
            ]
    return measurements


@contextmanager
def _temporary_index(client: ElasticsearchClient, alias: str, model: str, index_type: str) -> Iterator[str]:
    """Create an index with the mapping of pictures, without a graph for `FLAT_INDEX`; delete it afterwards."""
    # The indexer's API key only allows index names that start with the alias.
    index_name, body = f"{alias}-evaluation-{uuid.uuid4().hex}", index_body("pictures")
    if index_type == FLAT_INDEX:
        body["mappings"]["properties"]["vectors"]["properties"][model]["index_options"] = {"type": FLAT_INDEX}
    client.indices.create(index=index_name, settings=body["settings"], mappings=body["mappings"])
    try:
        yield index_name
    finally:
        client.indices.delete(index=index_name)


def _index_vectors(client: ElasticsearchClient, index: str, model: str, vectors: Vectors) -> None:
    for start in range(0, len(vectors), BULK_CHUNK_SIZE):
        operations: list[dict[str, Any]] = []
        for number, row in enumerate(vectors[start : start + BULK_CHUNK_SIZE], start):
            operations += [{"index": {"_id": str(number)}}, {"vectors": {model: row.tolist()}}]
        client.bulk(index=index, operations=operations)
    client.indices.forcemerge(index=index, max_num_segments=1)
    client.indices.refresh(index=index)


def _measure_setting(
    client: ElasticsearchClient,
    index_name: str,
    names: tuple[str, str],
    setting: KnnSetting,
    vectors: tuple[Vectors, Vectors],
) -> KnnMeasurement:
    (model, index_type), (indexed_vectors, queries) = names, vectors
    exact_cosines = queries @ indexed_vectors.T
    min_cosines = np.sort(exact_cosines, axis=1)[:, -min(DEPTH, len(indexed_vectors))]
    recalls, operation_counts, took_times, wall_times = [], [], [], []
    for vector, cosines, min_cosine in zip(queries, exact_cosines, min_cosines, strict=True):
        body = _search_body(model, vector, setting)
        start_time = time.perf_counter()
        response = client.search(index=index_name, body=body)
        wall_times.append(1000 * (time.perf_counter() - start_time))
        took_times.append(float(response["took"]))
        hit_rows = [int(hit["_id"]) for hit in response["hits"]["hits"]]
        recalls.append(
            sum(cosines[row] >= min_cosine - COSINE_TOLERANCE for row in hit_rows) / min(DEPTH, len(indexed_vectors))
        )
        # Profiling takes time, so it is done in a second request.
        operation_counts.append(
            _count_compared_vectors(client.search(index=index_name, body={**body, "profile": True}).body)
        )
    return KnnMeasurement(
        model=model,
        index=index_type,
        k=setting.k,
        candidates=setting.num_candidates,
        vectors=len(indexed_vectors),
        recall=float(np.mean(recalls)),
        compared=len(indexed_vectors) if index_type == FLAT_INDEX else median(operation_counts),
        took=median(took_times),
        wall=median(wall_times),
    )


def _search_body(model: str, vector: Vectors, setting: KnnSetting) -> dict[str, Any]:
    """Return a search with the service's kNN clause at another setting."""
    (clause,) = knn_clauses({model: vector.tolist()}, [], {model: 1.0})
    return {
        "size": DEPTH,
        "_source": False,
        "knn": [{**clause, "k": setting.k, "num_candidates": setting.num_candidates}],
    }


def _count_compared_vectors(response: Mapping[str, Any]) -> int:
    return sum(
        knn_profile["vector_operations_count"]
        for shard in response["profile"]["shards"]
        for knn_profile in shard["dfs"]["knn"]
    )
