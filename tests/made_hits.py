"""Pictures for tests that need no index."""

from typing import Any

from api.books import Leaf, Plate, Record, leaf
from api.elasticsearch.hits import hit
from api.exports import Citation, Export
from api.responses import Hit

SOURCE: dict[str, Any] = {
    "document": "picture",
    "book_id": "URN:NBN:no-nb_digibok_1",
    "page_id": "digibok_1_0012",
    "title": "Norges kyst",
    "authors": ["Moe, Anna", "Grøndahl and Søn"],
    "identifiers": ["isbn:82-0001", "URN:NBN:no-nb_digibok_1"],
    "language": ["nob", "dan"],
    "year": 1885,
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
BASE = "https://pictures.example.org"

RECORD = Record(
    key="digibok_1",
    book_id="digibok_1",
    title="Norges kyst",
    authors=("Moe, Anna",),
    subjects=(),
    identifiers=("URN:NBN:no-nb_digibok_1",),
    year=885,
    date="885?",
    publisher="",
    place="Kristiania",
    languages=("nob",),
    type_of_work="",
    licence="https://creativecommons.org/publicdomain/zero/1.0/",
    viewer="https://library.example.org/1",
)


def picture(identity: str = "digibok_1_0012:GE1:10,20,300,400", **changes: Any) -> Hit:
    return hit({"_id": identity, "_score": 4.5, "_source": {**SOURCE, **changes}})


def plate(identity: str = "digibok_1_0012:GE1:10,20,300,400", **changes: Any) -> Plate:
    return Plate(hit=picture(identity, **changes), leaf=leaf({**SOURCE, **changes}))


def page(number: int, **changes: Any) -> Leaf:
    return leaf({"page": number, "scan": SOURCE["scan"], **changes})


def export(*hits: Hit, total: int | None = None) -> Export:
    citations = [Citation(hit=each, url=f"{BASE}/pictures/{n}", image=f"{BASE}/{n}.jpg") for n, each in enumerate(hits)]
    return Export(citations=tuple(citations), total=len(citations) if total is None else total)
