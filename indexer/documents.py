"""Pictures → hybrid documents: the only place that spells field names for writing."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from indexer import iiif
from indexer.records import Book, GraphicalElement, Leaf, Passage

MAX_ID_BYTES = 512
"""Elasticsearch's limit for `_id`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What kind of picture it is, and who says so."""

    name: str
    source: str
    """`catalogue` for a person's word, else the model's name."""
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that was cut from a page: all that its document is made of, but for the vectors."""

    book: Book
    leaf: Leaf
    element: GraphicalElement
    scan_width: int
    scan_height: int
    region: str = ""
    """IIIF Image API URL of the region in full size."""
    page_image: str = ""
    """IIIF Image API URL of the whole page."""

    @property
    def id(self) -> str:
        """The page's own identifier, ALTO's id and the box: indexing a book twice replaces, never doubles."""
        place = ":".join(part for part in (self.element.alto_id, str(self.element.box)) if part)
        readable = f"{_safe(self.leaf.id)}:{_safe(place)}"
        if len(readable.encode()) <= MAX_ID_BYTES:
            return readable
        return hashlib.sha256(readable.encode()).hexdigest()

    @property
    def crop_file(self) -> str:
        """Where the crop lies below the crops folder: two letters of a hash, so that no folder grows huge."""
        digest = hashlib.sha256(self.id.encode()).hexdigest()
        return f"{digest[:2]}/{digest[2:34]}.jpg"

    @property
    def large_file(self) -> str:
        """Where it lies for a reader who looks closely; empty where the crop is no smaller, or a server has it."""
        size = self.element.box.width, self.element.box.height
        if self.leaf.image_service or iiif.crop_size(*size) == size:
            return ""
        return self.crop_file.replace(".jpg", "-large.jpg")

    @property
    def label(self) -> Label | None:
        return Label(name=self.leaf.catalogue_label, source="catalogue") if self.leaf.catalogue_label else None


@dataclass(frozen=True, slots=True, kw_only=True)
class HybridDocument:
    """One picture as Elasticsearch keeps it: `id` and `_source`."""

    id: str
    source: dict[str, Any]
    vectors: Mapping[str, npt.NDArray[np.float32]] = field(default_factory=dict)
    """Per model, shape (dimensions,)."""

    @classmethod
    def of(cls, picture: Picture, made_from: str) -> Self:
        """The document without its vectors; `made_from` says which scan and which models, for the fingerprint."""
        source = _source(picture)
        material = json.dumps([source, made_from], ensure_ascii=False, sort_keys=True)
        fingerprint = hashlib.sha256(material.encode()).hexdigest()[:32]
        return cls(id=picture.id, source={**source, "fingerprint": fingerprint})

    @property
    def fingerprint(self) -> str:
        """Equal when everything that the document was made from is equal."""
        return str(self.source["fingerprint"])

    def with_vectors(self, vectors: Mapping[str, npt.NDArray[np.float32]]) -> Self:
        return replace(self, vectors=vectors)

    def body(self, indexed_at: str) -> dict[str, Any]:
        """`_source`, with the vectors as JSON numbers; `indexed_at` in ISO 8601."""
        vectors = {name: vector.tolist() for name, vector in self.vectors.items()}
        return {**self.source, "indexed_at": indexed_at, "vectors": vectors}


def _source(picture: Picture) -> dict[str, Any]:
    book, leaf, element = picture.book, picture.leaf, picture.element
    context, box, label = element.context, element.box, picture.label
    return _without_empty(
        {
            "book_id": book.id,
            "page_id": leaf.id,
            "alto_id": element.alto_id,
            "kind": element.kind,
            "page": leaf.number,
            "page_label": leaf.label,
            "box": {"x": box.x, "y": box.y, "width": box.width, "height": box.height},
            "scan": {"width": picture.scan_width, "height": picture.scan_height},
            "caption": _passage(context.caption),
            "context": {"before": _passage(context.before), "after": _passage(context.after)},
            "page_text": _passage(context.page_text),
            "title": book.title,
            "authors": list(book.authors),
            "subjects": list(book.subjects),
            "identifiers": list(book.identifiers),
            "year": book.year,
            "date": book.date,
            "publisher": book.publisher,
            "place": book.place,
            "language": list(book.languages),
            "type_of_work": book.type_of_work,
            "licence": book.licence,
            "label": label and {"name": label.name, "source": label.source, "confidence": label.confidence},
            "image": {
                "crop": picture.crop_file,
                "large": picture.large_file,
                "region": picture.region,
                "page": picture.page_image,
                "viewer": leaf.viewer or book.viewer,
            },
        }
    )


def _passage(passage: Passage) -> dict[str, Any] | None:
    if not passage.text:
        return None
    confidence = passage.confidence
    return {"text": passage.text, "confidence": None if confidence is None else round(confidence, 3)}


def _without_empty(value: Mapping[str, Any]) -> dict[str, Any]:
    """What a record does not say is left out rather than written as an empty string; 0 is a value."""
    kept = {key: _without_empty(each) if isinstance(each, Mapping) else each for key, each in value.items()}
    return {key: each for key, each in kept.items() if each not in (None, "", [], {})}


def _safe(identifier: str) -> str:
    """An identifier that stands in a URL's path unescaped; letters of every language stay."""
    return re.sub(r"[^\w.:,+~-]+", "_", identifier)
