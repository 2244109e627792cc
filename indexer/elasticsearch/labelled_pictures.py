"""What classifying needs of the index of pictures: what is known of each, its vectors, and what is written back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan, streaming_bulk

from core.batches import batched
from core.encoders import Vectors, features
from core.errors import FrontispieceError
from indexer.documents.pictures import LIBRARIAN
from indexer.elasticsearch.collection import Collection

BATCH_SIZE = 500
"""In memory at once: with four models of 768 numbers some 30 MB of JSON."""
IDS_PER_REQUEST = 10_000
"""In one request; Elasticsearch takes 65,536 terms."""

CATALOGUE = "catalogue"
HUMAN_SOURCES = (CATALOGUE, LIBRARIAN)
"""Sources of labels that a person gave: they are learnt from, and no machine overwrites them."""
FINGERPRINT_KEYS = ("id", "revision", "preprocessing", "features")
"""What must be equal of two models for a classifier of the one's pictures to know the other's."""
SOURCE_FIELDS = ("label", "book_id", "image.crop")

Query = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedPicture:
    """A picture as the index has it."""

    id: str
    source: Mapping[str, Any]
    vectors: Mapping[str, Vectors]
    """By model, shape (numbers of the field that was asked for,)."""
    version: tuple[int, int]
    """Of the document; what is written for another version than was read is not written."""

    @classmethod
    def from_hit(cls, hit: Mapping[str, Any], fields: Mapping[str, str]) -> Self:
        field_values = hit.get("fields", {})
        vectors = {
            model: np.asarray(field_values[field], np.float32)
            for model, field in fields.items()
            if field in field_values
        }
        version = hit["_seq_no"], hit["_primary_term"]
        return cls(id=hit["_id"], source=hit["_source"], vectors=vectors, version=version)

    @property
    def label(self) -> Mapping[str, Any]:
        return self.source.get("label") or {}

    @property
    def book(self) -> str:
        return str(self.source.get("book_id") or self.id)


class LabelledPictures:
    """The pictures behind an alias."""

    def __init__(self, client: Elasticsearch, alias: str) -> None:
        self._client = client
        self._index = Collection.open_existing(client, alias).pictures.name

    def model_fingerprints(self) -> dict[str, Mapping[str, Any]]:
        """The contract of each model that filled the index."""
        mapping = self._client.indices.get_mapping(index=self._index)
        return dict(mapping[self._index]["mappings"].get("_meta", {}).get("models", {}))

    def count(self, query: Query) -> int:
        return int(self._client.count(index=self._index, query=query)["count"])

    def batches(self, query: Query, fields: Mapping[str, str]) -> Iterator[list[IndexedPicture]]:
        """What a query finds, with these fields of vectors, some at a time; writing meanwhile changes nothing of it."""
        body = {
            "query": query,
            "_source": list(SOURCE_FIELDS),
            # `fields` gives vectors whether or not `_source` keeps them.
            "fields": list(fields.values()),
            "seq_no_primary_term": True,
        }
        hits = scan(self._client, index=self._index, query=body, size=BATCH_SIZE, scroll="30m")
        pictures = (IndexedPicture.from_hit(hit, fields) for hit in hits)
        yield from batched(pictures, BATCH_SIZE)

    def find(self, names: Sequence[str], fields: Mapping[str, str]) -> dict[str, IndexedPicture]:
        """The pictures of these names, each an id or the file of a crop."""
        pictures: dict[str, IndexedPicture] = {}
        for chunk in batched(names, IDS_PER_REQUEST):
            query = {"bool": {"should": [{"ids": {"values": chunk}}, {"terms": {"image.crop": chunk}}]}}
            for batch in self.batches(query, fields):
                for picture in batch:
                    pictures |= {picture.id: picture, picture.source.get("image", {}).get("crop", picture.id): picture}
        return {name: pictures[name] for name in names if name in pictures}

    def update(self, changes: Iterable[tuple[IndexedPicture, Mapping[str, Any]]]) -> int:
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
            self._client, actions, index=self._index, chunk_size=200, raise_on_error=False, max_retries=3
        )
        written = 0
        for succeeded, result in results:
            written += succeeded
            if not succeeded and result["update"]["status"] not in (404, 409):
                raise FrontispieceError(f"Elasticsearch refused to label {result['update']['_id']}: {result['update']}")
        return written

    def refresh(self) -> None:
        self._client.indices.refresh(index=self._index)


def human_labelled_query() -> Query:
    """Pictures that a person gave a label."""
    return {"terms": {"label.source": list(HUMAN_SOURCES)}}


def feature_fields(model_names: Iterable[str]) -> dict[str, str]:
    """Model → the field that a classifier learns from."""
    return {model_name: features.classifier_field(model_name) for model_name in model_names}


def unlabelled_query(model_names: Iterable[str], classifier_id: str) -> Query:
    """Pictures that these models have seen and that neither a person nor this classifier has labelled."""
    return {
        "bool": {
            "filter": _exists_filters(feature_fields(model_names)),
            "must_not": [human_labelled_query(), {"term": {"label.model": classifier_id}}],
        }
    }


def unguessed_query(model_name: str, zero_shot_id: str) -> Query:
    """Pictures with this model's vectors whose class was not guessed from these prompts."""
    return {
        "bool": {
            "filter": _exists_filters(vector_fields(model_name)),
            "must_not": [{"term": {"zero_shot.model": zero_shot_id}}],
        }
    }


def vector_fields(model_name: str) -> dict[str, str]:
    """The field in which pictures and words share one space."""
    return {model_name: f"vectors.{model_name}"}


def _exists_filters(fields: Mapping[str, str]) -> list[Query]:
    return [{"exists": {"field": field}} for field in fields.values()]
