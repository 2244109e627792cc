"""Lists of pictures that an address names: as a page, as JSON, as files and in IIIF."""

import csv
import json
import re
from io import StringIO

import pytest

from api.controllers.lists import MAX_LISTED_PICTURES
from tests.iiif_rules import rule_violations
from tests.library import ServedLibrary

MISSING = "nowhere:GE1"


@pytest.fixture(scope="module")
def picture_ids(specimen: ServedLibrary) -> list[str]:
    """Return the ids of three pictures, in an order that is not that of any search."""
    return sorted(specimen.documents())[::-7][:3]


def test_a_list_keeps_its_order_and_names_what_is_missing(specimen: ServedLibrary, picture_ids: list[str]) -> None:
    ids = [picture_ids[0], MISSING, *picture_ids[1:], picture_ids[0]]
    response = specimen.api_client.get("/api/list", params={"id": ids})
    assert response.status_code == 200
    selection = response.json()
    assert [hit["id"] for hit in selection["hits"]] == picture_ids
    assert (selection["total"], selection["missing"]) == (3, [MISSING])


def test_a_list_has_the_hidden_pictures_that_it_names(specimen: ServedLibrary) -> None:
    ornaments = [hit["id"] for hit in specimen.search(decoration="only", size=2)["hits"]]
    assert specimen.api_client.get("/api/list", params={"id": ornaments}).json()["total"] == 2


@pytest.mark.parametrize("format_name", ["csv", "jsonl", "bibtex", "ris", "csl"])
def test_a_list_is_exported_in_its_order(specimen: ServedLibrary, picture_ids: list[str], format_name: str) -> None:
    params = {"id": [*picture_ids, MISSING], "name": "Fyr & skibe"}
    response = specimen.api_client.get(f"/api/list/{format_name}", params=params)
    assert response.status_code == 200
    assert 'filename="Fyr-skibe.' in response.headers["content-disposition"]
    assert response.headers["x-total-count"] == "3"
    if format_name == "csv":
        rows = csv.DictReader(StringIO(response.text.removeprefix("\ufeff")))
        assert [row["id"] for row in rows] == picture_ids
    elif format_name == "ris":
        assert re.findall(r"^ID  - (.*?)\r?$", response.text, re.MULTILINE) == picture_ids
    elif format_name in ("jsonl", "csl"):
        text = response.text if format_name == "csl" else f"[{','.join(response.text.splitlines())}]"
        assert [item["id"] for item in json.loads(text)] == picture_ids
    assert "first" not in response.text.partition("@incollection")[0], "nothing is cut off"


def test_a_list_is_a_manifest(specimen: ServedLibrary, picture_ids: list[str]) -> None:
    response = specimen.api_client.get("/iiif/list", params={"id": [*picture_ids, MISSING], "name": "Fyr"})
    manifest = response.json()
    assert rule_violations(manifest) == []
    assert (manifest["label"], len(manifest["items"])) == ({"none": ["Fyr"]}, 3)
    assert specimen.api_client.get(manifest["id"]).json() == manifest
    assert specimen.api_client.get(manifest["homepage"][0]["id"]).status_code == 200


def test_a_manifest_of_nothing_is_not_found(specimen: ServedLibrary) -> None:
    assert specimen.api_client.get("/iiif/list", params={"id": MISSING}).status_code == 404


@pytest.mark.parametrize("address", ["/api/list", "/api/list/csv", "/iiif/list"])
def test_a_list_without_pictures_or_with_too_many_is_refused(specimen: ServedLibrary, address: str) -> None:
    for ids in ([], [f"picture {number}" for number in range(MAX_LISTED_PICTURES + 1)]):
        response = specimen.api_client.get(address, params={"id": ids})
        assert response.status_code == 400
        assert "`id` needs the ids of 1 to 100 pictures" in response.json()["detail"]


def test_the_page_of_a_list_shows_its_pictures_and_what_is_missing(
    specimen: ServedLibrary, picture_ids: list[str]
) -> None:
    html = specimen.api_client.get("/list", params={"id": [*picture_ids, MISSING], "name": "Fyr & <b>skibe</b>"}).text
    positions = [html.index(f'href="/pictures/{picture_id}'.split(",")[0]) for picture_id in picture_ids]
    assert positions == sorted(positions)
    assert MISSING in html
    assert "Fyr &amp; &lt;b&gt;skibe&lt;/b&gt;" in html
    assert "/api/list/bibtex?id=" in html
    assert specimen.api_client.get("/list").status_code == 200
