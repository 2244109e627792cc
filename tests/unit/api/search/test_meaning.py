"""Which searches look for the meaning of their words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.search.meaning import text_of_meaning
from api.search.query_syntax import parse_query_text
from api.search.request import SearchRequest


def meaning_of(query_text: str, **fields: object) -> str:
    search_request = SearchRequest(query_text=query_text).with_changes(**fields)
    return text_of_meaning(search_request, search_request.query_terms)


@pytest.mark.parametrize("text", ["lighthouse", "wolves chasing a sledge", "phare de Cordouan", "灯台", "fyr OR lykt"])
def test_plain_words_are_searched_by_their_meaning(text: str) -> None:
    assert meaning_of(text) == text.replace("OR ", "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        '"hvit stein"',
        "“hvit stein” kyst",
        "title:fyr",
        "fyr*",
        "fyr^2",
        "fyr AND kyst",
        "fyr skib^-0.5",
        "fyr 1867",
        "digibok_2006082900017",
        "https://www.nb.no/items/URN:NBN:no-nb_digibok_2006082900017",
        "Ms. 4° 1234",
    ],
)
def test_signs_numbers_and_identifiers_ask_for_the_words_themselves(text: str) -> None:
    assert meaning_of(text) == ""


@pytest.mark.parametrize(
    "fields",
    [
        {"meaning": "off"},
        {"match": "all"},
        {"document": ("page", "book")},
        {"decoration": "only"},
        {"like": ("a-picture",)},
    ],
)
def test_other_parameters_ask_for_the_words_themselves(fields: dict[str, object]) -> None:
    assert meaning_of("lighthouse") == "lighthouse"
    assert meaning_of("lighthouse", **fields) == ""


def test_years_and_excluded_words_are_filters_of_the_meaning() -> None:
    assert meaning_of("lighthouse year:1860-1870 -harbour") == "lighthouse"


@given(st.text(max_size=60))
def test_any_text_has_a_meaning_of_its_own_words_or_none(text: str) -> None:
    terms = parse_query_text(text)
    assert text_of_meaning(SearchRequest(query_text=text), terms) in ("", terms.plain_text)
