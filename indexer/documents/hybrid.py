"""Pictures, pages and books → documents. Only the package `documents` knows the names of the fields it writes."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np

from core import image_api
from core.dates import YearRange
from core.encoders.protocols import Features, Vectors
from core.identifiers import document_id
from core.languages import language_codes
from core.words.text_languages import word_languages
from indexer.documents.caption_heads import caption_head
from indexer.documents.form_fields import form_fields
from indexer.documents.imprints import imprint_fields
from indexer.documents.pictures import Label, OcrPage, Picture
from indexer.documents.places import PlaceTable, built_in_table
from indexer.documents.stored import Correction, StoredVersion
from indexer.records import Book, Leaf, TextPassage

VECTOR_DECIMALS = 9
"""Of a number of 32 bits between 1/64 and 1 they are exact; smaller numbers change by less than 5e-10."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexDocument:
    """The document of a page or a book: its id and its `_source`."""

    id: str
    source: Mapping[str, Any]

    @property
    def fingerprint(self) -> str:
        """A hash of everything that the document was made from; a run writes a document only if it differs."""
        return str(self.source["fingerprint"])

    def is_current(self, versions: Mapping[str, StoredVersion]) -> bool:
        """Return whether the index already has the document in this form; `versions` are those there, by id."""
        version = versions.get(self.id)
        return version is not None and version.fingerprint == self.fingerprint

    def body(self, indexed_at: str, *, packs_vectors: bool = False) -> dict[str, Any]:  # noqa: ARG002 it has none
        """Return `_source`; `indexed_at` is in ISO 8601."""
        return {**self.source, "indexed_at": indexed_at}


@dataclass(frozen=True, slots=True, kw_only=True)
class HybridDocument(IndexDocument):
    """The document of a picture: its text and its vectors."""

    vectors: Mapping[str, Vectors] = field(default_factory=dict)
    """Per model, shape (dimensions,)."""
    features: Mapping[str, Features] = field(default_factory=dict)
    """Features for the classifier, from models that have more of them than their vectors."""

    @classmethod
    def from_picture(cls, picture: Picture, provenance: str, places: PlaceTable | None = None) -> Self:
        """Return the document without vectors; `provenance` names the scan and the models, for the fingerprint."""
        return cls(id=picture.id, source=_add_fingerprint(_picture_source(picture, places), provenance))

    def with_vectors(self, vectors: Mapping[str, Vectors], features: Mapping[str, Features] | None = None) -> Self:
        return replace(self, vectors=vectors, features=features or {})

    @property
    def classifier_inputs(self) -> dict[str, Vectors | Features]:
        """What a classifier learns from, by model: the features, or the vector of a model without features."""
        return {**self.vectors, **self.features}

    @property
    def label(self) -> Label | None:
        """The label that the document has so far, from the catalogue or from a librarian."""
        label = self.source.get("label")
        return Label(name=label["name"], source=label["source"]) if label else None

    def with_correction(self, correction: Correction) -> Self:
        """Return a copy with a librarian's label; the fingerprint stays, for it describes the files."""
        hidden_field = {"hidden": correction.hidden} if correction.hidden or self.source.get("hidden") else {}
        return self.with_fields({"label": dict(correction.label), **hidden_field})

    def with_pixels(self, *, digest: str, colour: str, origin: str, decoration: str) -> Self:
        """Return a copy that says what its vectors are made from: checksums of the pixels, and of their place."""
        image = {**self.source.get("image", {}), "digest": digest, "colour": colour, "origin": origin}
        return self.with_fields({"image": image, **({"decoration": decoration} if decoration else {})})

    def with_fields(self, fields: Mapping[str, Any]) -> Self:
        """Return a copy with these fields of `_source`, for a classifier's decision; the fingerprint stays."""
        return replace(self, source={**self.source, **fields})

    def body(self, indexed_at: str, *, packs_vectors: bool = False) -> dict[str, Any]:
        """Return `_source` with the features as numbers, and the vectors as numbers or packed in Base64.

        Packed are the big-endian bytes of the numbers with 32 bits each, less than half of the JSON of the numbers.
        Features are not sent as hexadecimal bytes, because Elasticsearch 9.1 does not return these as a field.
        """
        vectors = {name: _pack(vector) if packs_vectors else _numbers(vector) for name, vector in self.vectors.items()}
        features = {name: values.tolist() for name, values in self.features.items()}
        return {
            **self.source,
            "indexed_at": indexed_at,
            "vectors": vectors,
            **({"features": features} if features else {}),
        }


def _numbers(vector: Vectors) -> list[float]:
    """Return the numbers of a vector without digits that 32 bits do not hold, which are half of the JSON."""
    numbers: list[float] = vector.astype(np.float64).round(VECTOR_DECIMALS).tolist()
    return numbers


def _pack(vector: Vectors) -> str:
    return base64.b64encode(vector.astype(">f4").tobytes()).decode("ascii")


def page_document(page: OcrPage, places: PlaceTable | None = None) -> IndexDocument:
    """Return the document of a page: its text and the box of each word."""
    book, leaf, service = page.book, page.leaf, page.leaf.image_service or ""
    record = record_fields("page", book, places)
    source = {
        **record,
        **_page_fields(leaf, page.width, page.height, page.scan_name),
        "page_text": _passage_field(page.text),
        "forms": form_fields(record, word_languages(book.languages, page.language), page_text=page.text.text),
        "boxes": page.word_boxes,
        "pictures": page.picture_count,
        "image": {
            "page": image_api.page_url(service, version=leaf.image_api_version) if service else "",
            "service": service,
            "viewer": leaf.viewer or book.viewer,
        },
    }
    return IndexDocument(id=document_id(leaf.id), source=_add_fingerprint(source))


def book_document(
    book: Book, *, pages: int, pictures: int, source: str = "", places: PlaceTable | None = None
) -> IndexDocument:
    """Return the document of a book: its record, how many pages and pictures are indexed, and where it was read."""
    record = record_fields("book", book, places)
    fields = {
        **record,
        "forms": form_fields(record, word_languages(book.languages)),
        "pages": pages,
        "pictures": pictures,
        "source": source,
        "image": {"viewer": book.viewer},
    }
    return IndexDocument(id=document_id(book.id), source=_add_fingerprint(fields))


def _picture_source(picture: Picture, places: PlaceTable | None) -> dict[str, Any]:
    leaf, element, label = picture.leaf, picture.element, picture.label
    context, box = element.context, element.box
    record = record_fields("picture", picture.book, places)
    languages = word_languages(picture.book.languages, picture.language)
    return {
        **record,
        **_page_fields(leaf, picture.scan_width, picture.scan_height, picture.scan_name),
        "alto_id": element.alto_id,
        "block_type": element.block_type,
        "box": {"x": box.x, "y": box.y, "width": box.width, "height": box.height},
        "caption": _passage_field(context.caption),
        "context": {"before": _passage_field(context.before), "after": _passage_field(context.after)},
        "page_text": _passage_field(context.page_text),
        "forms": form_fields(
            record,
            languages,
            caption=context.caption.text,
            caption_head=caption_head(context.caption.text, languages),
            before=context.before.text,
            after=context.after.text,
            page_text=context.page_text.text,
        ),
        "label": label and {"name": label.name, "source": label.source, "confidence": label.confidence},
        "image": {
            "crop": picture.crop_file,
            "large": picture.large_file,
            "region": picture.region,
            "page": picture.page_image,
            "viewer": leaf.viewer or picture.book.viewer,
        },
    }


def record_fields(document_type: str, book: Book, places: PlaceTable | None = None) -> dict[str, Any]:
    """The catalogue record, which all three kinds of document have; `places` is the package's table if it is None."""
    return {
        "document": document_type,
        "book_id": book.id,
        "title": book.title,
        "alternative_titles": list(book.alternative_titles),
        "authors": list(book.authors),
        "subjects": list(book.subjects),
        "identifiers": list(book.identifiers),
        **_year_fields(book.years),
        "date": book.date,
        **imprint_fields(book.publisher, book.place, places or built_in_table()),
        "language": list(language_codes(book.languages)),
        "type_of_work": book.type_of_work,
        "licence": book.licence,
    }


def _year_fields(years: YearRange | None) -> dict[str, Any]:
    return {"year": years.first, "last_year": years.last, "year_is_certain": years.is_certain} if years else {}


def _page_fields(leaf: Leaf, width: int, height: int, scan_name: str) -> dict[str, Any]:
    file = {"file": scan_name, "frame": leaf.frame, "upright": leaf.is_upright} if scan_name else {}
    return {
        "page_id": leaf.id,
        "page": leaf.number,
        "page_label": leaf.label,
        "scan": {"width": width, "height": height, **file},
    }


def _add_fingerprint(source: Mapping[str, Any], provenance: str = "") -> dict[str, Any]:
    """Drop empty fields and add the fingerprint."""
    fields = _drop_empty(source)
    material = json.dumps([fields, provenance], ensure_ascii=False, sort_keys=True)
    return {**fields, "fingerprint": hashlib.sha256(material.encode(errors="surrogatepass")).hexdigest()[:32]}


def _passage_field(passage: TextPassage) -> dict[str, Any] | None:
    if not passage.text:
        return None
    confidence = passage.confidence
    return {"text": passage.text, "confidence": None if confidence is None else round(confidence, 3)}


def _drop_empty(source: Mapping[str, Any]) -> dict[str, Any]:
    """Remove empty strings, lists and objects at every level; 0 and False are values."""
    nested = {key: _drop_empty(item) if isinstance(item, Mapping) else item for key, item in source.items()}
    return {key: item for key, item in nested.items() if item not in (None, "", [], {})}
