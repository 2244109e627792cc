"""Filters and facets over three books: what is left, and two counts for each value, neither of which lies."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from litestar.testing import TestClient

from api.app import create_app
from api.search.request import FACETS
from core.settings import Settings
from tests.node.shelf import fill, pictures

Web = TestClient[Any]
Counts = dict[str, tuple[int, int | None]]

FIELDS = {"author": "authors", "subject": "subjects", "type": "type_of_work"}


@pytest.fixture(scope="module")
def web(client: Elasticsearch, node_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    settings = Settings(alias=f"test-{uuid.uuid4().hex}", data=tmp_path_factory.mktemp("data"))
    names = fill(client, settings.alias)
    with TestClient(create_app(settings, elasticsearch_url=node_url, encoders={})) as web:
        yield web
    client.indices.delete(index=names)


def ask(web: Web, **params: Any) -> dict[str, Any]:
    answer = web.get("/api/search", params=params)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def counts(page: dict[str, Any], facet: str) -> Counts:
    return {bucket["value"]: (bucket["count"], bucket["all"]) for bucket in page["facets"][facet]}


def values(web: Web, **params: Any) -> dict[str, Any]:
    answer = web.get("/api/facets", params=params)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def names(vocabulary: dict[str, Any]) -> list[str]:
    return [each["value"] for each in vocabulary["values"]]


@pytest.mark.parametrize(
    ("narrow", "total"),
    [
        ({}, 9),
        ({"label": "Map"}, 3),
        ({"label": ["Map", "Ornament"]}, 5),
        ({"label": ["Map", "Ornament"], "publisher": "Aschehoug"}, 3),
        ({"author": "Moe, Anna"}, 5),
        ({"author": ["Moe, Anna", "Holberg, Ludvig"]}, 7),
        ({"subject": "Kyst", "language": "ger"}, 2),
        ({"type": "almanac"}, 2),
        ({"place": "København"}, 2),
        ({"book": ["kyst", "undated"]}, 7),
        ({"family": "f1"}, 3),
        ({"year_from": 1790, "year_to": 1790}, 2),
        ({"year_from": 1800}, 5),
        ({"has_caption": True}, 5),
        ({"has_caption": False}, 4),
        ({"set_aside": "show"}, 10),
        ({"set_aside": "only"}, 1),
        ({"document": "page"}, 12),
        ({"document": ["picture", "page", "book"]}, 24),
        ({"document": ["picture", "page", "book"], "label": "Map"}, 3),
        ({"document": ["picture", "page", "book"], "has_caption": False}, 4),
        ({"document": ["page", "book"], "publisher": "Aschehoug"}, 5),
    ],
)
def test_values_of_a_facet_are_alternatives_and_facets_come_together(
    web: Web, narrow: dict[str, Any], total: int
) -> None:
    page = ask(web, **narrow)
    assert (page["total"], page["collection"]) == (total, total)


@pytest.mark.parametrize(
    "narrow",
    [
        {"year_from": 1900, "year_to": 1800},
        {"year_to": -500},
        {"publisher": "Aschehoug", "place": "København"},
        {"label": "no such"},
        {"book": "*"},
        {"family": "f1", "set_aside": "only"},
        {"document": "page", "has_caption": True},
        {"language": "\x00"},
    ],
)
@pytest.mark.parametrize("words", ["", "fyr"])
def test_what_nothing_fits_gives_zero(web: Web, narrow: dict[str, Any], words: str) -> None:
    page = ask(web, q=words, **narrow)
    assert (page["total"], page["hits"], page["collection"]) == (0, [], 0)


def test_a_value_is_counted_among_the_results_and_under_the_filters(web: Web) -> None:
    page = ask(web, q="fyr")
    assert page["total"] < page["collection"] == 9
    assert counts(page, "label") == {"Illustration": (2, 3), "Map": (1, 3), "Ornament": (0, 2)}
    assert counts(page, "publisher") == {"Aschehoug": (2, 5), "ASCHEHOUG & Co.": (1, 2), "Ædelsteens Enke": (1, 2)}
    assert counts(page, "has_caption") == {"true": (4, 5), "false": (0, 4)}
    assert counts(page, "set_aside") == {"true": (0, 1)}
    assert page["unlisted"] == {}


def test_a_chosen_facet_still_shows_what_else_could_be_chosen(web: Web) -> None:
    page = ask(web, q="fyr", publisher="Aschehoug")
    assert counts(page, "publisher") == {"Aschehoug": (2, 5), "ASCHEHOUG & Co.": (0, 2), "Ædelsteens Enke": (0, 2)}
    assert counts(page, "label") == {"Map": (1, 3), "Illustration": (1, 2)}
    assert page["collection"] == 5
    assert counts(ask(web, has_caption=True, label="Map"), "has_caption") == {"true": (1, 1), "false": (0, 2)}


def test_chosen_values_are_shown_though_nothing_has_them(web: Web) -> None:
    page = ask(web, q="fyr", label=["Ornament", "no such"], place="Kristiania")
    assert page["total"] == 0
    assert counts(page, "label") == {"Map": (0, 3), "Illustration": (0, 2), "Ornament": (0, 0), "no such": (0, 0)}


def test_buckets_come_in_the_order_of_their_counts(web: Web) -> None:
    for buckets in (ask(web, q="fyr")["facets"][facet] for facet in FACETS):
        order = [(-bucket["count"], -bucket["all"]) for bucket in buckets]
        assert order == sorted(order)


@pytest.mark.parametrize(
    "narrow", [{}, {"publisher": "Aschehoug"}, {"label": ["Map", "Ornament"], "subject": "Kyst"}, {"year_from": 1800}]
)
def test_counts_are_those_of_the_documents(web: Web, narrow: dict[str, Any]) -> None:
    """Counted once more by hand, over the sources of all pictures."""
    page = ask(web, q="fyr", **narrow)
    for facet in FACETS:
        for value, (count, whole) in counts(page, facet).items():
            assert count == sum(
                fits({**narrow, facet: value, "q": "fyr"}, each) for each in pictures().values() if fits(narrow, each)
            )
            others = {name: given for name, given in narrow.items() if name != facet}
            assert whole == sum(fits({**others, facet: value}, each) for each in pictures().values())


def fits(narrow: dict[str, Any], source: dict[str, Any]) -> bool:
    if source.get("set_aside") or source.get("year", 0) < narrow.get("year_from", -9999):
        return False
    if "q" in narrow and narrow["q"] not in source.get("caption", {}).get("text", "").lower():
        return False
    asked = {facet: narrow[facet] for facet in FACETS if facet in narrow}
    return all(set(several(wanted)) & set(several(held(source, facet))) for facet, wanted in asked.items())


def held(source: dict[str, Any], facet: str) -> Any:
    return source.get("label", {}).get("name", []) if facet == "label" else source.get(FIELDS.get(facet, facet), [])


def several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_years_are_bars_without_gaps_and_those_not_known_are_counted(web: Web) -> None:
    *bars, unknown = ask(web)["facets"]["year"]
    assert (unknown["value"], unknown["count"], unknown["all"], unknown["year_from"]) == ("", 2, 2, None)
    assert [(bar["year_from"], bar["year_to"]) for bar in bars] == [(year, year + 4) for year in range(1790, 1890, 5)]
    assert {bar["value"]: bar["count"] for bar in bars if bar["count"]} == {"1790": 2, "1885": 5}


def test_chosen_years_are_shown_with_what_is_around_them(web: Web) -> None:
    *bars, unknown = ask(web, year_from=1880, year_to=1889)["facets"]["year"]
    assert (bars[0]["year_from"], bars[-1]["year_to"]) == (1870, 1885)
    assert (bars[-1]["count"], bars[-1]["all"]) == (5, 5)
    assert (unknown["count"], unknown["all"]) == (0, 2)


def test_a_vocabulary_has_the_values_under_the_other_filters(web: Web) -> None:
    assert values(web, facet="publisher") == {
        "facet": "publisher",
        "values": [
            {"value": "Aschehoug", "count": 5},
            {"value": "ASCHEHOUG & Co.", "count": 2},
            {"value": "Ædelsteens Enke", "count": 2},
        ],
        "more": 0,
    }
    assert names(values(web, facet="publisher", publisher="Aschehoug", label="Ornament")) == [
        "ASCHEHOUG & Co.",
        "Ædelsteens Enke",
    ]
    assert names(values(web, facet="subject", order="value")) == ["Fyrtårn", "Kyst"]
    assert values(web, facet="type", document=["page"])["values"][0] == {"value": "book", "count": 8}
    assert values(web, facet="place", year_from=3000)["values"] == []


@pytest.mark.parametrize(
    ("facet", "prefix", "found"),
    [
        ("publisher", "asch", ["Aschehoug", "ASCHEHOUG & Co."]),
        ("publisher", "ASCHEHOUG &", ["ASCHEHOUG & Co."]),
        ("publisher", "aedel", ["Ædelsteens Enke"]),
        ("publisher", "æ", ["Ædelsteens Enke"]),
        ("publisher", "Aschehoug & Co_", []),
        ("publisher", ".*", []),
        ("place", "kob", ["København"]),
        ("place", "KJØ", []),
        ("subject", "fyrtarn", ["Fyrtårn"]),
        ("subject", "fyrt\u0061\u030arn", ["Fyrtårn"]),
    ],
)
def test_a_beginning_is_found_whatever_its_case_and_accents(
    web: Web, facet: str, prefix: str, found: list[str]
) -> None:
    assert names(values(web, facet=facet, prefix=prefix)) == found


@pytest.mark.parametrize(
    "prefix", ['"', "\\", "<1-9>", "@&~#", "a|b", "[^a]", "(", "{9}", "å" * 1024, "\x00", "🐋", "שלום", " "]
)
def test_a_beginning_is_never_a_pattern(web: Web, prefix: str) -> None:
    assert names(values(web, facet="publisher", prefix=prefix)) == []


def test_pages_of_a_vocabulary_are_all_of_it(web: Web) -> None:
    pages_ = [values(web, facet="author", order="value", size=1, page=page) for page in (1, 2, 3, 4)]
    assert [names(page) for page in pages_] == [["Collett, Camilla"], ["Holberg, Ludvig"], ["Moe, Anna"], []]
    assert [page["more"] for page in pages_] == [7, 5, 0, 0]


@pytest.mark.parametrize(
    "params",
    [{"facet": "publisher", "q": "fyr"}, {"facet": "year"}, {}, {"facet": "label", "page": 10_000, "size": 100}],
)
def test_what_a_vocabulary_cannot_be_asked_is_said(web: Web, params: dict[str, Any]) -> None:
    answer = web.get("/api/facets", params=params)
    assert answer.status_code == 400
    assert answer.json()["detail"].endswith((".", ")"))
