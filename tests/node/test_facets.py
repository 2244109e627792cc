"""Filters and facets over three books: the results, and the two counts of each value."""

from collections.abc import Iterator
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from litestar.testing import TestClient

from api.search.parameters import FACETS
from tests.node.three_books import picture_sources, serve_books

ApiClient = TestClient[Any]
FacetCountPairs = dict[str, tuple[int, int | None]]

FIELD_BY_FACET = {
    "author": "authors",
    "subject": "subjects",
    "type": "type_of_work",
    "place": "place_normalised",
    "publisher": "publisher_normalised",
}


@pytest.fixture(scope="module")
def api_client(client: Elasticsearch, node_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiClient]:
    with serve_books(client, node_url, tmp_path_factory.mktemp("data")) as api_client:
        yield api_client


def search(api_client: ApiClient, **params: Any) -> dict[str, Any]:
    response = api_client.get("/api/search", params=params)
    assert response.status_code == 200, response.text
    return dict(response.json())


def facet_counts(page: dict[str, Any], facet: str) -> FacetCountPairs:
    return {bucket["value"]: (bucket["count"], bucket["all"]) for bucket in page["facets"][facet]}


def facet_values(api_client: ApiClient, **params: Any) -> dict[str, Any]:
    response = api_client.get("/api/facets", params=params)
    assert response.status_code == 200, response.text
    return dict(response.json())


def value_names(vocabulary: dict[str, Any]) -> list[str]:
    return [facet_value["value"] for facet_value in vocabulary["values"]]


@pytest.mark.parametrize(
    ("filter_params", "total"),
    [
        ({}, 9),
        ({"label": "Map"}, 3),
        ({"label": ["Map", "Vignette"]}, 5),
        ({"label": ["Map", "Vignette"], "publisher": "Aschehoug"}, 3),
        ({"author": "Moe, Anna"}, 5),
        ({"author": ["Moe, Anna", "Holberg, Ludvig"]}, 7),
        ({"subject": "Kyst", "language": "ger"}, 2),
        ({"type": "almanac"}, 2),
        ({"place": "København"}, 2),
        ({"place": "kjøbenhavn"}, 2),
        ({"place": "Oslo"}, 5),
        ({"place": ["Christiania", "Hafniae"]}, 7),
        ({"publisher": "ASCHEHOUG & Co."}, 2),
        ({"publisher": "aschehoug & co"}, 2),
        ({"language": "ger"}, 2),
        ({"language": ["Norwegian Bokmål", "Deutsch"]}, 7),
        ({"author": "Collett, Camilla\ufeff"}, 5),
        ({"book": ["kyst", "undated"]}, 7),
        ({"family": "f1"}, 3),
        ({"year_from": 1790, "year_to": 1790}, 2),
        ({"year_from": 1800}, 5),
        ({"has_caption": True}, 5),
        ({"has_caption": False}, 4),
        ({"hidden": "include"}, 10),
        ({"hidden": "only"}, 1),
        ({"document": "page"}, 12),
        ({"document": ["picture", "page", "book"]}, 24),
        ({"document": ["picture", "page", "book"], "label": "Map"}, 3),
        ({"document": ["picture", "page", "book"], "has_caption": False}, 4),
        ({"document": ["page", "book"], "publisher": "Aschehoug"}, 5),
    ],
)
def test_values_of_one_filter_are_alternatives_and_filters_combine(
    api_client: ApiClient, filter_params: dict[str, Any], total: int
) -> None:
    page = search(api_client, **filter_params)
    assert (page["total"], page["filtered_total"]) == (total, total)


@pytest.mark.parametrize(
    "filter_params",
    [
        {"year_from": 1900, "year_to": 1800},
        {"year_to": -500},
        {"publisher": "Aschehoug", "place": "København"},
        {"label": "no such"},
        {"book": "*"},
        {"family": "f1", "hidden": "only"},
        {"document": "page", "has_caption": True},
        {"language": "\x00"},
    ],
)
@pytest.mark.parametrize("query_text", ["", "fyr"])
def test_filters_without_matches_give_no_results(
    api_client: ApiClient, filter_params: dict[str, Any], query_text: str
) -> None:
    page = search(api_client, q=query_text, **filter_params)
    assert (page["total"], page["hits"], page["filtered_total"]) == (0, [], 0)


def test_a_value_is_counted_in_the_results_and_in_the_collection(api_client: ApiClient) -> None:
    page = search(api_client, q="fyr")
    assert page["total"] < page["filtered_total"] == 9
    assert facet_counts(page, "label") == {"Illustration": (2, 3), "Map": (1, 3), "Vignette": (0, 2)}
    assert facet_counts(page, "publisher") == {
        "Aschehoug": (2, 5),
        "Aschehoug & Co.": (1, 2),
        "Ædelsteens Enke": (1, 2),
    }
    assert facet_counts(page, "has_caption") == {"true": (4, 5), "false": (0, 4)}
    assert facet_counts(page, "hidden") == {"true": (0, 1)}
    assert page["unlisted_counts"] == {}


def test_a_facet_with_a_selected_value_still_lists_the_others(api_client: ApiClient) -> None:
    page = search(api_client, q="fyr", publisher="Aschehoug")
    assert facet_counts(page, "publisher") == {
        "Aschehoug": (2, 5),
        "Aschehoug & Co.": (0, 2),
        "Ædelsteens Enke": (0, 2),
    }
    assert facet_counts(page, "label") == {"Map": (1, 3), "Illustration": (1, 2)}
    assert page["filtered_total"] == 5
    assert facet_counts(search(api_client, has_caption=True, label="Map"), "has_caption") == {
        "true": (1, 1),
        "false": (0, 2),
    }


def test_selected_values_are_listed_without_results(api_client: ApiClient) -> None:
    page = search(api_client, q="fyr", label=["Vignette", "no such"], place="Kristiania")
    assert page["total"] == 0
    assert facet_counts(page, "label") == {"Map": (0, 3), "Illustration": (0, 2), "Vignette": (0, 0), "No such": (0, 0)}


def test_a_place_is_counted_under_one_name_and_selected_by_any(api_client: ApiClient) -> None:
    assert facet_counts(search(api_client), "place") == {"Oslo": (5, 5), "København": (2, 2)}
    page = search(api_client, place="Christiania")
    assert facet_counts(page, "place") == {"Christiania": (5, 5), "Oslo": (5, 5), "København": (0, 2)}
    assert {hit["place"] for hit in page["hits"]} == {"Kristiania"}
    assert page["unlisted_counts"] == {}


def test_values_are_sorted_by_count(api_client: ApiClient) -> None:
    for buckets in (search(api_client, q="fyr")["facets"][facet] for facet in FACETS):
        order = [(-bucket["count"], -bucket["all"]) for bucket in buckets]
        assert order == sorted(order)


@pytest.mark.parametrize(
    "filter_params",
    [{}, {"publisher": "Aschehoug"}, {"label": ["Map", "Vignette"], "subject": "Kyst"}, {"year_from": 1800}],
)
def test_facet_counts_equal_counts_of_all_sources(api_client: ApiClient, filter_params: dict[str, Any]) -> None:
    """The test counts the sources of all pictures itself."""
    page = search(api_client, q="fyr", **filter_params)
    for facet in FACETS:
        for value, (count, count_under_filters) in facet_counts(page, facet).items():
            assert count == sum(
                matches_filters({**filter_params, facet: value, "q": "fyr"}, source)
                for source in picture_sources().values()
                if matches_filters(filter_params, source)
            )
            other_filters = {name: filter_value for name, filter_value in filter_params.items() if name != facet}
            assert count_under_filters == sum(
                matches_filters({**other_filters, facet: value}, source) for source in picture_sources().values()
            )


def matches_filters(filter_params: dict[str, Any], source: dict[str, Any]) -> bool:
    if source.get("hidden") or source.get("year", 0) < filter_params.get("year_from", -9999):
        return False
    if "q" in filter_params and filter_params["q"] not in source.get("caption", {}).get("text", "").lower():
        return False
    facet_filters = {facet: filter_params[facet] for facet in FACETS if facet in filter_params}
    return all(
        set(as_list(filter_value)) & set(as_list(facet_field(source, facet)))
        for facet, filter_value in facet_filters.items()
    )


def facet_field(source: dict[str, Any], facet: str) -> Any:
    return (
        source.get("label", {}).get("name", [])
        if facet == "label"
        else source.get(FIELD_BY_FACET.get(facet, facet), [])
    )


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_year_bars_have_no_gaps_and_include_unknown_years(api_client: ApiClient) -> None:
    *bars, undated = search(api_client)["facets"]["year"]
    assert (undated["value"], undated["count"], undated["all"], undated["year_from"]) == ("", 2, 2, None)
    years = [(bar["year_from"], bar["year_to"]) for bar in bars]
    assert years == [*((year, year + 4) for year in range(1790, 1885, 5)), (1885, 1885)]
    assert {bar["value"]: bar["count"] for bar in bars if bar["count"]} == {"1790": 2, "1885": 5}


def test_selected_years_are_shown_with_a_margin(api_client: ApiClient) -> None:
    *bars, undated = search(api_client, year_from=1880, year_to=1889)["facets"]["year"]
    assert (bars[0]["year_from"], bars[-1]["year_to"]) == (1870, 1885)
    assert (bars[-1]["count"], bars[-1]["all"]) == (5, 5)
    assert (undated["count"], undated["all"]) == (0, 2)


def test_a_vocabulary_lists_the_values_under_the_other_filters(api_client: ApiClient) -> None:
    assert facet_values(api_client, facet="publisher") == {
        "facet": "publisher",
        "values": [
            {"value": "Aschehoug", "count": 5},
            {"value": "Aschehoug & Co.", "count": 2},
            {"value": "Ædelsteens Enke", "count": 2},
        ],
        "more": 0,
    }
    assert value_names(facet_values(api_client, facet="publisher", publisher="Aschehoug", label="Vignette")) == [
        "Aschehoug & Co.",
        "Ædelsteens Enke",
    ]
    assert value_names(facet_values(api_client, facet="subject", order="value")) == ["Fyrtårn", "Kyst"]
    assert facet_values(api_client, facet="type", document=["page"])["values"][0] == {"value": "book", "count": 8}
    assert facet_values(api_client, facet="place", year_from=3000)["values"] == []


@pytest.mark.parametrize(
    ("facet", "prefix", "expected"),
    [
        ("publisher", "asch", ["Aschehoug", "Aschehoug & Co."]),
        ("publisher", "ASCHEHOUG &", ["Aschehoug & Co."]),
        ("publisher", "aedel", ["Ædelsteens Enke"]),
        ("publisher", "enk", ["Ædelsteens Enke"]),
        ("publisher", "teens", []),
        ("publisher", "æ", ["Ædelsteens Enke"]),
        ("publisher", "Aschehoug & Co_", []),
        ("publisher", ".*", []),
        ("place", "kob", ["København"]),
        ("place", "KJØ", []),
        ("subject", "fyrtarn", ["Fyrtårn"]),
        ("subject", "fyrt\u0061\u030arn", ["Fyrtårn"]),
    ],
)
def test_a_prefix_ignores_case_and_accents(api_client: ApiClient, facet: str, prefix: str, expected: list[str]) -> None:
    assert value_names(facet_values(api_client, facet=facet, prefix=prefix)) == expected


@pytest.mark.parametrize(
    "prefix",
    [
        "-" * 200,
        "'" * 40,
        ". , / ( [" * 40,
        '"',
        "\\",
        "<1-9>",
        "@&~#",
        "a|b",
        "[^a]",
        "(",
        "{9}",
        "å" * 1024,
        "\x00",
        "🐋",
        "שלום",
        " ",
    ],
)
def test_a_prefix_with_pattern_characters_is_matched_literally(api_client: ApiClient, prefix: str) -> None:
    assert value_names(facet_values(api_client, facet="publisher", prefix=prefix)) == []


def test_pages_of_a_vocabulary_are_complete(api_client: ApiClient) -> None:
    vocabulary_pages = [
        facet_values(api_client, facet="author", order="value", size=1, page=page) for page in (1, 2, 3, 4)
    ]
    assert [value_names(page) for page in vocabulary_pages] == [
        ["Collett, Camilla"],
        ["Holberg, Ludvig"],
        ["Moe, Anna"],
        [],
    ]
    assert [page["more"] for page in vocabulary_pages] == [7, 5, 0, 0]


@pytest.mark.parametrize(
    "params",
    [{"facet": "publisher", "q": "fyr"}, {"facet": "year"}, {}],
)
def test_a_bad_vocabulary_request_is_refused_with_a_sentence(api_client: ApiClient, params: dict[str, Any]) -> None:
    response = api_client.get("/api/facets", params=params)
    assert response.status_code == 400
    assert response.json()["detail"].endswith((".", ")"))
