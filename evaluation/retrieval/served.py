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

from api.elasticsearch.queries.pictures import NUM_CANDIDATES, K, knn
from core.encoders import Vectors
from core.settings import Settings
from evaluation.reporting.plots import SIZE, svg
from evaluation.reporting.tables import Cell, Table, percent
from evaluation.retrieval.fusion import Seen
from indexer.elasticsearch.index import BULK_DOCUMENTS, connect, explained
from indexer.elasticsearch.mappings import mapping
from indexer.embedded import ElasticsearchNode, running_url

DEPTH = 10
ASKED = 200
"""Queries per setting, spread over all: their median is steady, and the report is not kept waiting."""


class Setting(NamedTuple):
    """`k` and `num_candidates` of a kNN clause."""

    k: int
    candidates: int


SERVED = Setting(K, NUM_CANDIDATES)
SWEEP = (*(Setting(DEPTH, candidates) for candidates in (10, 20, 50, 100, 200, 400, 800)), SERVED)

GRAPH, FLAT = "int8_hnsw", "flat"
"""What the product's mapping says; every vector compared, unrounded."""

AS_GOOD = 1e-6
"""Cosines that differ by less are equal: copies of one file stand in any order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
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
        return self.index == GRAPH and Setting(self.k, self.candidates) == SERVED


def measure_served(models: Mapping[str, Seen], settings: Settings) -> list[Served]:
    """Recall and latency of each model: the graph for each number of candidates, and without a graph.

    Asked are the queries of the first kind; those of all others lie in the index beside the pictures.
    """
    with _node(settings) as url, connect(settings, url) as client, explained(url):
        return [each for name, one in models.items() for each in _model(client, settings.alias, name, one)]


@contextmanager
def _node(settings: Settings) -> Iterator[str]:
    """The cluster of the settings, else the node that runs, else one for as long as this takes."""
    if url := settings.elasticsearch_url or running_url(settings.data):
        yield url
        return
    with (
        tempfile.TemporaryDirectory(prefix="frontispiece-") as folder,
        ElasticsearchNode(Path(folder), settings.cache) as node,
    ):
        yield node.url


def _model(client: Elasticsearch, alias: str, name: str, one: Seen) -> list[Served]:
    asked, *others = one.queries.values()
    there = np.concatenate([one.gallery, *others])
    queries = asked[:: max(1, len(asked) // ASKED)][:ASKED]
    found: list[Served] = []
    for index, sweep in ((GRAPH, SWEEP), (FLAT, (SERVED,))):
        with _throw_away(client, alias, name, index) as own:
            _fill(client, own, name, there)
            found += [_measured(client, own, (name, index), setting, (there, queries)) for setting in sweep]
    return found


@contextmanager
def _throw_away(client: Elasticsearch, alias: str, model: str, index: str) -> Iterator[str]:
    """The product's index with one shard, the model's field without a graph where that is asked."""
    # The indexer's key may make indices below the installation's name alone.
    name, body = f"{alias}-evaluation-{uuid.uuid4().hex}", mapping("pictures")
    if index == FLAT:
        body["mappings"]["properties"]["vectors"]["properties"][model]["index_options"] = {"type": FLAT}
    client.indices.create(index=name, settings=body["settings"], mappings=body["mappings"])
    try:
        yield name
    finally:
        client.indices.delete(index=name)


def _fill(client: Elasticsearch, index: str, model: str, vectors: Vectors) -> None:
    for start in range(0, len(vectors), BULK_DOCUMENTS):
        operations: list[dict[str, Any]] = []
        for number, row in enumerate(vectors[start : start + BULK_DOCUMENTS], start):
            operations += [{"index": {"_id": str(number)}}, {"vectors": {model: row.tolist()}}]
        client.bulk(index=index, operations=operations)
    client.indices.forcemerge(index=index, max_num_segments=1)
    client.indices.refresh(index=index)


def _measured(
    client: Elasticsearch, alias: str, names: tuple[str, str], setting: Setting, vectors: tuple[Vectors, Vectors]
) -> Served:
    (model, index), (there, queries) = names, vectors
    exact = queries @ there.T
    tenth = np.sort(exact, axis=1)[:, -min(DEPTH, len(there))]
    shares, compared, times, walls = [], [], [], []
    for vector, cosines, least in zip(queries, exact, tenth, strict=True):
        body = _body(model, vector, setting)
        started = time.perf_counter()
        answer = client.search(index=alias, body=body)
        walls.append(1000 * (time.perf_counter() - started))
        times.append(float(answer["took"]))
        places = [int(hit["_id"]) for hit in answer["hits"]["hits"]]
        shares.append(sum(cosines[place] >= least - AS_GOOD for place in places) / min(DEPTH, len(there)))
        # Asked again: a profile costs time.
        compared.append(_compared(client.search(index=alias, body={**body, "profile": True}).body))
    return Served(
        model=model,
        index=index,
        k=setting.k,
        candidates=setting.candidates,
        vectors=len(there),
        recall=float(np.mean(shares)),
        compared=len(there) if index == FLAT else median(compared),
        took=median(times),
        wall=median(walls),
    )


def _body(model: str, vector: Vectors, setting: Setting) -> dict[str, Any]:
    """The service's clause at another setting."""
    (clause,) = knn({model: vector.tolist()}, [], {model: 1.0})
    return {
        "size": DEPTH,
        "_source": False,
        "knn": [{**clause, "k": setting.k, "num_candidates": setting.candidates}],
    }


def _compared(answer: Mapping[str, Any]) -> int:
    return sum(part["vector_operations_count"] for shard in answer["profile"]["shards"] for part in shard["dfs"]["knn"])


def table(measured: Sequence[Served]) -> Table:
    """Recall against latency; the service's own setting is marked."""
    rows: list[list[Cell]] = [
        [
            f"{each.model}, {each.index}" + (" (served)" if each.is_served else ""),
            each.k,
            each.candidates if each.index == GRAPH else "",
            percent(each.recall),
            f"{each.compared:.0f}",
            f"{each.took:g}",
            f"{each.wall:.1f}",
        ]
        for each in measured
    ]
    columns = ["model, index", "k", "candidates", f"recall@{DEPTH}", "vectors compared", "ms inside", "ms in all"]
    return Table(title="The search that is served", columns=columns, rows=rows, note=caption(measured))


def caption(measured: Sequence[Served]) -> str:
    count = max((each.vectors for each in measured), default=0)
    return (
        f"{count:,} vectors on one shard: the pictures and, where those were measured, their altered copies, which "
        "makes neighbours closer than different pictures are; recall is against the exact search over the same "
        "vectors. So few say how the graph loses, not how fast a library's index is: there the exact search's time "
        "grows with every vector and the graph's hardly. "
        "Milliseconds are medians of one client on this machine."
    )


def plot(measured: Sequence[Served]) -> str:
    """Recall over the milliseconds that a client waits, each point with its number of candidates."""
    figure = Figure(figsize=SIZE)
    axes = figure.add_subplot()
    for model in dict.fromkeys(each.model for each in measured):
        graph = [each for each in measured if (each.model, each.index) == (model, GRAPH) and each.k == DEPTH]
        _points(axes, graph, f"{model}, {GRAPH}, k {DEPTH}", "o-")
        _points(axes, [each for each in measured if each.model == model and each.is_served], f"{model}, served", "*")
        flat = [each for each in measured if (each.model, each.index) == (model, FLAT)]
        _points(axes, flat, f"{model}, exact ({FLAT})", "s")
    axes.set_xlabel("milliseconds as the client waits, median")
    axes.set_ylabel(f"recall@{DEPTH}")
    count = max((each.vectors for each in measured), default=0)
    axes.set_title(f"Recall against latency: {count:,} vectors, too few to tell a library's index by")
    axes.grid(alpha=0.3)
    axes.legend()
    return svg(figure)


def _points(axes: Any, measured: Sequence[Served], label: str, style: str) -> None:
    axes.plot([each.wall for each in measured], [each.recall for each in measured], style, label=label)
    for each in measured:
        if each.index == GRAPH:
            axes.annotate(
                str(each.candidates), (each.wall, each.recall), fontsize=7, xytext=(3, -9), textcoords="offset points"
            )


def figures(measured: Sequence[Served]) -> list[dict[str, Any]]:
    return [asdict(each) for each in measured]
