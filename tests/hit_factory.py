"""Builders of hits, leaves and exports for tests that need no index."""

from typing import Any

from api.elasticsearch.book_hits import read_leaf
from api.elasticsearch.hits import read_hit
from api.exports import Citation, Export
from api.records import BookDetails, BookLeaf, BookPicture
from api.responses import Hit
from core.dates import YearRange

SOURCE: dict[str, Any] = {
    "document": "picture",
    "book_id": "URN:NBN:no-nb_digibok_1",
    "page_id": "digibok_1_0012",
    "title": "Norges kyst",
    "authors": ["Moe, Anna", "Grøndahl and Søn"],
    "identifiers": ["isbn:82-0001", "URN:NBN:no-nb_digibok_1"],
    "language": ["nob", "dan"],
    "year": 1885,
    "last_year": 1885,
    "date": "1885",
    "publisher": "Aschehoug",
    "place": "Kristiania",
    "licence": "https://creativecommons.org/publicdomain/zero/1.0/deed.no",
    "page": 12,
    "page_label": "iv",
    "box": {"x": 10, "y": 20, "width": 300, "height": 400},
    "scan": {"width": 1200, "height": 1800},
    "caption": {"text": "Et fyr"},
    "label": {"name": "Map"},
    "image": {"crop": "ab/cd.jpg", "large": "ab/cd-large.jpg", "viewer": "https://library.example.org/12"},
}
CLASSIFIER_LABEL = {
    "name": "Map",
    "source": "classifier",
    "confidence": 0.93,
    "model": "c0ffee",
    "at": "2026-01-02T03:04:05+00:00",
}
BASE_URL = "https://pictures.example.org"

BOOK_DETAILS = BookDetails(
    key="digibok_1",
    book_id="digibok_1",
    title="Norges kyst",
    alternative_titles=("The Coast of Norway",),
    authors=("Moe, Anna",),
    subjects=(),
    identifiers=("URN:NBN:no-nb_digibok_1",),
    year=885,
    years=YearRange(885, 885, is_certain=False),
    date="885?",
    publisher="",
    place="Kristiania",
    languages=("nob",),
    type_of_work="",
    licence="https://creativecommons.org/publicdomain/zero/1.0/",
    viewer="https://library.example.org/1",
)


def make_hit(picture_id: str = "digibok_1_0012:GE1:10,20,300,400", **changes: Any) -> Hit:
    return read_hit({"_id": picture_id, "_score": 4.5, "_source": {**SOURCE, **changes}})


def make_book_picture(picture_id: str = "digibok_1_0012:GE1:10,20,300,400", **changes: Any) -> BookPicture:
    return BookPicture(hit=make_hit(picture_id, **changes), leaf=read_leaf({**SOURCE, **changes}))


def make_book_leaf(number: int, **changes: Any) -> BookLeaf:
    return read_leaf({"page": number, "scan": SOURCE["scan"], **changes})


def make_export(*hits: Hit, total: int | None = None) -> Export:
    citations = [
        Citation(hit=exported_hit, url=f"{BASE_URL}/pictures/{number}", image=f"{BASE_URL}/{number}.jpg")
        for number, exported_hit in enumerate(hits)
    ]
    return Export(citations=tuple(citations), total=len(citations) if total is None else total)
