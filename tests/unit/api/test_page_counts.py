"""Counts on the pages name their unit, and say of how many results a list shows the best."""

import re
from typing import Any

import pytest
from litestar.plugins.jinja import JinjaTemplateEngine
from markupsafe import Markup

from api.app import create_app
from api.pages.likeness import Likeness, RankedHit
from api.pages.result_neighbours import ResultNeighbours
from api.responses import ResultPage
from api.search.choices import DocumentType
from api.search.facets import Bucket
from api.search.request import SearchRequest
from core.settings import Settings
from tests.hit_factory import make_hit


@pytest.fixture
def templates() -> Any:
    app = create_app(Settings(), elasticsearch_url="http://localhost:9200", encoder_loaders={})
    assert isinstance(app.template_engine, JinjaTemplateEngine)
    return app.template_engine.engine


def plain(html: Markup) -> str:
    return re.sub(r"\s+", " ", html.striptags()).strip()


def result_page(**values: Any) -> ResultPage:
    return ResultPage(**{"total": 0, "page": 1, "pages": 1, "size": 24, "took": 1, "models": [], **values})


def sentence(templates: Any, search_request: SearchRequest, page: ResultPage, likeness: Likeness | None = None) -> str:
    macros = templates.get_template("partials/result_sentence.html.jinja").module
    return plain(macros.summary_sentence(search_request, page, likeness))


def test_hidden_and_left_out_pictures_are_switches_with_their_counts(templates: Any) -> None:
    macros = templates.get_template("partials/filters.html.jinja").module
    facets = {"hidden": [Bucket(value="true", count=0, all=60)]}
    page = result_page(total=3, left_out=4, facets=facets)
    html = macros.switches(SearchRequest(query_text="fyr"), page, 6)
    assert plain(html) == "Also ornaments and initials 4Also hidden pictures 6"
    assert html.count('role="switch" aria-checked="false"') == 2
    shown = SearchRequest(query_text="fyr", hidden="include")
    facets = {"hidden": [Bucket(value="true", count=5, all=60)]}
    assert 'aria-checked="true"' in macros.switches(shown, result_page(total=9, facets=facets), 6)


@pytest.mark.parametrize(
    ("document", "count", "unit"),
    [(("picture",), 2, "2 pictures"), (("page",), 1, "1 page"), (("picture", "page"), 2, "2 results")],
)
def test_a_facet_counts_documents_by_their_name(
    templates: Any, document: tuple[DocumentType, ...], count: int, unit: str
) -> None:
    macros = templates.get_template("partials/facets.html.jinja").module
    bucket = Bucket(value="Bergen", count=count, all=9)
    for group in ("", "book"):
        search_request = SearchRequest(document=document, group=group)
        assert plain(macros.value_facet(search_request, "place", [bucket])).endswith(unit)


@pytest.mark.parametrize(
    ("changes", "total", "matches", "expected"),
    [
        ({}, 500, 500, "500 pictures for ‘fyr’"),
        ({"document": ("page",)}, 1, 1, "1 page for ‘fyr’"),
        ({"group": "book"}, 7, 150, "150 pictures in 7 books for ‘fyr’"),
        ({"group": "book", "document": ("picture", "page")}, 1, 1, "1 result in 1 book for ‘fyr’"),
        ({"group": "book", "document": ("book",)}, 7, 7, "7 books for ‘fyr’"),
        ({"group": "book"}, 7, 500, "7 books in the best 200 of 500 pictures for ‘fyr’"),
        ({"fusion": "rrf"}, 200, 500, "The best 200 of 500 pictures for ‘fyr’"),
        ({"like": ("a",)}, 12, 12, "Results for ‘fyr’ and a picture, the best first"),
        ({"like": ("a", "b"), "sort": "year"}, 12, 12, "Results for ‘fyr’ and 2 pictures"),
        ({"like": ("a^-1",)}, 12, 12, "12 pictures for ‘fyr’ and a picture"),
        ({}, 0, 0, "Nothing found for ‘fyr’"),
    ],
)
def test_the_summary_says_of_how_many_it_shows_the_best(
    templates: Any, changes: dict[str, Any], total: int, matches: int, expected: str
) -> None:
    page = result_page(total=total, document_counts={"picture": matches})
    assert sentence(templates, SearchRequest(query_text="fyr", **changes), page) == expected


@pytest.mark.parametrize(
    ("prints", "expected"),
    [(11, "12 pictures of 11 prints for ‘fyr’"), (1, "12 pictures of 1 print for ‘fyr’"), (12, None), (None, None)],
)
def test_the_summary_says_how_many_prints_have_a_card(templates: Any, prints: int | None, expected: str | None) -> None:
    page = result_page(total=12, prints=prints, document_counts={"picture": 12})
    assert sentence(templates, SearchRequest(query_text="fyr"), page) == (expected or "12 pictures for ‘fyr’")


@pytest.mark.parametrize(
    ("has_reprints", "document", "expected"),
    [(False, ("picture",), "1 of 11"), (True, ("picture",), "1 of 11 prints"), (True, ("picture", "page"), None)],
)
def test_a_place_in_the_results_says_what_it_counts(
    *, templates: Any, has_reprints: bool, document: tuple[DocumentType, ...], expected: str | None
) -> None:
    macros = templates.get_template("picture/steps.html.jinja").module
    neighbours = ResultNeighbours(position=1, total=11, has_reprints=has_reprints, previous=None, next=None)
    place = macros.place_in_results(neighbours, SearchRequest(query_text="fyr", document=document))
    assert plain(place) == (expected or "1 of 11 without reprints")


@pytest.mark.parametrize(
    ("same", "similar", "more", "expected"),
    [
        (7, 12, False, "7 pictures of the same print and 12 similar pictures"),
        (1, 0, False, "1 picture of the same print"),
        (0, 1, False, "1 similar picture"),
        (0, 12, True, "12 or more similar pictures"),
        (0, 0, False, "No picture is clearly similar"),
    ],
)
def test_a_search_by_picture_counts_what_is_like_it(
    templates: Any, same: int, similar: int, *, more: bool, expected: str
) -> None:
    entries = [RankedHit(hit=make_hit(), position=1)]
    likeness = Likeness(
        same_print=entries * same,
        similar=entries * similar,
        less_similar=entries * 5,
        is_measured=True,
        may_have_more=more,
    )
    page = result_page(total=53, filtered_total=54, document_counts={"picture": 53})
    assert sentence(templates, SearchRequest(like=("a",)), page, likeness) == expected


def test_pictures_in_order_of_likeness_are_not_said_to_be_found(templates: Any) -> None:
    page = result_page(total=100, filtered_total=553, document_counts={"picture": 100})
    assert sentence(templates, SearchRequest(like=("a",)), page) == "The 100 most similar of 553 pictures"
    page = result_page(total=53, filtered_total=54, document_counts={"picture": 53})
    assert sentence(templates, SearchRequest(like=("a",)), page) == "Pictures, the most similar first"
