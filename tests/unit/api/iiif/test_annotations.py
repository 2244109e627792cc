"""Pictures as regions of their pages."""

from api.iiif import annotations
from api.iiif.addresses import Addresses
from tests.iiif_rules import broken
from tests.made_hits import BASE, picture

AT = Addresses(BASE)


def test_a_page_of_pictures_keeps_the_rules() -> None:
    page = annotations.page(f"{BASE}/x", [picture(), picture("b", caption=None, label={})], AT)
    assert broken(page) == []
    first, second = page["items"]
    assert first["target"].endswith("/canvas/12#xywh=10,20,300,400")
    assert [body.get("value") for body in first["body"]] == ["Et fyr", "Map", None]
    assert second["body"] == [{"id": f"{BASE}/pictures/b", "type": "Text", "format": "text/html"}]


def test_a_result_says_in_which_book_its_page_is() -> None:
    addresses = {"this": f"{BASE}/s?page=2", "whole": f"{BASE}/s", "first": f"{BASE}/s?page=1"}
    addresses |= {"last": f"{BASE}/s?page=3", "next": f"{BASE}/s?page=3", "prev": f"{BASE}/s?page=1"}
    page = annotations.found(addresses, 60, [picture()], AT)
    assert broken(page) == []
    assert page["partOf"][0]["total"] == 60
    assert (page["next"]["id"], page["prev"]["id"]) == (f"{BASE}/s?page=3", f"{BASE}/s?page=1")
    source = page["items"][0]["target"]["source"]
    assert source["partOf"][0]["label"] == {"none": ["Norges kyst"]}


def test_a_page_that_is_all_there_is_is_part_of_nothing() -> None:
    page = annotations.found({"this": f"{BASE}/s", "whole": f"{BASE}/s"}, 0, [], AT)
    assert broken(page) == []
    assert page.keys() == {"@context", "id", "type", "items"}
