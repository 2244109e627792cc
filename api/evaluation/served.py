"""The search that is served, against the exact one: a throw-away index on the node, the service's own kNN clause."""

import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any

import numpy as np

from api.evaluation.tables import Cell, Table, percent
from api.queries.pictures import NUM_CANDIDATES, knn
from indexer.cli import elasticsearch_url
from indexer.encoders import Encoder, Vectors
from indexer.index import connect, explained
from indexer.mappings import mapping
from indexer.settings import Settings

SWEEP = (100, 200, 400, 800, 1600)
"""`num_candidates`; fewer than the clause's own `k` Elasticsearch refuses."""
DEPTH = 10
BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One model at one number of candidates."""

    model: str
    candidates: int
    recall: float
    """Of the exact search's first ten, the share that the service finds among its first ten."""
    top_1: float
    top_10: float
    took: float
    """Milliseconds inside Elasticsearch, median."""
    wall: float
    """Milliseconds as the client waits, median."""


def measure_served(
    encoders: Sequence[Encoder],
    gallery: dict[str, Vectors],
    queries: dict[str, Vectors],
    digests: Sequence[str],
    settings: Settings,
) -> list[Served]:
    """Recall and latency of each model for each number of candidates."""
    url = elasticsearch_url(settings)
    with connect(settings, url) as client, explained(url), _throw_away(client) as index:
        _fill(client, index, gallery, len(digests))
        return [
            _measured(
                partial(client.search, index=index),
                encoder.name,
                candidates,
                (gallery[encoder.name], queries[encoder.name]),
                digests,
            )
            for encoder in encoders
            for candidates in SWEEP
        ]


def table(measured: Sequence[Served]) -> Table:
    """Recall against latency; the service's own setting is marked."""
    rows: list[list[Cell]] = [
        [
            each.model + (" (served)" if each.candidates == NUM_CANDIDATES else ""),
            each.candidates,
            percent(each.recall),
            percent(each.top_1),
            percent(each.top_10),
            round(each.took, 1),
            round(each.wall, 1),
        ]
        for each in measured
    ]
    columns = ["model", "candidates", f"recall@{DEPTH}", "top-1", "top-10", "ms inside", "ms in all"]
    note = (
        "int8 HNSW as in the product's mapping, one client; recall is against the exact search over the same vectors."
    )
    return Table(title="The search that is served", columns=columns, rows=rows, note=note)


@contextmanager
def _throw_away(client: Any) -> Iterator[str]:
    index = f"evaluation-{uuid.uuid4().hex}"
    body = mapping("pictures")
    client.indices.create(index=index, settings=body["settings"], mappings=body["mappings"])
    try:
        yield index
    finally:
        client.indices.delete(index=index)


def _fill(client: Any, index: str, gallery: dict[str, Vectors], count: int) -> None:
    for start in range(0, count, BATCH):
        operations: list[dict[str, Any]] = []
        for number in range(start, min(start + BATCH, count)):
            vectors = {name: rows[number].tolist() for name, rows in gallery.items()}
            operations += [{"index": {"_id": str(number)}}, {"vectors": vectors}]
        client.bulk(index=index, operations=operations)
    client.indices.forcemerge(index=index, max_num_segments=1)
    client.indices.refresh(index=index)


def _measured(
    search: Callable[..., Any],
    model: str,
    candidates: int,
    vectors: tuple[Vectors, Vectors],
    digests: Sequence[str],
) -> Served:
    gallery, queries = vectors
    found, times, walls = [], [], []
    for vector in queries:
        started = time.perf_counter()
        answer = search(body=_body(model, vector, candidates))
        walls.append(1000 * (time.perf_counter() - started))
        times.append(float(answer["took"]))
        found.append([int(hit["_id"]) for hit in answer["hits"]["hits"]])
    exact = np.argsort(-(queries @ gallery.T), axis=1, kind="stable")[:, :DEPTH]
    shared = [len(set(exact[number].tolist()) & set(each)) for number, each in enumerate(found)]
    hits = [[digests[place] == digests[number] for place in each] for number, each in enumerate(found)]
    return Served(
        model=model,
        candidates=candidates,
        recall=sum(shared) / exact.size,
        top_1=float(np.mean([each[:1] == [True] for each in hits])),
        top_10=float(np.mean([any(each) for each in hits])),
        took=median(times),
        wall=median(walls),
    )


def _body(model: str, vector: np.ndarray, candidates: int) -> dict[str, Any]:
    """The service's clause with another number of candidates."""
    (clause,) = knn({model: vector.tolist()}, [], {model: 1.0})
    return {"size": DEPTH, "_source": False, "knn": [{**clause, "num_candidates": candidates}]}
