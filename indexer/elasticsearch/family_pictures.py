"""The index of pictures as families use it: reading pictures, searching for copies, and writing families."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from elasticsearch import Elasticsearch

from core.batches import batched
from core.encoders.fingerprint import ModelFingerprint
from core.errors import FrontispieceError
from indexer.elasticsearch.collection import Collection
from indexer.elasticsearch.index_meta import IndexMeta
from indexer.elasticsearch.picture_updates import NOT_FOUND, scan_hits, update_pictures
from indexer.images.perceptual_hashes import EMPTY_HASH

NEIGHBOURS = 20
"""Copies to find per picture; a larger family is found through its other members."""
NUM_CANDIDATES = 100
"""Candidates per shard of the kNN search."""
SEARCHES_PER_REQUEST = 100
"""Searches in one `_msearch` request; with 512 dimensions it is about half a megabyte."""
BATCH_SIZE = 1000
"""Pictures in memory at a time, and ids in a request; Elasticsearch allows 65,536 terms."""
BUCKETS_PER_PAGE = 1000

IS_HIDDEN = {"term": {"hidden": True}}
HAS_HASH = {"exists": {"field": "hash"}}
HAS_FAMILY = {"exists": {"field": "family.id"}}
SOURCE_FIELDS = ("hash", "year", "family", "hidden", "image.crop", "title", "book_id")


@dataclass(frozen=True, slots=True)
class FamilyPicture:
    """The fields of a picture that families need."""

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
    """A picture with a similar vector."""

    id: str
    cosine: float
    hash: str


class FamilyPictures:
    """The pictures behind an alias."""

    def __init__(self, client: Elasticsearch, alias: str) -> None:
        self._client, self._alias = client, alias
        self._index = Collection.open_existing(client, alias).pictures.name

    def model_fingerprints(self) -> Mapping[str, ModelFingerprint]:
        """Return model → its fingerprint."""
        return self._meta().vision_models

    def last_run(self) -> Mapping[str, Any]:
        """Return what `save_run` stored; empty if there was no run."""
        return self._meta().families

    def save_run(self, run: Mapping[str, Any]) -> None:
        """Store facts about the current run in the `_meta` of the mapping."""
        self._meta().with_families(run).write(self._client, self._index)

    def count(self, *, has_hash: bool | None = None) -> int:
        """Count the pictures that are not hidden: all, or only those with or without a hash."""
        return int(self._client.count(index=self._index, query=_visible_query(has_hash=has_hash))["count"])

    def read_pictures(self, *, has_hash: bool) -> Iterator[dict[str, FamilyPicture]]:
        """Yield batches of the pictures that are not hidden, with or without a hash."""
        return self._scan_batches(_visible_query(has_hash=has_hash))

    def read_family_members(self) -> Iterator[dict[str, FamilyPicture]]:
        """Yield batches of all pictures that are in a family."""
        return self._scan_batches(HAS_FAMILY)

    def read_newly_hidden(self) -> Iterator[dict[str, FamilyPicture]]:
        """Yield batches of the hidden pictures that still have a hash or a family, from before they were hidden."""
        hash_or_family = {"should": [HAS_HASH, HAS_FAMILY], "minimum_should_match": 1}
        return self._scan_batches({"bool": {"filter": [IS_HIDDEN], **hash_or_family}})

    def get_visible(self, ids: Iterable[str]) -> dict[str, FamilyPicture]:
        """Return the pictures with these ids that exist and are not hidden."""
        pictures: dict[str, FamilyPicture] = {}
        for chunk in batched(ids, BATCH_SIZE):
            docs = self._client.mget(index=self._index, ids=chunk, source_includes=list(SOURCE_FIELDS))["docs"]
            pictures |= {doc["_id"]: FamilyPicture.from_source(doc["_source"]) for doc in docs if doc.get("found")}
        return {id_: picture for id_, picture in pictures.items() if not picture.hidden}

    def members(self, family_ids: Iterable[str]) -> dict[str, FamilyPicture]:
        """Return the pictures in these families."""
        pictures: dict[str, FamilyPicture] = {}
        for chunk in batched(family_ids, BATCH_SIZE):
            pictures |= dict(self._scan({"terms": {"family.id": chunk}}))
        return pictures

    def incomplete_families(self) -> Iterator[str]:
        """Yield the families whose stored size is wrong, because a member was removed or indexed again."""
        return (family_id for family_id, count, size in self._read_families() if count != size)

    def family_sizes(self) -> Iterator[tuple[str, int]]:
        """Yield the id and the actual size of every family."""
        return ((family_id, count) for family_id, count, _ in self._read_families())

    def _read_families(self) -> Iterator[tuple[str, int, int]]:
        """Yield id, actual size and stored size; the stored size is 0 if the members disagree about it."""
        page_start: dict[str, Any] = {}
        sources = [{"family": {"terms": {"field": "family.id"}}}]
        while True:
            composite = {"size": BUCKETS_PER_PAGE, "sources": sources, **page_start}
            # The stored sizes differ if a run was interrupted while it wrote.
            sizes = {"smallest": {"min": {"field": "family.size"}}, "largest": {"max": {"field": "family.size"}}}
            aggs = {"families": {"composite": composite, "aggs": sizes}}
            page = self._client.search(index=self._index, size=0, aggs=aggs)["aggregations"]["families"]
            for bucket in page["buckets"]:
                smallest, largest = (int(bucket[name]["value"]) for name in ("smallest", "largest"))
                yield bucket["key"]["family"], bucket["doc_count"], smallest if smallest == largest else 0
            if "after_key" not in page:
                return
            page_start = {"after": page["after_key"]}

    def find_neighbours(
        self, ids: Sequence[str], model_name: str, min_cosine: float
    ) -> Iterator[tuple[str, list[Neighbour]]]:
        """Yield each picture's nearest neighbours by one model, those with at least this cosine."""
        for chunk in batched(ids, SEARCHES_PER_REQUEST):
            vectors = self._read_vectors(chunk, model_name)
            searches: list[Mapping[str, Any]] = []
            for id_, vector in vectors.items():
                searches += [{}, neighbours_query(id_, vector, model_name, min_cosine)]
            if not searches:
                continue
            responses = self._client.msearch(index=self._index, searches=searches)["responses"]
            for id_, response in zip(vectors, responses, strict=True):
                if "error" in response:
                    raise FrontispieceError(
                        f"Elasticsearch could not search for copies of {id_}: {response['error'].get('reason')}"
                    )
                yield id_, [_parse_neighbour(hit) for hit in response["hits"]["hits"]]

    def _read_vectors(self, ids: Sequence[str], model_name: str) -> dict[str, list[float]]:
        field = f"vectors.{model_name}"
        query = {"ids": {"values": list(ids)}}
        # `fields` returns vectors even if `_source` excludes them.
        response = self._client.search(
            index=self._index, query=query, size=len(ids), source=False, fields=[{"field": field}]
        )
        return {hit["_id"]: hit["fields"][field] for hit in response["hits"]["hits"] if "fields" in hit}

    def update(self, changes: Mapping[str, Mapping[str, Any]]) -> int:
        """Write these fields and return how many pictures were updated; removed pictures are skipped."""
        updates = ({"_id": id_, "doc": dict(fields)} for id_, fields in changes.items())
        return update_pictures(self._client, self._alias, updates, ignored_statuses=[NOT_FOUND])

    def _meta(self) -> IndexMeta:
        return IndexMeta.read(self._client, self._index)

    def refresh(self) -> None:
        self._client.indices.refresh(index=self._index)

    def _scan_batches(self, query: Mapping[str, Any]) -> Iterator[dict[str, FamilyPicture]]:
        return map(dict, batched(self._scan(query), BATCH_SIZE))

    def _scan(self, query: Mapping[str, Any]) -> Iterator[tuple[str, FamilyPicture]]:
        body = {"query": query, "_source": list(SOURCE_FIELDS)}
        hits = scan_hits(self._client, self._index, body, size=BATCH_SIZE)
        return ((hit["_id"], FamilyPicture.from_source(hit["_source"])) for hit in hits)


def _visible_query(*, has_hash: bool | None) -> dict[str, Any]:
    excluded = [IS_HIDDEN] if has_hash is not False else [IS_HIDDEN, HAS_HASH]
    return {"bool": {"must_not": excluded, "filter": [HAS_HASH] if has_hash else []}}


def neighbours_query(id_: str, vector: Sequence[float], model_name: str, min_cosine: float) -> dict[str, Any]:
    """Return the search for the pictures nearest to one, without the picture itself."""
    knn = {
        "field": f"vectors.{model_name}",
        "query_vector": vector,
        # One more, as the picture itself is dropped afterwards: in `filter` it would make every filter a different one,
        # and Elasticsearch keeps only filters that recur.
        "k": NEIGHBOURS + 1,
        "num_candidates": NUM_CANDIDATES,
        "filter": {"bool": {"must_not": [IS_HIDDEN, {"term": {"hash": EMPTY_HASH}}]}},
        # The graph has rounded vectors; comparing once more returns the cosine of the exact ones.
        "rescore_vector": {"oversample": 3.0},
    }
    if min_cosine > -1:
        knn["similarity"] = min_cosine
    itself = {"bool": {"must_not": [{"ids": {"values": [id_]}}]}}
    return {"size": NEIGHBOURS, "_source": ["hash"], "knn": knn, "post_filter": itself}


def _parse_neighbour(hit: Mapping[str, Any]) -> Neighbour:
    # For `dot_product`, Elasticsearch's score is (1 + cosine) / 2.
    return Neighbour(hit["_id"], 2 * float(hit["_score"]) - 1, hit["_source"].get("hash") or "")
