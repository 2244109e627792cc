"""The index of pictures as classification uses it: reading vectors and labels, and writing labels."""

from collections.abc import Collection as AbstractCollection
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from elasticsearch import Elasticsearch

from core.batches import batched
from core.encoders import Vectors, features
from core.encoders.fingerprint import ModelFingerprint
from indexer.documents.pictures import LIBRARIAN
from indexer.elasticsearch.collection import Collection
from indexer.elasticsearch.index_meta import IndexMeta
from indexer.elasticsearch.picture_updates import NOT_FOUND, VERSION_CONFLICT, scan_hits, update_pictures

BATCH_SIZE = 500
"""Pictures in memory at a time; four models with 768 dimensions need about 30 MB of JSON."""
IDS_PER_REQUEST = 10_000
"""Elasticsearch allows 65,536 terms in a request."""

CATALOGUE = "catalogue"
HUMAN_SOURCES = (CATALOGUE, LIBRARIAN)
"""Values of `label.source` for labels from people: training uses them, and no classifier overwrites them."""
SOURCE_FIELDS = ("label", "book_id", "image.crop")

Query = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedPicture:
    """A picture as it is in the index."""

    id: str
    source: Mapping[str, Any]
    vectors: Mapping[str, Vectors]
    """By model, one-dimensional; the field is the one that was requested."""
    version: tuple[int, int]
    """Sequence number and primary term: an update fails if the document has changed since."""

    @classmethod
    def from_hit(cls, hit: Mapping[str, Any], fields: Mapping[str, str]) -> Self:
        """Parse a search hit; `fields` maps a model to the field of its vectors."""
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
        self._client, self._alias = client, alias
        collection = Collection.open_existing(client, alias)
        self._index, self._books_index = collection.pictures.name, collection.books.name

    def model_fingerprints(self) -> dict[str, ModelFingerprint]:
        """Return vision model → its fingerprint."""
        return IndexMeta.read(self._client, self._index).vision_models

    def count(self, query: Query) -> int:
        return int(self._client.count(index=self._index, query=query)["count"])

    def batches(self, query: Query, fields: Mapping[str, str]) -> Iterator[list[IndexedPicture]]:
        """Yield the pictures that match a query, in batches; `fields` maps a model to the field of its vectors."""
        body = {
            "query": query,
            "_source": list(SOURCE_FIELDS),
            # `fields` returns vectors even if `_source` excludes them.
            "fields": list(fields.values()),
            "seq_no_primary_term": True,
        }
        hits = scan_hits(self._client, self._index, body, size=BATCH_SIZE)
        return batched((IndexedPicture.from_hit(hit, fields) for hit in hits), BATCH_SIZE)

    def find(self, names: Sequence[str], fields: Mapping[str, str]) -> dict[str, IndexedPicture]:
        """Return the pictures with these names; a name is an id or the file name of a crop."""
        pictures: dict[str, IndexedPicture] = {}
        for chunk in batched(names, IDS_PER_REQUEST):
            query = {"bool": {"should": [{"ids": {"values": chunk}}, {"terms": {"image.crop": chunk}}]}}
            for batch in self.batches(query, fields):
                for picture in batch:
                    pictures |= {picture.id: picture, picture.source.get("image", {}).get("crop", picture.id): picture}
        return {name: pictures[name] for name in names if name in pictures}

    def book_sources(self, book_ids: AbstractCollection[str]) -> dict[str, str]:
        """Return book → the URL or path at which it was read, for books that the index has."""
        sources: dict[str, str] = {}
        for chunk in batched(sorted(book_ids), IDS_PER_REQUEST):
            body = {"query": {"terms": {"book_id": chunk}}, "_source": ["book_id", "source"]}
            hits = scan_hits(self._client, self._books_index, body, size=BATCH_SIZE)
            sources |= {str(hit["_source"]["book_id"]): str(hit["_source"].get("source", "")) for hit in hits}
        return sources

    def update(self, changes: Iterable[tuple[IndexedPicture, Mapping[str, Any]]]) -> int:
        """Write these fields and return how many pictures were updated.

        A picture that was removed or changed since it was read is skipped: a person may have labelled it.
        """
        updates = (
            {
                "_id": picture.id,
                "doc": dict(fields),
                "if_seq_no": picture.version[0],
                "if_primary_term": picture.version[1],
            }
            for picture, fields in changes
        )
        return update_pictures(self._client, self._alias, updates, ignored_statuses=[NOT_FOUND, VERSION_CONFLICT])

    def refresh(self) -> None:
        self._client.indices.refresh(index=self._index)


def human_labelled_query() -> Query:
    """Match pictures with a label from a person or from the catalogue."""
    return {"terms": {"label.source": list(HUMAN_SOURCES)}}


def feature_fields(model_names: Iterable[str]) -> dict[str, str]:
    """Return model → the field that classifiers learn from."""
    return {model_name: features.classifier_field(model_name) for model_name in model_names}


def unlabelled_query(model_names: Iterable[str], classifier_id: str) -> Query:
    """Match pictures with features of these models that neither a person nor this classifier has labelled."""
    return {
        "bool": {
            "filter": _exists_filters(feature_fields(model_names)),
            "must_not": [human_labelled_query(), {"term": {"label.model": classifier_id}}],
        }
    }


def unguessed_query(model_name: str, zero_shot_id: str) -> Query:
    """Match pictures with vectors of this model that have no zero-shot guess from these prompts."""
    return {
        "bool": {
            "filter": _exists_filters(vector_fields(model_name)),
            "must_not": [{"term": {"zero_shot.model": zero_shot_id}}],
        }
    }


def vector_fields(model_name: str) -> dict[str, str]:
    """Return the model's vector field, in whose space pictures and texts are comparable."""
    return {model_name: f"vectors.{model_name}"}


def _exists_filters(fields: Mapping[str, str]) -> list[Query]:
    return [{"exists": {"field": field}} for field in fields.values()]
