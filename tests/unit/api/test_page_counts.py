"""Counts on the pages name their unit, and say of how many results a list shows the best."""

import re
from typing import Any

import pytest
from litestar.plugins.jinja import JinjaTemplateEngine
from markupsafe import Markup

from api.app import create_app
from api.responses import ResultPage
from api.search.choices import DocumentType
from api.search.facets import Bucket
from api.search.request import SearchRequest
from core.settings import Settings


@pytest.fixture
def templates() -> Any:
    app = create_app(Settings(), elasticsearch_url="http://localhost:9200", encoder_loaders={})
    assert isinstance(app.template_engine, JinjaTemplateEngine)
    return app.template_engine.engine


def plain(html: Markup) -> str:
    return re.sub(r"\s+", " ", html.striptags())


def test_hidden_pictures_are_not_counted_as_none_of_the_results(templates: Any) -> None:
    macros = templates.get_template("partials/facets.html.jinja").module
    hidden = [Bucket(value="true", count=0, all=6)]
    text = plain(macros.switch_facet(SearchRequest(query_text="fyr"), [], [], hidden))
    assert "6 hidden pictures in the collection, whatever the words" in text
    assert "none of these" not in text


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
    ("changes", "total", "matches", "sentence"),
    [
        ({}, 500, 500, "500 pictures for ‘fyr’"),
        ({"group": "book"}, 7, 150, "7 books for ‘fyr’"),
        ({"group": "book"}, 7, 500, "7 books in the best 200 of 500 pictures for ‘fyr’"),
        ({"fusion": "rrf"}, 200, 500, "The best 200 of 500 pictures for ‘fyr’"),
    ],
)
def test_the_summary_says_of_how_many_it_shows_the_best(
    templates: Any, changes: dict[str, Any], total: int, matches: int, sentence: str
) -> None:
    macros = templates.get_template("partials/search_summary.html.jinja").module
    page = ResultPage(total=total, page=1, pages=1, size=24, took=1, models=[], document_counts={"picture": matches})
    assert plain(macros.summary_sentence(SearchRequest(query_text="fyr", **changes), page)) == sentence
