"""Indices of vectors alone, one for each way in which Elasticsearch stores and searches them."""

import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from core.batches import batched
from core.encoders import Vectors
from core.errors import FrontispieceError
from indexer.elasticsearch.client import ElasticsearchClient

INDEX_TYPES = ("hnsw", "int8_hnsw", "int4_hnsw", "bbq_hnsw")
ELEMENT_TYPES = ("float", "bfloat16", "byte")
"""Types of a vector's numbers; `byte` is rounded before it is sent, so only `hnsw` stores it."""
PARTS = 100
"""Values of the field that filters use: each is in one document of a hundred."""
BULK_SIZE = 500
BAD_REQUEST = 400
"""The answer of a server that does not know a type of index or of numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorIndexType:
    """How an index stores vectors."""

    name: str
    """`hnsw`, `int8_hnsw`, `int4_hnsw` or `bbq_hnsw`."""
    element_type: str = "float"
    m: int = 16
    ef_construction: int = 100

    @property
    def is_quantised(self) -> bool:
        """Whether a search may compare the rounded vectors first and the stored ones afterwards."""
        return self.name != "hnsw"

    def mapping(self, dimensions: int) -> dict[str, Any]:
        graph = {"type": self.name, "m": self.m, "ef_construction": self.ef_construction}
        vector = {
            "type": "dense_vector",
            "dims": dimensions,
            "element_type": self.element_type,
            # Bytes are not of unit length.
            "similarity": "cosine" if self.element_type == "byte" else "dot_product",
            "index_options": graph,
        }
        return {"dynamic": "strict", "properties": {"vector": vector, "part": {"type": "byte"}}}

    def encode(self, vectors: Vectors) -> npt.NDArray[Any]:
        """Return the vectors as the index takes them: bytes are scaled so that the largest number of all is 127."""
        if self.element_type != "byte":
            return vectors
        return np.asarray((vectors * (127 / np.abs(vectors).max())).round(), dtype=np.int8)


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorIndex:
    """An index with vectors, and what it costs."""

    index_type: VectorIndexType
    index_name: str
    build_seconds: float
    disk_bytes: float
    """Per vector: the vectors as sent, the rounded ones and the graph."""
    off_heap_bytes: float | None
    """Per vector, what a search should find in memory; None if the server does not say (before 9.1)."""


@contextmanager
def build_index(
    client: ElasticsearchClient, alias: str, index_type: VectorIndexType, vectors: Vectors, parts: Sequence[int]
) -> Iterator[VectorIndex | None]:
    """Yield an index of one segment with the vectors, and delete it; None if the server has no such index."""
    # The indexer's API key only allows index names that start with the alias.
    index_name = f"{alias}-evaluation-{uuid.uuid4().hex}"
    settings = {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "-1"}
    response = client.options(ignore_status=BAD_REQUEST).indices.create(
        index=index_name, settings=settings, mappings=index_type.mapping(vectors.shape[1])
    )
    if response.meta.status == BAD_REQUEST:
        yield None
        return
    try:
        start_time = time.perf_counter()
        _write_vectors(client, index_name, index_type.encode(vectors), parts)
        client.indices.forcemerge(index=index_name, max_num_segments=1)
        client.indices.refresh(index=index_name)
        build_seconds = time.perf_counter() - start_time
        yield VectorIndex(
            index_type=index_type,
            index_name=index_name,
            build_seconds=build_seconds,
            disk_bytes=_disk_bytes(client, index_name) / len(vectors),
            off_heap_bytes=_off_heap_bytes(client, index_name, len(vectors)),
        )
    finally:
        client.indices.delete(index=index_name)


def part_filter(share: float) -> list[Mapping[str, Any]]:
    """Return a filter that keeps this share of the documents; none for all of them."""
    return [] if share >= 1 else [{"range": {"part": {"lt": round(share * PARTS)}}}]


def _write_vectors(client: ElasticsearchClient, index_name: str, rows: npt.NDArray[Any], parts: Sequence[int]) -> None:
    for batch in batched(enumerate(zip(rows, parts, strict=True)), BULK_SIZE):
        operations: list[dict[str, Any]] = []
        for number, (row, part) in batch:
            operations += [{"index": {"_id": str(number)}}, {"vector": row.tolist(), "part": part}]
        response = client.bulk(index=index_name, operations=operations)
        if response["errors"]:
            raise FrontispieceError(f"Elasticsearch refuses a vector: {_first_error(response['items'])}")


def _first_error(items: Sequence[Mapping[str, Any]]) -> str:
    return next(str(item["index"]["error"]["reason"]) for item in items if "error" in item["index"])


def _disk_bytes(client: ElasticsearchClient, index_name: str) -> int:
    # Not by the client's own function, which warns that the API is a preview.
    usage: Any = client.perform_request(
        "POST", f"/{index_name}/_disk_usage?run_expensive_tasks=true", headers={"accept": "application/json"}
    ).body
    return int(usage[index_name]["fields"]["vector"]["knn_vectors_in_bytes"])


def _off_heap_bytes(client: ElasticsearchClient, index_name: str, count: int) -> float | None:
    stats = client.indices.stats(index=index_name, metric="dense_vector")
    size = stats["_all"]["primaries"]["dense_vector"].get("off_heap", {}).get("total_size_bytes")
    return None if size is None else size / count
