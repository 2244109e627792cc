"""What families need of the index of pictures: what is known of each, its nearest, and what is written back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan, streaming_bulk

from core.batches import batched
from core.errors import FrontispieceError
from indexer.elasticsearch.collection import Collection
from indexer.families.copy_detection import CopyDetector
from indexer.images.perceptual_hashes import EMPTY_HASH

NEIGHBOURS = 20
"""Copies that are looked for per picture; a larger family is found through its other members."""
NUM_CANDIDATES = 100
"""Looked at per shard for that."""
SEARCHES_PER_REQUEST = 100
"""Questions in one `_msearch`: 512 numbers each, half a megabyte."""
BATCH_SIZE = 1000
"""In memory at once; ids of a request stay below Elasticsearch's 65,536 terms."""
BUCKETS_PER_PAGE = 1000

IS_HIDDEN = {"term": {"hidden": True}}
HAS_HASH = {"exists": {"field": "hash"}}
HAS_FAMILY = {"exists": {"field": "family.id"}}
SOURCE_FIELDS = ("hash", "year", "family", "hidden", "image.crop", "title", "book_id")


@dataclass(frozen=True, slots=True)
class FamilyPicture:
    """What is known of a picture."""

    hash: str
    crop: str
    year: int | None
    family: Mapping[str, Any]
    hidden: bool
    title: str
    book_id: str

    @classmethod
    def from_source(cls, source: Mapping[str, Any]) -> Self:
        return cls(
            hash=source.get("hash") or "",
            crop=source.get("image", {}).get("crop", ""),
            year=source.get("year"),
            family=source.get("family") or {},
            hidden=bool(source.get("hidden", False)),
            title=source.get("title", ""),
            book_id=source.get("book_id", ""),
        )


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A picture that looks like another."""

    id: str
    cosine: float
    hash: str


class FamilyPictures:
    """The pictures behind an alias."""

    def __init__(self, client: Elasticsearch, alias: str) -> None:
        self._client = client
        self._index = Collection.open_existing(client, alias).pictures.name

    @property
    def _meta(self) -> dict[str, Any]:
        mapping = self._client.indices.get_mapping(index=self._index)
        return dict(mapping[self._index]["mappings"].get("_meta", {}))

    def model_fingerprints(self) -> Mapping[str, Any]:
        return dict(self._meta.get("models", {}))

    def last_run(self) -> Mapping[str, Any]:
        """What the last one wrote down."""
        return dict(self._meta.get("families", {}))

    def save_run(self, run: Mapping[str, Any]) -> None:
        self._client.indices.put_mapping(index=self._index, meta={**self._meta, "families": dict(run)})

    def count(self, *, has_hash: bool | None = None) -> int:
        """Pictures that are not set aside; with or without a hash, where it is said."""
        return int(self._client.count(index=self._index, query=_visible_query(has_hash=has_hash))["count"])

    def read_pictures(self, *, has_hash: bool) -> Iterator[dict[str, FamilyPicture]]:
        """All that are not set aside and have a hash, or have none, some at a time."""
        yield from map(dict, batched(self._scan(_visible_query(has_hash=has_hash)), BATCH_SIZE))

    def read_family_members(self) -> Iterator[dict[str, FamilyPicture]]:
        yield from map(dict, batched(self._scan(HAS_FAMILY), BATCH_SIZE))

    def read_newly_hidden(self) -> Iterator[dict[str, FamilyPicture]]:
        """Pictures that were set aside after they were looked at."""
        hash_or_family = {"should": [HAS_HASH, HAS_FAMILY], "minimum_should_match": 1}
        yield from map(dict, batched(self._scan({"bool": {"filter": [IS_HIDDEN], **hash_or_family}}), BATCH_SIZE))

    def get_visible(self, ids: Iterable[str]) -> dict[str, FamilyPicture]:
        """Of those that are there and not set aside."""
        pictures: dict[str, FamilyPicture] = {}
        for chunk in batched(ids, BATCH_SIZE):
            docs = self._client.mget(index=self._index, ids=chunk, source_includes=list(SOURCE_FIELDS))["docs"]
            pictures |= {doc["_id"]: FamilyPicture.from_source(doc["_source"]) for doc in docs if doc.get("found")}
        return {id_: picture for id_, picture in pictures.items() if not picture.hidden}

    def members(self, family_ids: Iterable[str]) -> dict[str, FamilyPicture]:
        pictures: dict[str, FamilyPicture] = {}
        for chunk in batched(family_ids, BATCH_SIZE):
            pictures |= dict(self._scan({"terms": {"family.id": chunk}}))
        return pictures

    def incomplete_families(self) -> Iterator[str]:
        """Families that say another size than they have: a member was removed or indexed anew."""
        return (family_id for family_id, count, size in self._read_families() if count != size)

    def family_sizes(self) -> Iterator[tuple[str, int]]:
        return ((family_id, count) for family_id, count, _ in self._read_families())

    def _read_families(self) -> Iterator[tuple[str, int, int]]:
        page_start: dict[str, Any] = {}
        sources = [{"family": {"terms": {"field": "family.id"}}}]
        while True:
            composite = {"size": BUCKETS_PER_PAGE, "sources": sources, **page_start}
            # The smallest size that a member says: they differ where a run was stopped while it wrote.
            sizes = {"smallest": {"min": {"field": "family.size"}}, "largest": {"max": {"field": "family.size"}}}
            aggs = {"families": {"composite": composite, "aggs": sizes}}
            page = self._client.search(index=self._index, size=0, aggs=aggs)["aggregations"]["families"]
            for bucket in page["buckets"]:
                smallest, largest = (int(bucket[name]["value"]) for name in ("smallest", "largest"))
                yield bucket["key"]["family"], bucket["doc_count"], smallest if smallest == largest else 0
            if "after_key" not in page:
                return
            page_start = {"after": page["after_key"]}

    def find_neighbours(self, ids: Sequence[str], detector: CopyDetector) -> Iterator[tuple[str, list[Neighbour]]]:
        """Each picture's nearest by one model."""
        for chunk in batched(ids, SEARCHES_PER_REQUEST):
            vectors = self._read_vectors(chunk, detector.model)
            searches: list[Mapping[str, Any]] = []
            for id_, vector in vectors.items():
                searches += [{}, _knn_search(id_, vector, detector)]
            if not searches:
                continue
            responses = self._client.msearch(index=self._index, searches=searches)["responses"]
            for id_, response in zip(vectors, responses, strict=True):
                if "error" in response:
                    raise FrontispieceError(f"Elasticsearch could not compare {id_}: {response['error'].get('reason')}")
                yield id_, [_parse_neighbour(hit) for hit in response["hits"]["hits"]]

    def _read_vectors(self, ids: Sequence[str], model_name: str) -> dict[str, list[float]]:
        field = f"vectors.{model_name}"
        query = {"ids": {"values": list(ids)}}
        # `fields` gives vectors whether or not `_source` keeps them.
        response = self._client.search(
            index=self._index, query=query, size=len(ids), source=False, fields=[{"field": field}]
        )
        return {hit["_id"]: hit["fields"][field] for hit in response["hits"]["hits"] if "fields" in hit}

    def update(self, changes: Mapping[str, Mapping[str, Any]]) -> int:
        """Writes these fields; a picture that was removed meanwhile is none to change. How many were written."""
        actions = ({"_op_type": "update", "_id": id_, "doc": dict(fields)} for id_, fields in changes.items())
        results = streaming_bulk(
            self._client, actions, index=self._index, chunk_size=200, raise_on_error=False, max_retries=3
        )
        written = 0
        for succeeded, result in results:
            written += succeeded
            if not succeeded and result["update"]["status"] != 404:
                raise FrontispieceError(
                    f"Elasticsearch refused to change {result['update']['_id']}: {result['update']}"
                )
        return written

    def refresh(self) -> None:
        self._client.indices.refresh(index=self._index)

    def _scan(self, query: Mapping[str, Any]) -> Iterator[tuple[str, FamilyPicture]]:
        hits = scan(
            self._client,
            index=self._index,
            query={"query": query, "_source": list(SOURCE_FIELDS)},
            size=BATCH_SIZE,
            scroll="30m",
        )
        return ((hit["_id"], FamilyPicture.from_source(hit["_source"])) for hit in hits)


def _visible_query(*, has_hash: bool | None) -> dict[str, Any]:
    excluded = [IS_HIDDEN] if has_hash is not False else [IS_HIDDEN, HAS_HASH]
    return {"bool": {"must_not": excluded, "filter": [HAS_HASH] if has_hash else []}}


def _knn_search(id_: str, vector: Sequence[float], detector: CopyDetector) -> dict[str, Any]:
    excluded: list[dict[str, Any]] = [IS_HIDDEN, {"term": {"hash": EMPTY_HASH}}, {"ids": {"values": [id_]}}]
    knn = {
        "field": f"vectors.{detector.model}",
        "query_vector": vector,
        "k": NEIGHBOURS,
        "num_candidates": NUM_CANDIDATES,
        "filter": {"bool": {"must_not": excluded}},
        # The graph keeps bytes; the cosine that is judged is that of the vectors themselves.
        "rescore_vector": {"oversample": 1.5},
    }
    if detector.near_threshold.min_cosine > -1:
        knn["similarity"] = detector.near_threshold.min_cosine
    return {"size": NEIGHBOURS, "_source": ["hash"], "knn": knn}


def _parse_neighbour(hit: Mapping[str, Any]) -> Neighbour:
    # Elasticsearch's score of a `dot_product` is (1 + cosine) / 2.
    return Neighbour(hit["_id"], 2 * float(hit["_score"]) - 1, hit["_source"].get("hash") or "")
