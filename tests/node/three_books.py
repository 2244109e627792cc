"""Documents of three books with their pages and pictures, written by hand and without vectors."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk
from litestar.testing import TestClient

from api.app import create_app
from core.settings import Settings
from core.words.forms import index_forms
from core.words.text_languages import word_languages
from indexer.documents.imprints import imprint_fields
from indexer.documents.places import built_in_table
from indexer.elasticsearch.mappings import INDEX_KINDS, index_alias, index_body

SourceFields = dict[str, Any]

KYST: SourceFields = {
    "book_id": "kyst",
    "title": "Norges kyst",
    "authors": ["Collett, Camilla", "Moe, Anna"],
    "subjects": ["Fyrtårn", "Kyst"],
    "identifiers": ["URN:NBN:no-nb_digibok_1"],
    "year": 1885,
    "last_year": 1885,
    **imprint_fields("Aschehoug", "Kristiania", built_in_table()),
    "language": ["nb"],
    "type_of_work": "book",
}
STENE: SourceFields = {
    "book_id": "https://example.org/iiif/stene/manifest.json",
    "title": "Om Ædelstene",
    "authors": ["Holberg, Ludvig"],
    "subjects": ["Kyst"],
    "year": 1790,
    "last_year": 1790,
    **imprint_fields("Ædelsteens Enke", "København", built_in_table()),
    "language": ["da", "de"],
    "type_of_work": "book",
}
UNDATED: SourceFields = {
    "book_id": "undated",
    "title": "Kalender",
    **imprint_fields("ASCHEHOUG & Co.", "", built_in_table()),
    "type_of_work": "almanac",
}

FAMILY = {"id": "f1", "size": 3, "first_year": 1790, "last_year": 1885, "tier": "exact", "by": "tests"}

PICTURE_DATA: list[tuple[SourceFields, int, tuple[int, int], SourceFields]] = [
    # book, page, top left corner of the box, other fields; the pictures of a page are not in their printed order
    (KYST, 1, (10, 500), {"caption": {"text": "Et fyr"}, "label": {"name": "Illustration"}}),
    (KYST, 1, (10, 20), {"caption": {"text": "En havn"}, "label": {"name": "Illustration"}, "family": FAMILY}),
    (KYST, 2, (0, 0), {"hidden": True, "label": {"name": "Empty"}}),
    (KYST, 2, (300, 40), {"label": {"name": "Map"}}),
    (KYST, 2, (20, 40), {"label": {"name": "Map"}}),
    (KYST, 4, (0, 0), {"caption": {"text": "Et fyr om natten"}, "label": {"name": "Map"}}),
    (STENE, 1, (0, 0), {"caption": {"text": "Et fyr af steen"}, "label": {"name": "Illustration"}, "family": FAMILY}),
    (STENE, 3, (0, 0), {"label": {"name": "Vignette"}}),
    (UNDATED, 1, (0, 0), {"label": {"name": "Vignette"}, "family": FAMILY}),
    (UNDATED, 2, (0, 0), {"caption": {"text": "Fyr og flamme"}}),
]


def picture_id(number: int) -> str:
    return f"picture:{number}"


def form_fields(source: SourceFields) -> dict[str, str]:
    """Return the forms of the words of a document's texts, as the indexer writes them."""
    texts = {name: " ".join(source.get(name, [])) for name in ("authors", "subjects", "place_names")}
    texts |= {name: source.get(name, "") for name in ("title", "publisher")}
    texts |= {name: source.get(name, {}).get("text", "") for name in ("caption", "page_text")}
    texts["place"] = texts.pop("place_names")
    return {
        name: " ".join(index_forms(text, word_languages(source.get("language", []))))
        for name, text in texts.items()
        if text
    }


def picture_sources() -> dict[str, SourceFields]:
    return {
        picture_id(number): {
            **book,
            **extra_fields,
            "document": "picture",
            "page": page,
            "box": {"x": x, "y": y, "width": 100, "height": 80},
            "image": {"crop": f"aa/{number}.jpg"},
        }
        for number, (book, page, (x, y), extra_fields) in enumerate(PICTURE_DATA)
    }


def page_sources() -> dict[str, SourceFields]:
    """Return pages 1 to 4 of each book, by id."""
    return {
        f"page:{book_number}:{number}": {**book, "document": "page", "page": number, "page_text": {"text": "og et fyr"}}
        for book_number, book in enumerate((KYST, STENE, UNDATED))
        for number in range(1, 5)
    }


def book_sources() -> dict[str, SourceFields]:
    books_by_key = {"kyst": KYST, "https_example.org_iiif_stene_manifest.json": STENE, "undated": UNDATED}
    return {key: {**book, "document": "book", "pages": 4, "pictures": 3} for key, book in books_by_key.items()}


def index_books(client: Elasticsearch, alias: str) -> list[str]:
    """Write the documents into three indices with aliases; return the names of the indices."""
    documents = {"pictures": picture_sources(), "pages": page_sources(), "books": book_sources()}
    for source in (source for sources in documents.values() for source in sources.values()):
        source["forms"] = form_fields(source)
    index_names = []
    for kind in INDEX_KINDS:
        body, index_name = index_body(kind), f"{index_alias(alias, kind)}-v1"
        client.indices.create(index=index_name, **body, aliases={index_alias(alias, kind): {}})
        bulk(client, [{"_index": index_name, "_id": id_, "_source": source} for id_, source in documents[kind].items()])
        index_names.append(index_name)
    client.indices.refresh(index=index_names)
    return index_names


@contextmanager
def serve_books(client: Elasticsearch, node_url: str, data: Path) -> Iterator[TestClient[Any]]:
    """Serve the three books from indices of their own, which are deleted afterwards."""
    settings = Settings(alias=f"test-{uuid.uuid4().hex}", data=data)
    index_names = index_books(client, settings.alias)
    with TestClient(create_app(settings, elasticsearch_url=node_url, encoder_loaders={})) as api_client:
        yield api_client
    client.indices.delete(index=index_names)
