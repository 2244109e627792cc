"""What search engines are told about a picture and a book."""

from typing import Any

from api.elasticsearch.book_hits import read_book_details
from api.elasticsearch.hits import read_hit
from api.pages.linked_data import book_data, picture_data

BASE_URL = "https://example.org"


def picture(**source: Any) -> Any:
    fields = {"book_id": "b1", "book_key": "b1", "page": 3, "caption": {"text": "A brig"}, "title": "Ships", **source}
    return read_hit({"_id": "p:1/2", "_source": fields})


def test_a_picture_is_part_of_its_book() -> None:
    hit = picture(
        authors=["Tveit, Ingeborg"],
        publisher="Grieg",
        place="Bergen",
        date="1867",
        year=1867,
        language=["nb"],
        licence="https://creativecommons.org/publicdomain/mark/1.0/",
    )
    data = picture_data(hit, BASE_URL)
    assert (data["@type"], data["name"], data["datePublished"]) == ("VisualArtwork", "A brig", "1867")
    assert data["license"] == data["image"]["license"] == "https://creativecommons.org/publicdomain/mark/1.0/"
    book = data["isPartOf"]
    assert (book["@type"], book["name"], book["inLanguage"]) == ("Book", "Ships", ["nb"])
    assert book["author"] == [{"@type": "Person", "name": "Tveit, Ingeborg"}]
    assert book["publisher"] == {"@type": "Organization", "name": "Grieg", "location": "Bergen"}


def test_unknown_facts_are_left_out() -> None:
    data = picture_data(picture(licence="Rights unknown"), BASE_URL)
    assert {"license", "datePublished", "artform"}.isdisjoint(data)
    assert set(data["isPartOf"]) == {"@type", "@id", "name"}


def test_a_book_between_two_years_has_an_interval() -> None:
    source = {"book_id": "b1", "title": "Ships", "year": 1860, "last_year": 1869}
    data = book_data(read_book_details({"_id": "b 1", "_source": source}), BASE_URL)
    assert (data["datePublished"], data["url"]) == ("1860/1869", "https://example.org/books/b%201")
    assert "author" not in data
