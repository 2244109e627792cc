"""The search that is served, against the exact one: throw-away indices on a node, the service's own kNN clause."""

import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np
from elasticsearch import Elasticsearch
from matplotlib.figure import Figure

from api.elasticsearch.queries.knn import NUM_CANDIDATES, K, knn_clauses
from core.encoders import Vectors
from core.settings import Settings
from evaluation.reporting.plots import SIZE, render_svg
from evaluation.reporting.tables import Cell, Table, percent
from evaluation.retrieval.fusion import MethodVectors
from indexer.elasticsearch.client import connect, translate_errors
from indexer.elasticsearch.index import BULK_CHUNK_SIZE
from indexer.elasticsearch.mappings import index_body
from indexer.embedded import ElasticsearchNode, running_url

DEPTH = 10
MAX_QUERIES = 200
"""Queries per setting, spread over all: their median is steady, and the report is not kept waiting."""


class KnnSetting(NamedTuple):
    """`k` and `num_candidates` of a kNN clause."""

    k: int
    num_candidates: int


SERVED_SETTING = KnnSetting(K, NUM_CANDIDATES)
SETTING_SWEEP = (
    *(KnnSetting(DEPTH, num_candidates) for num_candidates in (10, 20, 50, 100, 200, 400, 800)),
    SERVED_SETTING,
)

HNSW_INDEX, FLAT_INDEX = "int8_hnsw", "flat"
"""What the product's mapping says; every vector compared, unrounded."""

COSINE_TOLERANCE = 1e-6
"""Cosines that differ by less are equal: copies of one file stand in any order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnnMeasurement:
    """One model in one kind of index at one setting."""

    model: str
    index: str
    k: int
    candidates: int
    vectors: int
    recall: float
    """Of the exact search's first ten, the share that is among the ten that Elasticsearch gives."""
    compared: float
    """Vectors that the graph looked at, median; all of them where there is no graph."""
    took: float
    """Milliseconds inside Elasticsearch, median of whole ones."""
    wall: float
    """Milliseconds as the client waits, median."""

    @property
    def is_served(self) -> bool:
        return self.index == HNSW_INDEX and KnnSetting(self.k, self.candidates) == SERVED_SETTING


def measure_served_search(models: Mapping[str, MethodVectors], settings: Settings) -> list[KnnMeasurement]:
    """Recall and latency of each model: the graph for each number of candidates, and without a graph.

    Asked are the queries of the first kind; those of all others lie in the index beside the pictures.
    """
    with _running_node(settings) as url, connect(settings, url) as client, translate_errors(url):
        return [
            measurement
            for name, vectors in models.items()
            for measurement in _measure_model(client, settings.alias, name, vectors)
        ]


@contextmanager
def _running_node(settings: Settings) -> Iterator[str]:
    """The cluster of the settings, else the node that runs, else one for as long as this takes."""
    if url := settings.elasticsearch_url or running_url(settings.data):
        yield url
        return
    with (
        tempfile.TemporaryDirectory(prefix="frontispiece-") as folder,
        ElasticsearchNode(Path(folder), settings.cache) as node,
    ):
        yield node.url


def _measure_model(client: Elasticsearch, alias: str, name: str, vectors: MethodVectors) -> list[KnnMeasurement]:
    first_queries, *other_queries = vectors.queries.values()
    indexed_vectors = np.concatenate([vectors.gallery, *other_queries])
    sampled_queries = first_queries[:: max(1, len(first_queries) // MAX_QUERIES)][:MAX_QUERIES]
    measurements: list[KnnMeasurement] = []
    for index_type, settings in ((HNSW_INDEX, SETTING_SWEEP), (FLAT_INDEX, (SERVED_SETTING,))):
        with _temporary_index(client, alias, name, index_type) as index_name:
            _index_vectors(client, index_name, name, indexed_vectors)
            measurements += [
                _measure_setting(client, index_name, (name, index_type), setting, (indexed_vectors, sampled_queries))
                for setting in settings
            ]
    return measurements


@contextmanager
def _temporary_index(client: Elasticsearch, alias: str, model: str, index_type: str) -> Iterator[str]:
    """The product's index with one shard, the model's field without a graph where that is asked."""
    # The indexer's key may make indices below the installation's name alone.
    index_name, body = f"{alias}-evaluation-{uuid.uuid4().hex}", index_body("pictures")
    if index_type == FLAT_INDEX:
        body["mappings"]["properties"]["vectors"]["properties"][model]["index_options"] = {"type": FLAT_INDEX}
    client.indices.create(index=index_name, settings=body["settings"], mappings=body["mappings"])
    try:
        yield index_name
    finally:
        client.indices.delete(index=index_name)


def _index_vectors(client: Elasticsearch, index: str, model: str, vectors: Vectors) -> None:
    for start in range(0, len(vectors), BULK_CHUNK_SIZE):
        operations: list[dict[str, Any]] = []
        for number, row in enumerate(vectors[start : start + BULK_CHUNK_SIZE], start):
            operations += [{"index": {"_id": str(number)}}, {"vectors": {model: row.tolist()}}]
        client.bulk(index=index, operations=operations)
    client.indices.forcemerge(index=index, max_num_segments=1)
    client.indices.refresh(index=index)


def _measure_setting(
    client: Elasticsearch,
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
        # Asked again: a profile costs time.
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
    """The service's clause at another setting."""
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


def table(measurements: Sequence[KnnMeasurement]) -> Table:
    """Recall against latency; the service's own setting is marked."""
    rows: list[list[Cell]] = [
        [
            f"{measurement.model}, {measurement.index}" + (" (served)" if measurement.is_served else ""),
            measurement.k,
            measurement.candidates if measurement.index == HNSW_INDEX else "",
            percent(measurement.recall),
            f"{measurement.compared:.0f}",
            f"{measurement.took:g}",
            f"{measurement.wall:.1f}",
        ]
        for measurement in measurements
    ]
    columns = ["model, index", "k", "candidates", f"recall@{DEPTH}", "vectors compared", "ms inside", "ms in all"]
    return Table(title="The search that is served", columns=columns, rows=rows, note=caption(measurements))


def caption(measurements: Sequence[KnnMeasurement]) -> str:
    count = max((measurement.vectors for measurement in measurements), default=0)
    return (
        f"{count:,} vectors on one shard: the pictures and, where those were measured, their altered copies, which "
        "makes neighbours closer than different pictures are; recall is against the exact search over the same "
        "vectors. So few say how the graph loses, not how fast a library's index is: there the exact search's time "
        "grows with every vector and the graph's hardly. "
        "Milliseconds are medians of one client on this machine."
    )


def plot(measurements: Sequence[KnnMeasurement]) -> str:
    """Recall over the milliseconds that a client waits, each point with its number of candidates."""
    figure = Figure(figsize=SIZE)
    axes = figure.add_subplot()
    for model in dict.fromkeys(measurement.model for measurement in measurements):
        hnsw_measurements = [
            measurement
            for measurement in measurements
            if (measurement.model, measurement.index) == (model, HNSW_INDEX) and measurement.k == DEPTH
        ]
        _plot_points(axes, hnsw_measurements, f"{model}, {HNSW_INDEX}, k {DEPTH}", "o-")
        _plot_points(
            axes,
            [measurement for measurement in measurements if measurement.model == model and measurement.is_served],
            f"{model}, served",
            "*",
        )
        flat_measurements = [
            measurement for measurement in measurements if (measurement.model, measurement.index) == (model, FLAT_INDEX)
        ]
        _plot_points(axes, flat_measurements, f"{model}, exact ({FLAT_INDEX})", "s")
    axes.set_xlabel("milliseconds as the client waits, median")
    axes.set_ylabel(f"recall@{DEPTH}")
    count = max((measurement.vectors for measurement in measurements), default=0)
    axes.set_title(f"Recall against latency: {count:,} vectors, too few to tell a library's index by")
    axes.grid(alpha=0.3)
    axes.legend()
    return render_svg(figure)


def _plot_points(axes: Any, measurements: Sequence[KnnMeasurement], label: str, style: str) -> None:
    axes.plot(
        [measurement.wall for measurement in measurements],
        [measurement.recall for measurement in measurements],
        style,
        label=label,
    )
    for measurement in measurements:
        if measurement.index == HNSW_INDEX:
            axes.annotate(
                str(measurement.candidates),
                (measurement.wall, measurement.recall),
                fontsize=7,
                xytext=(3, -9),
                textcoords="offset points",
            )


def figures(measurements: Sequence[KnnMeasurement]) -> list[dict[str, Any]]:
    return [asdict(measurement) for measurement in measurements]
