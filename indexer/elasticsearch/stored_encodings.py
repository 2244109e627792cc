"""What models have made of pictures in earlier runs: read from the indices, so that no model makes it again."""

from collections.abc import Collection as Names
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from elasticsearch import Elasticsearch

from core.batches import batched
from core.encoders.fingerprint import ModelFingerprint, check_fingerprint
from core.encoders.protocols import Features, VectorModel, Vectors
from core.errors import FingerprintMismatch
from indexer.documents.passages import passage_of_picture
from indexer.elasticsearch.collection import Collection
from indexer.elasticsearch.index_meta import IndexMeta

PICTURES_PER_REQUEST = 200
VECTOR_PREFIX, FEATURE_PREFIX = "vectors.", "features."
SOURCE_FIELDS = ("image.digest", "image.colour", "image.origin", "decoration", "caption.text", "context", "title")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEncoding:
    """The vectors and features of a picture, and what they were made from."""

    digest: str = ""
    """The checksum of the pixels."""
    colour: str = ""
    """The mean colour, as six hexadecimal digits."""
    origin: str = ""
    """The checksum of where the pixels are: the scan's file and the region in it."""
    decoration: str = ""
    passage: str = ""
    """The words that the text model read."""
    vectors: Mapping[str, Vectors] = field(default_factory=dict)
    """Per model, shape (dimensions,)."""
    features: Mapping[str, Features] = field(default_factory=dict)

    @classmethod
    def from_hit(cls, hit: Mapping[str, Any]) -> Self:
        """Read a search hit with the fields of the vectors and features."""
        source, fields = hit["_source"], hit.get("fields", {})
        image = source.get("image", {})
        return cls(
            digest=image.get("digest", ""),
            colour=image.get("colour", ""),
            origin=image.get("origin", ""),
            decoration=source.get("decoration", ""),
            passage=passage_of_picture(source),
            vectors={name: np.asarray(values, np.float32) for name, values in _select(fields, VECTOR_PREFIX)},
            features={name: np.asarray(values, np.int8) for name, values in _select(fields, FEATURE_PREFIX)},
        )


class StoredEncodings:
    """Looks for what the models of a run have made: in the index that it fills, and in the one that it replaces."""

    def __init__(self, client: Elasticsearch, collection: Collection, encoders: Sequence[VectorModel]) -> None:
        self._client = client
        self._fields_by_index = {
            index.name: _stored_fields(client, index.name, encoders)
            for index in (collection.replaced_pictures, collection.pictures)
            if index
        }

    def by_id(self, ids: Sequence[str]) -> dict[str, StoredEncoding]:
        """Return what there is of these pictures, by id."""
        return {
            hit["_id"]: StoredEncoding.from_hit(hit)
            for chunk in batched(ids, PICTURES_PER_REQUEST)
            for hit in self._search({"ids": {"values": chunk}}, len(chunk))
        }

    def by_digest(self, digests: Iterable[str]) -> dict[str, StoredEncoding]:
        """Return what there is of pictures with these pixels, in whatever book, by digest."""
        encodings = (
            StoredEncoding.from_hit(hit)
            for chunk in batched(sorted(set(digests)), PICTURES_PER_REQUEST)
            for hit in self._search({"terms": {"image.digest": chunk}}, len(chunk), collapse={"field": "image.digest"})
        )
        return {encoding.digest: encoding for encoding in encodings}

    def _search(self, query: Mapping[str, Any], size: int, **options: Any) -> Iterator[Mapping[str, Any]]:
        """Yield the hits of every index; those of the index that the run fills are the last."""
        for name, fields in self._fields_by_index.items():
            if not fields:
                continue
            # `fields` returns vectors even if `_source` excludes them.
            response = self._client.search(
                index=name,
                query=query,
                size=size,
                source_includes=list(SOURCE_FIELDS),
                fields=[{"field": field_name} for field_name in fields],
                **options,
            )
            yield from response["hits"]["hits"]


def _stored_fields(client: Elasticsearch, name: str, encoders: Sequence[VectorModel]) -> list[str]:
    """Return the fields that the models of the run have filled; none in an index that knows no digests."""
    mapping = client.indices.get_mapping(index=name)[name]["mappings"]
    properties = mapping.get("properties", {})
    if "digest" not in properties.get("image", {}).get("properties", {}):
        return []
    models = _equal_models(IndexMeta.from_mapping(mapping).models, encoders)
    return [
        f"{prefix}{model}"
        for prefix in (VECTOR_PREFIX, FEATURE_PREFIX)
        for model in properties.get(prefix.rstrip("."), {}).get("properties", {})
        if model in models
    ]


def _equal_models(models: Mapping[str, ModelFingerprint], encoders: Sequence[VectorModel]) -> Names[str]:
    """Return the names of the encoders that have filled an index."""
    equal_models = set()
    for encoder in encoders:
        if encoder.name in models:
            try:
                check_fingerprint(models[encoder.name], encoder)
            except FingerprintMismatch:
                continue
            equal_models.add(encoder.name)
    return equal_models


def _select(fields: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    """Yield model → values of the fields with a prefix."""
    return ((name.removeprefix(prefix), values) for name, values in fields.items() if name.startswith(prefix))
