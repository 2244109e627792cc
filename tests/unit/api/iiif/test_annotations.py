"""Pictures as regions of their pages."""

from api.iiif import annotations
from api.iiif.urls import IIIFUrls
from tests.hit_factory import BASE_URL, make_hit
from tests.iiif_rules import rule_violations

URLS = IIIFUrls(BASE_URL)


def test_a_page_of_pictures_keeps_the_rules() -> None:
    page = annotations.annotation_page(f"{BASE_URL}/x", [make_hit(), make_hit("b", caption=None, label={})], URLS)
    assert rule_violations(page) == []
    first, second = page["items"]
    assert first["target"].endswith("/canvas/12#xywh=10,20,300,400")
    assert [body.get("value") for body in first["body"]] == ["Et fyr", "Map", None]
    assert second["body"] == [{"id": f"{BASE_URL}/pictures/b", "type": "Text", "format": "text/html"}]


def test_a_result_says_in_which_book_its_page_is() -> None:
    related_urls = {"this": f"{BASE_URL}/s?page=2", "whole": f"{BASE_URL}/s", "first": f"{BASE_URL}/s?page=1"}
    related_urls |= {"last": f"{BASE_URL}/s?page=3", "next": f"{BASE_URL}/s?page=3", "prev": f"{BASE_URL}/s?page=1"}
    page = annotations.result_annotation_page(related_urls, 60, [make_hit()], URLS)
    assert rule_violations(page) == []
    assert page["partOf"][0]["total"] == 60
    assert (page["next"]["id"], page["prev"]["id"]) == (f"{BASE_URL}/s?page=3", f"{BASE_URL}/s?page=1")
    source = page["items"][0]["target"]["source"]
    assert source["partOf"][0]["label"] == {"none": ["Norges kyst"]}


def test_a_page_that_is_all_there_is_is_part_of_nothing() -> None:
    page = annotations.result_annotation_page({"this": f"{BASE_URL}/s", "whole": f"{BASE_URL}/s"}, 0, [], URLS)
    assert rule_violations(page) == []
    assert page.keys() == {"@context", "id", "type", "items"}
