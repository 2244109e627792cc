"""The words that are marked are those that the query means, in each way of printing them."""

import pytest

from api.search.highlighting import Highlighter
from api.search.query_syntax import parse_query_text

MARKED = [
    # typed, printed, marked
    ('"Karl XII"', "Karl XI og Karl XII", "Karl XI og <em>Karl XII</em>"),
    ('"Karl XI"', "Karl XI og Karl XII", "<em>Karl XI</em> og Karl XII"),
    ('"Bind I"', "Bind I og Bind II", "<em>Bind I</em> og Bind II"),
    ('"Bind II"', "Bind I og Bind II", "Bind I og <em>Bind II</em>"),
    ('"Kapitel vi"', "Kapitel vii Kapitel vi", "Kapitel vii <em>Kapitel vi</em>"),
    ("demand-driven", "a demanddriven press", "a <em>demanddriven</em> press"),
    ("demanddriven", "a demand-driven press", "a <em>demand-driven</em> press"),
    ("obrien", "by OʼBrien", "by <em>OʼBrien</em>"),
    ("1000", "ca. 1 000 kroner", "ca. <em>1 000</em> kroner"),
    ("1 000", "ca. 1000 kroner", "ca. <em>1000</em> kroner"),
]


@pytest.mark.parametrize(("typed", "printed", "marked"), MARKED)
def test_words_of_the_query_are_marked(typed: str, printed: str, marked: str) -> None:
    assert Highlighter(parse_query_text(typed)).highlight({"title": printed}) == {"title": [marked]}


def test_names_are_marked_in_either_order() -> None:
    highlighter = Highlighter(parse_query_text('author:"Daniel Defoe"'))
    assert highlighter.highlight({"authors": "Defoe, Daniel", "title": "Daniel Defoe"}) == {
        "authors": ["<em>Defoe</em>, <em>Daniel</em>"]
    }


def test_years_and_addresses_mark_nothing() -> None:
    highlighter = Highlighter(parse_query_text("year:1867 https://example.org/books/1867"))
    assert highlighter.highlight({"caption": "books of 1867"}) == {}
