"""Results as Collections."""

from typing import Any

from api.iiif import collections
from api.iiif.collections import ResultPageLinks
from api.iiif.urls import IIIFUrls
from api.responses import ResultPage
from tests.hit_factory import BASE_URL, make_hit
from tests.iiif_rules import rule_violations

LINKS = ResultPageLinks(
    this=f"{BASE_URL}/this",
    whole=f"{BASE_URL}/whole",
    annotations=f"{BASE_URL}/annotations",
    homepage=f"{BASE_URL}/home",
)


def make_result_page(**field_changes: Any) -> ResultPage:
    values: dict[str, Any] = {"total": 60, "page": 3, "pages": 3, "size": 24, "took": 1, "models": []}
    return ResultPage(**{**values, **field_changes})


def test_all_results_are_a_collection_of_pages() -> None:
    page_urls = [f"{BASE_URL}/s?page={number}" for number in (1, 2, 3)]
    collection = collections.build_result_collection(
        f"{BASE_URL}/s", page_urls, "fyr", make_result_page(), f"{BASE_URL}/?q=fyr"
    )
    assert rule_violations(collection) == []
    assert [item["label"]["en"] for item in collection["items"]] == [
        ["Pictures 1 to 24 of 60"],
        ["Pictures 25 to 48 of 60"],
        ["Pictures 49 to 60 of 60"],
    ]


def test_a_page_of_results_is_a_collection_of_manifests() -> None:
    collection = collections.build_result_page_collection(
        LINKS, "fyr", make_result_page(hits=[make_hit("a b")]), IIIFUrls(BASE_URL)
    )
    assert rule_violations(collection) == []
    assert collection["items"][0]["id"] == f"{BASE_URL}/iiif/pictures/a%20b/manifest"
    assert collection["partOf"] == [{"id": f"{BASE_URL}/whole", "type": "Collection"}]


def test_no_results_are_an_empty_collection() -> None:
    collection = collections.build_result_page_collection(
        LINKS, "fyr", make_result_page(total=0, page=1, pages=0), IIIFUrls(BASE_URL)
    )
    assert rule_violations(collection) == []
    assert (collection["items"], collection["summary"]) == ([], {"en": ["No pictures"]})
