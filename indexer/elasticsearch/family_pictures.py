"""What families need of the index of pictures: what is known of each, its nearest, and what is written back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Self

from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan, streaming_bulk

from core.errors import FrontispieceError
from indexer.elasticsearch.collection import Indices
from indexer.families.judging import Judge
from indexer.images.perceptual_hashes import NOTHING

NEIGHBOURS = 20
"""Copies that are looked for per picture; a larger family is found through its other members."""
CANDIDATES = 100
"""Looked at per shard for that."""
AT_ONCE = 100
"""Questions in one `_msearch`: 512 numbers each, half a megabyte."""
PICTURES = 1000
"""In memory at once; ids of a request stay below Elasticsearch's 65,536 terms."""
BUCKETS = 1000

SET_ASIDE = {"term": {"set_aside": True}}
HASHED = {"exists": {"field": "hash"}}
IN_FAMILY = {"exists": {"field": "family.id"}}
FACTS = ("hash", "year", "family", "set_aside", "image.crop", "title", "book_id")


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of a picture."""

    hash: str
    crop: str
    year: int | None
    family: Mapping[str, Any]
    set_aside: bool
    title: str
    book_id: str

    @classmethod
    def of(cls, source: Mapping[str, Any]) -> Self:
        return cls(
            hash=source.get("hash") or "",
            crop=source.get("image", {}).get("crop", ""),
            year=source.get("year"),
            family=source.get("family") or {},
            set_aside=bool(source.get("set_aside", False)),
            title=source.get("title", ""),
            book_id=source.get("book_id", ""),
        )


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A picture that looks like another."""

    id: str
    cosine: float
    hash: str


class Collection:
    """The pictures behind an alias."""

    def __init__(self, client: Elasticsearch, alias: str) -> None:
        self._client = client
        self._pictures = Indices.existing(client, alias).pictures.name

    @property
    def _meta(self) -> dict[str, Any]:
        mapping = self._client.indices.get_mapping(index=self._pictures)
        return dict(mapping[self._pictures]["mappings"].get("_meta", {}))

    def models(self) -> Mapping[str, Any]:
        return dict(self._meta.get("models", {}))

    def last_run(self) -> Mapping[str, Any]:
        """What the last one wrote down."""
        return dict(self._meta.get("families", {}))

    def write_down(self, run: Mapping[str, Any]) -> None:
        self._client.indices.put_mapping(index=self._pictures, meta={**self._meta, "families": dict(run)})

    def count(self, *, hashed: bool | None = None) -> int:
        """Pictures that are not set aside; with or without a hash, where it is said."""
        return int(self._client.count(index=self._pictures, query=_shown(hashed=hashed))["count"])

    def pictures(self, *, hashed: bool) -> Iterator[dict[str, Fact]]:
        """All that are not set aside and have a hash, or have none, some at a time."""
        yield from _batches(self._scan(_shown(hashed=hashed)))

    def in_families(self) -> Iterator[dict[str, Fact]]:
        yield from _batches(self._scan(IN_FAMILY))

    def hidden_since(self) -> Iterator[dict[str, Fact]]:
        """Pictures that were set aside after they were looked at."""
        either = {"should": [HASHED, IN_FAMILY], "minimum_should_match": 1}
        yield from _batches(self._scan({"bool": {"filter": [SET_ASIDE], **either}}))

    def facts(self, ids: Iterable[str]) -> dict[str, Fact]:
        """Of those that are there and not set aside."""
        found: dict[str, Fact] = {}
        for some in _slices(ids, PICTURES):
            docs = self._client.mget(index=self._pictures, ids=some, source_includes=list(FACTS))["docs"]
            found |= {doc["_id"]: Fact.of(doc["_source"]) for doc in docs if doc.get("found")}
        return {id_: fact for id_, fact in found.items() if not fact.set_aside}

    def members(self, families: Iterable[str]) -> dict[str, Fact]:
        found: dict[str, Fact] = {}
        for some in _slices(families, PICTURES):
            found |= dict(self._scan({"terms": {"family.id": some}}))
        return found

    def changed_families(self) -> Iterator[str]:
        """Families that say another size than they have: a member was removed or indexed anew."""
        return (name for name, count, size in self._families() if count != size)

    def family_sizes(self) -> Iterator[tuple[str, int]]:
        return ((name, count) for name, count, _ in self._families())

    def _families(self) -> Iterator[tuple[str, int, int]]:
        after: dict[str, Any] = {}
        sources = [{"family": {"terms": {"field": "family.id"}}}]
        while True:
            composite = {"size": BUCKETS, "sources": sources, **after}
            # The smallest size that a member says: they differ where a run was stopped while it wrote.
            sizes = {"smallest": {"min": {"field": "family.size"}}, "largest": {"max": {"field": "family.size"}}}
            aggs = {"families": {"composite": composite, "aggs": sizes}}
            found = self._client.search(index=self._pictures, size=0, aggs=aggs)["aggregations"]["families"]
            for bucket in found["buckets"]:
                small, large = (int(bucket[name]["value"]) for name in ("smallest", "largest"))
                yield bucket["key"]["family"], bucket["doc_count"], small if small == large else 0
            if "after_key" not in found:
                return
            after = {"after": found["after_key"]}

    def neighbours(self, ids: Sequence[str], judge: Judge) -> Iterator[tuple[str, list[Neighbour]]]:
        """Each picture's nearest by one model."""
        for some in _slices(ids, AT_ONCE):
            vectors = self._vectors(some, judge.model)
            searches: list[Mapping[str, Any]] = []
            for id_, vector in vectors.items():
                searches += [{}, _nearest(id_, vector, judge)]
            if not searches:
                continue
            answers = self._client.msearch(index=self._pictures, searches=searches)["responses"]
            for id_, answer in zip(vectors, answers, strict=True):
                if "error" in answer:
                    raise FrontispieceError(f"Elasticsearch could not compare {id_}: {answer['error'].get('reason')}")
                yield id_, [_neighbour(hit) for hit in answer["hits"]["hits"]]

    def _vectors(self, ids: Sequence[str], model: str) -> dict[str, list[float]]:
        field = f"vectors.{model}"
        query = {"ids": {"values": list(ids)}}
        # `fields` gives vectors whether or not `_source` keeps them.
        found = self._client.search(
            index=self._pictures, query=query, size=len(ids), source=False, fields=[{"field": field}]
        )
        return {hit["_id"]: hit["fields"][field] for hit in found["hits"]["hits"] if "fields" in hit}

    def update(self, changes: Mapping[str, Mapping[str, Any]]) -> int:
        """Writes these fields; a picture that was removed meanwhile is none to change. How many were written."""
        actions = ({"_op_type": "update", "_id": id_, "doc": dict(doc)} for id_, doc in changes.items())
        results = streaming_bulk(
            self._client, actions, index=self._pictures, chunk_size=200, raise_on_error=False, max_retries=3
        )
        written = 0
        for ok, result in results:
            written += ok
            if not ok and result["update"]["status"] != 404:
                raise FrontispieceError(
                    f"Elasticsearch refused to change {result['update']['_id']}: {result['update']}"
                )
        return written

    def refresh(self) -> None:
        self._client.indices.refresh(index=self._pictures)

    def _scan(self, query: Mapping[str, Any]) -> Iterator[tuple[str, Fact]]:
        hits = scan(
            self._client,
            index=self._pictures,
            query={"query": query, "_source": list(FACTS)},
            size=PICTURES,
            scroll="30m",
        )
        return ((hit["_id"], Fact.of(hit["_source"])) for hit in hits)


def _shown(*, hashed: bool | None) -> dict[str, Any]:
    without = [SET_ASIDE] if hashed is not False else [SET_ASIDE, HASHED]
    return {"bool": {"must_not": without, "filter": [HASHED] if hashed else []}}


def _nearest(id_: str, vector: Sequence[float], judge: Judge) -> dict[str, Any]:
    unlike: list[dict[str, Any]] = [SET_ASIDE, {"term": {"hash": NOTHING}}, {"ids": {"values": [id_]}}]
    knn = {
        "field": f"vectors.{judge.model}",
        "query_vector": vector,
        "k": NEIGHBOURS,
        "num_candidates": CANDIDATES,
        "filter": {"bool": {"must_not": unlike}},
        # The graph keeps bytes; the cosine that is judged is that of the vectors themselves.
        "rescore_vector": {"oversample": 1.5},
    }
    if judge.near.cosine > -1:
        knn["similarity"] = judge.near.cosine
    return {"size": NEIGHBOURS, "_source": ["hash"], "knn": knn}


def _neighbour(hit: Mapping[str, Any]) -> Neighbour:
    # Elasticsearch's score of a `dot_product` is (1 + cosine) / 2.
    return Neighbour(hit["_id"], 2 * float(hit["_score"]) - 1, hit["_source"].get("hash") or "")


def _slices(items: Iterable[str], size: int) -> Iterator[list[str]]:
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some


def _batches(items: Iterator[tuple[str, Fact]]) -> Iterator[dict[str, Fact]]:
    while some := dict(islice(items, PICTURES)):
        yield some
