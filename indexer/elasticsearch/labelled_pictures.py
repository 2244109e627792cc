"""What classifying needs of the index of pictures: what is known of each, its vectors, and what is written back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Self

import numpy as np
from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan, streaming_bulk

from core.encoders import Vectors, features
from core.errors import FrontispieceError
from indexer.documents.pictures import LIBRARIAN
from indexer.elasticsearch.collection import Indices

PICTURES = 500
"""In memory at once: with four models of 768 numbers some 30 MB of JSON."""
IDS = 10_000
"""In one request; Elasticsearch takes 65,536 terms."""

CATALOGUE = "catalogue"
PEOPLE = (CATALOGUE, LIBRARIAN)
"""Sources of labels that a person gave: they are learnt from, and no machine overwrites them."""
IDENTITY = ("id", "revision", "preprocessing", "traits")
"""What must be equal of two models for a classifier of the one's pictures to know the other's."""
FACTS = ("label", "book_id", "image.crop")

Query = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A picture as the index has it."""

    id: str
    source: Mapping[str, Any]
    vectors: Mapping[str, Vectors]
    """By model, shape (numbers of the field that was asked for,)."""
    version: tuple[int, int]
    """Of the document; what is written for another version than was read is not written."""

    @classmethod
    def of(cls, hit: Mapping[str, Any], fields: Mapping[str, str]) -> Self:
        found = hit.get("fields", {})
        vectors = {model: np.asarray(found[field], np.float32) for model, field in fields.items() if field in found}
        version = hit["_seq_no"], hit["_primary_term"]
        return cls(id=hit["_id"], source=hit["_source"], vectors=vectors, version=version)

    @property
    def label(self) -> Mapping[str, Any]:
        return self.source.get("label") or {}

    @property
    def book(self) -> str:
        return str(self.source.get("book_id") or self.id)


class Collection:
    """The pictures behind an alias."""

    def __init__(self, client: Elasticsearch, alias: str) -> None:
        self._client = client
        self._pictures = Indices.existing(client, alias).pictures.name

    def models(self) -> dict[str, Mapping[str, Any]]:
        """The contract of each model that filled the index."""
        mapping = self._client.indices.get_mapping(index=self._pictures)
        return dict(mapping[self._pictures]["mappings"].get("_meta", {}).get("models", {}))

    def count(self, query: Query) -> int:
        return int(self._client.count(index=self._pictures, query=query)["count"])

    def batches(self, query: Query, fields: Mapping[str, str]) -> Iterator[list[Stored]]:
        """What a query finds, with these fields of vectors, some at a time; writing meanwhile changes nothing of it."""
        body = {
            "query": query,
            "_source": list(FACTS),
            # `fields` gives vectors whether or not `_source` keeps them.
            "fields": list(fields.values()),
            "seq_no_primary_term": True,
        }
        hits = scan(self._client, index=self._pictures, query=body, size=PICTURES, scroll="30m")
        pictures = (Stored.of(hit, fields) for hit in hits)
        while some := list(islice(pictures, PICTURES)):
            yield some

    def named(self, names: Sequence[str], fields: Mapping[str, str]) -> dict[str, Stored]:
        """The pictures of these names, each an id or the file of a crop."""
        found: dict[str, Stored] = {}
        for start in range(0, len(names), IDS):
            some = list(names[start : start + IDS])
            either = {"bool": {"should": [{"ids": {"values": some}}, {"terms": {"image.crop": some}}]}}
            for batch in self.batches(either, fields):
                for each in batch:
                    found |= {each.id: each, each.source.get("image", {}).get("crop", each.id): each}
        return {name: found[name] for name in names if name in found}

    def update(self, changes: Iterable[tuple[Stored, Mapping[str, Any]]]) -> int:
        """Writes these fields; how many were written.

        A picture that was removed or changed meanwhile is left alone: a person may have given it a label.
        """
        actions = (
            {
                "_op_type": "update",
                "_id": picture.id,
                "doc": dict(fields),
                "if_seq_no": picture.version[0],
                "if_primary_term": picture.version[1],
            }
            for picture, fields in changes
        )
        results = streaming_bulk(
            self._client, actions, index=self._pictures, chunk_size=200, raise_on_error=False, max_retries=3
        )
        written = 0
        for ok, result in results:
            written += ok
            if not ok and result["update"]["status"] not in (404, 409):
                raise FrontispieceError(f"Elasticsearch refused to label {result['update']['_id']}: {result['update']}")
        return written

    def refresh(self) -> None:
        self._client.indices.refresh(index=self._pictures)


def by_people() -> Query:
    """Pictures that a person gave a label."""
    return {"terms": {"label.source": list(PEOPLE)}}


def learnt_from(models: Iterable[str]) -> dict[str, str]:
    """Model → the field that a classifier learns from."""
    return {model: features.field(model) for model in models}


def to_label(models: Iterable[str], classifier: str) -> Query:
    """Pictures that these models have seen and that neither a person nor this classifier has labelled."""
    return {
        "bool": {"filter": _with(learnt_from(models)), "must_not": [by_people(), {"term": {"label.model": classifier}}]}
    }


def to_guess(model: str, guesser: str) -> Query:
    """Pictures with this model's vectors whose class was not guessed from these prompts."""
    return {"bool": {"filter": _with(compared_by(model)), "must_not": [{"term": {"zero_shot.model": guesser}}]}}


def compared_by(model: str) -> dict[str, str]:
    """The field in which pictures and words share one space."""
    return {model: f"vectors.{model}"}


def _with(fields: Mapping[str, str]) -> list[Query]:
    return [{"exists": {"field": field}} for field in fields.values()]
