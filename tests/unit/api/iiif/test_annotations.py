"""AnnotationPages of pictures."""

from api.iiif import annotations
from api.iiif.paging import PageLinks, page_links
from api.iiif.urls import IIIFUrls
from tests.hit_factory import BASE_URL, CLASSIFIER_LABEL, make_hit
from tests.iiif_rules import rule_violations

URLS = IIIFUrls(BASE_URL)


def test_an_annotation_page_follows_the_specification() -> None:
    page = annotations.build_annotation_page(f"{BASE_URL}/x", [make_hit(), make_hit("b", caption=None, label={})], URLS)
    assert rule_violations(page) == []
    first, second = page["items"]
    assert first["target"].endswith("/canvas/12#xywh=10,20,300,400")
    assert [body.get("value") for body in first["body"]] == ["Et fyr", "Map", None]
    assert second["body"] == [{"id": f"{BASE_URL}/pictures/b", "type": "Text", "format": "text/html"}]


def test_a_label_says_who_gave_it_and_when() -> None:
    by_hand = {"name": "Map", "source": "librarian", "by": "Anna", "at": "2026-03-04", "confidence": None}
    labels = (CLASSIFIER_LABEL, by_hand, {"name": "Map", "source": "catalogue"})
    page = annotations.build_annotation_page(f"{BASE_URL}/x", [make_hit(label=label) for label in labels], URLS)
    assert rule_violations(page) == []
    by_classifier, by_person, by_catalogue = (item["body"][1] for item in page["items"])
    assert by_classifier["generator"] == {"type": "Software", "name": "classifier c0ffee"}
    assert (by_classifier["created"], by_classifier["confidence"]) == ("2026-01-02T03:04:05+00:00", 0.93)
    assert (by_person["creator"], by_person["created"]) == ({"type": "Person", "name": "Anna"}, "2026-03-04")
    assert by_catalogue["creator"] == {"type": "Organization", "name": "catalogue"}
    assert "confidence" not in by_person.keys() | by_catalogue.keys()


def test_a_result_names_the_manifest_of_its_book() -> None:
    page = annotations.build_result_annotation_page(page_links(f"{BASE_URL}/s", 2, 3), 60, [make_hit()], URLS)
    assert rule_violations(page) == []
    assert page["partOf"][0]["total"] == 60
    assert (page["next"]["id"], page["prev"]["id"]) == (f"{BASE_URL}/s?page=3", f"{BASE_URL}/s?page=1")
    source = page["items"][0]["target"]["source"]
    assert source["partOf"][0]["label"] == {"none": ["Norges kyst"]}


def test_a_single_page_of_results_is_part_of_no_collection() -> None:
    page = annotations.build_result_annotation_page(PageLinks(this=f"{BASE_URL}/s", whole=f"{BASE_URL}/s"), 0, [], URLS)
    assert rule_violations(page) == []
    assert page.keys() == {"@context", "id", "type", "items"}
