"""Suggestions while typing, from the three books."""

from collections.abc import Iterator
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from litestar.testing import TestClient

from tests.node.three_books import serve_books

ApiClient = TestClient[Any]


@pytest.fixture(scope="module")
def api_client(client: Elasticsearch, node_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiClient]:
    with serve_books(client, node_url, tmp_path_factory.mktemp("data")) as api_client:
        yield api_client


def suggest(api_client: ApiClient, typed: str) -> list[dict[str, Any]]:
    response = api_client.get("/api/suggest", params={"q": typed})
    assert response.status_code == 200, response.text
    return list(response.json()["suggestions"])


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ky", [("title", "Norges kyst"), ("subject", "Kyst")]),
        ("nor", [("title", "Norges kyst")]),
        ("aedels", [("title", "Om Ædelstene")]),
        ("adel", []),
        ("anna", [("author", "Moe, Anna")]),
        ("camilla col", [("author", "Collett, Camilla")]),
        ("fyrta", [("subject", "Fyrtårn")]),
        ("fyrtaarn", [("subject", "Fyrtårn")]),
        ("oslo", [("place", "Oslo")]),
        ("map", [("label", "Map")]),
        ("xyz", []),
        ("", []),
        ("f", []),
    ],
)
def test_values_are_suggested_whose_words_begin_as_typed(
    api_client: ApiClient, typed: str, expected: list[tuple[str, str]]
) -> None:
    """A value beside the one that matches, the other author of the same book, is not suggested."""
    suggestions = suggest(api_client, typed)
    assert [(suggestion["group"], suggestion["text"]) for suggestion in suggestions] == expected


def test_a_town_is_suggested_by_its_old_names(api_client: ApiClient) -> None:
    (suggestion,) = suggest(api_client, "kristia")
    assert suggestion["group"] == "place"
    page = api_client.get("/api/search", params=suggestion["parameters"]).json()
    assert page["total"] == suggestion["count"] > 0


@pytest.mark.parametrize("typed", ["kyst", "moe", "fyrt", "oslo", "map", "havn kyst", "havn moe"])
def test_a_suggestion_leads_to_a_page_with_its_pictures(api_client: ApiClient, typed: str) -> None:
    for suggestion in suggest(api_client, typed):
        assert api_client.get(suggestion["url"]).status_code == 200
        page = api_client.get("/api/search", params=suggestion["parameters"]).json()
        if " " not in typed:
            assert page["total"] == suggestion["count"]
        assert suggestion["image"].startswith("/iiif/image/picture:")


def test_words_before_the_completed_one_stay_in_the_search(api_client: ApiClient) -> None:
    by_group = {suggestion["group"]: suggestion["parameters"] for suggestion in suggest(api_client, "natten kyst")}
    assert by_group["subject"] == {"q": "natten", "subject": "Kyst"}
    by_group = {suggestion["group"]: suggestion["parameters"] for suggestion in suggest(api_client, "natten moe")}
    assert by_group["author"] == {"q": 'natten author:"Moe, Anna"'}


def test_hidden_pictures_are_not_suggested(api_client: ApiClient) -> None:
    assert suggest(api_client, "empty") == []


def test_the_typed_part_is_marked(api_client: ApiClient) -> None:
    (suggestion,) = suggest(api_client, "fyrtaa")
    assert suggestion["parts"] == [{"text": "Fyrtå", "typed": True}, {"text": "rn", "typed": False}]


@pytest.mark.parametrize("typed", ["\U00010000" * 300, "-" * 300, "a" + "'" * 300], ids=["astral", "hyphens", "quotes"])
def test_whatever_is_typed_is_answered(api_client: ApiClient, typed: str) -> None:
    assert api_client.get("/api/suggest", params={"q": typed}).status_code == 200


def test_unknown_parameters_are_refused(api_client: ApiClient) -> None:
    response = api_client.get("/api/suggest", params={"q": "fyr", "publisher": "Aschehoug"})
    assert response.status_code == 400
    assert "`publisher`" in response.json()["detail"]


def test_pages_get_the_suggestions_as_options_in_their_language(api_client: ApiClient) -> None:
    """A kind of picture is found by its name in that language, and by its name in the catalogue."""
    page = api_client.get("/suggest", params={"q": "kart"}, headers={"Accept-Language": "nb"})
    assert page.headers["content-language"] == "nb"
    assert page.text.count('role="option"') == 1
    assert "<mark>Kart</mark>" in page.text
    assert "&#34;label&#34;: &#34;Map&#34;" in page.text
    assert "<mark>Map</mark>" in api_client.get("/suggest", params={"q": "map"}).text
    assert "<script>" not in api_client.get("/suggest", params={"q": "<script>"}).text
