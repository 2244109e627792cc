"""What is offered after a search without results."""

import pytest

from api.elasticsearch.queries.other_searches import other_searches_query
from api.search.other_searches import OtherSearch, list_variants, read_other_searches
from api.search.request import SearchRequest

FEW = 10


def offered(counts: dict[str, int], suggestion: str = "", **parameters: object) -> list[OtherSearch]:
    """Return the other searches, if those with these descriptions find so much."""
    variants = list_variants(SearchRequest.from_parameters(parameters), suggestion)
    buckets = {str(index): {"doc_count": counts.get(variant.description, 0)} for index, variant in enumerate(variants)}
    return read_other_searches(variants, {"buckets": buckets}, FEW)


def test_other_spelling_is_offered_with_its_number() -> None:
    (other,) = offered({"Search for ‘kysten’": 3}, "kysten", q="kystem")
    assert (other.change, other.url, other.total) == ("spelling", "/?q=kysten", 3)


def test_each_word_is_left_out_in_turn() -> None:
    variants = list_variants(SearchRequest.from_parameters({"q": 'fyr "hvit stein" title:ky* -skip år:1867'}), "")
    texts = [variant.search_request.query_text for variant in variants if variant.change == "words"]
    assert texts[:4] == [
        "fyr hvit stein title:ky* year:1867 -skip",
        '"hvit stein" title:ky* year:1867 -skip',
        "fyr title:ky* year:1867 -skip",
        'fyr "hvit stein" year:1867 -skip',
    ]


def test_years_and_excluded_words_are_left_out_too() -> None:
    variants = list_variants(SearchRequest.from_parameters({"q": "fyr year:1867 -skip -bro"}), "")
    texts = {variant.description: variant.search_request.query_text for variant in variants}
    assert texts["Search without ‘-skip -bro’"] == "fyr year:1867"
    assert texts["Search without ‘year:1867’"] == "fyr -skip -bro"


@pytest.mark.parametrize(
    ("typed", "loose"),
    [
        ('"hvit stein"', "hvit stein"),
        ("fyr,bro", "fyr bro"),
        ('author:"J. W. von Goethe"', "author:(J W von Goethe)"),
        ("(fyr)(bro) -skip", "fyr bro -skip"),
    ],
)
def test_words_of_a_phrase_are_offered_apart(typed: str, loose: str) -> None:
    variants = list_variants(SearchRequest.from_parameters({"q": typed}), "")
    assert [v.search_request.query_text for v in variants if v.description == f"Search for ‘{loose}’"] == [loose]
    any_word = next(v.search_request for v in variants if v.description == "Search for any of the words")
    assert (any_word.query_text, any_word.match) == (loose, "any")


@pytest.mark.parametrize("typed", ["::", "...", "()", "😀", '""', "*"])
def test_signs_that_are_no_words_count_nothing(typed: str) -> None:
    """As in the search itself."""
    variants = list_variants(SearchRequest.from_parameters({"q": typed}), "")
    filters = other_searches_query(variants)["aggs"]["other_searches"]["filters"]["filters"]
    assert all(
        (filters[f"{index}"] == {"match_none": {}}) == bool(variant.search_request.query_text)
        for index, variant in enumerate(variants)
    )


def test_each_filter_and_all_filters_are_left_out() -> None:
    parameters = {"q": "fyr", "place": ["Bergen"], "year_from": 1800, "year_to": 1850}
    variants = list_variants(SearchRequest.from_parameters(parameters), "")
    urls = [variant.search_request.url() for variant in variants if variant.change == "filters"]
    assert {"/?q=fyr&year_from=1800&year_to=1850", "/?q=fyr&place=Bergen", "/?q=fyr"} <= set(urls)


def test_searches_without_results_are_not_offered() -> None:
    assert [other.description for other in offered({"Search without ‘xyz’": 22}, q="fyr xyz")] == [
        "Search without ‘xyz’"
    ]


@pytest.mark.parametrize("parameters", [{"q": "xyz"}, {"q": "xyz zyx", "place": ["Atlantis"]}, {"place": ["Atlantis"]}])
def test_the_collection_is_offered_if_nothing_else_finds_anything(parameters: dict[str, object]) -> None:
    (other,) = offered({"Show the whole collection": 9}, **parameters)
    assert other.total == 9


def test_misread_words_count_where_the_search_looks_for_them() -> None:
    variants = list_variants(SearchRequest.from_parameters({"q": "lighthouse xyz"}), "")
    filters = other_searches_query(variants)["aggs"]["other_searches"]["filters"]["filters"]
    index = next(index for index, variant in enumerate(variants) if variant.description == "Search without ‘xyz’")
    assert f"{index} misread" in filters
    counts = {name: {"doc_count": 0} for name in filters} | {f"{index} misread": {"doc_count": 2}}
    assert [other.total for other in read_other_searches(variants, {"buckets": counts}, FEW)] == [2]


def test_all_variants_of_a_long_query_fit_the_clause_limit() -> None:
    parameters = {"q": " ".join(f"lighthouse{letter}" for letter in "abcdefgh"), "place": ["x"], "label": ["y"]}
    variants = list_variants(SearchRequest.from_parameters(parameters), "suggestion")
    assert str(other_searches_query(variants)).count("{'terms'") < 1024
