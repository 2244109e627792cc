"""Pictures, pages and books → documents: the only place that spells field names for writing."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from core import image_api
from core.encoders.features import Traits
from core.encoders.protocols import Vectors
from core.identifiers import document_id
from indexer.documents.languages import analysers
from indexer.documents.pictures import Picture, PrintedPage
from indexer.records import Book, Leaf, Passage


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What Elasticsearch keeps of a page or a book: `id` and `_source`."""

    id: str
    source: dict[str, Any]

    @property
    def fingerprint(self) -> str:
        """Equal when everything that the document was made from is equal."""
        return str(self.source["fingerprint"])

    def body(self, indexed_at: str) -> dict[str, Any]:
        """`_source`; `indexed_at` in ISO 8601."""
        return {**self.source, "indexed_at": indexed_at}


@dataclass(frozen=True, slots=True, kw_only=True)
class HybridDocument(Document):
    """One picture: its words and its vectors in one document."""

    vectors: Mapping[str, Vectors] = field(default_factory=dict)
    """Per model, shape (dimensions,)."""
    traits: Mapping[str, Traits] = field(default_factory=dict)
    """What a classifier learns from, of the models that have more of it than their vectors."""

    @classmethod
    def of(cls, picture: Picture, made_from: str) -> Self:
        """The document without its vectors; `made_from` says which scan and which models, for the fingerprint."""
        return cls(id=picture.id, source=_stamped(_picture(picture), made_from))

    def with_vectors(self, vectors: Mapping[str, Vectors], traits: Mapping[str, Traits] | None = None) -> Self:
        return replace(self, vectors=vectors, traits=traits or {})

    @property
    def learnable(self) -> dict[str, Vectors | Traits]:
        """Per model what a classifier learns from."""
        return {**self.vectors, **self.traits}

    def labelled(self, label: Mapping[str, Any], *, set_aside: bool = False) -> Self:
        """The same under the label that a person gave it here; the fingerprint is of what the files say."""
        hidden = {"set_aside": True} if set_aside else {}
        return replace(self, source={**self.source, "label": dict(label), **hidden})

    def body(self, indexed_at: str) -> dict[str, Any]:
        """`_source`, with the vectors as JSON numbers, and bytes as Elasticsearch reads them shortest: hexadecimal."""
        vectors = {name: vector.tolist() for name, vector in self.vectors.items()}
        traits = {name: row.tobytes().hex() for name, row in self.traits.items()}
        return {**self.source, "indexed_at": indexed_at, "vectors": vectors, **({"traits": traits} if traits else {})}


def page_document(page: PrintedPage) -> Document:
    """The words of a page and where each stands."""
    book, leaf, service = page.book, page.leaf, page.leaf.image_service or ""
    source = {
        **_record("page", book),
        **_place(leaf, page.width, page.height),
        "page_text": _passage(page.text),
        "stems": _stems(book, page.language, page_text=page.text.text),
        "boxes": page.boxes,
        "pictures": page.pictures,
        "image": {
            "page": image_api.page_url(service, version=leaf.image_api) if service else "",
            "service": service,
            "viewer": leaf.viewer or book.viewer,
        },
    }
    return Document(id=document_id(leaf.id), source=_stamped(source))


def book_document(book: Book, *, pages: int, pictures: int) -> Document:
    """The catalogue record, with how much of the book is here."""
    source = {
        **_record("book", book),
        "stems": _stems(book),
        "pages": pages,
        "pictures": pictures,
        "image": {"viewer": book.viewer},
    }
    return Document(id=document_id(book.id), source=_stamped(source))


def _picture(picture: Picture) -> dict[str, Any]:
    leaf, element, label = picture.leaf, picture.element, picture.label
    context, box = element.context, element.box
    return {
        **_record("picture", picture.book),
        **_place(leaf, picture.scan_width, picture.scan_height),
        "alto_id": element.alto_id,
        "kind": element.kind,
        "box": {"x": box.x, "y": box.y, "width": box.width, "height": box.height},
        "caption": _passage(context.caption),
        "context": {"before": _passage(context.before), "after": _passage(context.after)},
        "page_text": _passage(context.page_text),
        "stems": _stems(
            picture.book,
            picture.language,
            caption=context.caption.text,
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


def _record(document: str, book: Book) -> dict[str, Any]:
    """The catalogue record, the same in all three."""
    return {
        "document": document,
        "book_id": book.id,
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
    }


def _place(leaf: Leaf, width: int, height: int) -> dict[str, Any]:
    return {
        "page_id": leaf.id,
        "page": leaf.number,
        "page_label": leaf.label,
        "scan": {"width": width, "height": height},
    }


def _stems(book: Book, page_language: str = "", **texts: str) -> dict[str, Any]:
    """The words once more for each of the book's languages, whose analyser stems them."""
    words = {"title": book.title, "subjects": list(book.subjects), **texts}
    return dict.fromkeys(analysers(book.languages, page_language), words)


def _stamped(source: Mapping[str, Any], made_from: str = "") -> dict[str, Any]:
    """What is not empty, with its fingerprint."""
    kept = _without_empty(source)
    material = json.dumps([kept, made_from], ensure_ascii=False, sort_keys=True)
    return {**kept, "fingerprint": hashlib.sha256(material.encode()).hexdigest()[:32]}


def _passage(passage: Passage) -> dict[str, Any] | None:
    if not passage.text:
        return None
    confidence = passage.confidence
    return {"text": passage.text, "confidence": None if confidence is None else round(confidence, 3)}


def _without_empty(value: Mapping[str, Any]) -> dict[str, Any]:
    """What a record does not say is left out rather than written as an empty string; 0 is a value."""
    kept = {key: _without_empty(each) if isinstance(each, Mapping) else each for key, each in value.items()}
    return {key: each for key, each in kept.items() if each not in (None, "", [], {})}
