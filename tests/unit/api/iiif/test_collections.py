"""Results as Collections."""

from typing import Any

from api.iiif import collections
from api.iiif.addresses import Addresses
from api.responses import SearchPage
from tests.iiif_rules import broken
from tests.made_hits import BASE, picture

ADDRESSES = {name: f"{BASE}/{name}" for name in ("this", "whole", "annotations", "home")}


def found(**changes: Any) -> SearchPage:
    values: dict[str, Any] = {"total": 60, "page": 3, "pages": 3, "size": 24, "took": 1, "models": []}
    return SearchPage(**{**values, **changes})


def test_the_whole_is_a_collection_of_its_pages() -> None:
    pages = [f"{BASE}/s?page={number}" for number in (1, 2, 3)]
    whole = collections.whole(f"{BASE}/s", pages, "fyr", found(), f"{BASE}/?q=fyr")
    assert broken(whole) == []
    assert [item["label"]["en"] for item in whole["items"]] == [
        ["Pictures 1 to 24 of 60"],
        ["Pictures 25 to 48 of 60"],
        ["Pictures 49 to 60 of 60"],
    ]


def test_a_page_is_a_collection_of_pictures() -> None:
    page = collections.page(ADDRESSES, "fyr", found(hits=[picture("a b")]), Addresses(BASE))
    assert broken(page) == []
    assert page["items"][0]["id"] == f"{BASE}/iiif/pictures/a%20b/manifest"
    assert page["partOf"] == [{"id": f"{BASE}/whole", "type": "Collection"}]


def test_nothing_found_is_an_empty_collection() -> None:
    page = collections.page(ADDRESSES, "fyr", found(total=0, page=1, pages=0), Addresses(BASE))
    assert broken(page) == []
    assert (page["items"], page["summary"]) == ([], {"en": ["No pictures"]})
