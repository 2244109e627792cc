"""A search request and its URL."""

import unicodedata

from api.search.filter_values import FilterValues
from api.search.request import SearchRequest


def test_an_empty_request_is_the_start_page() -> None:
    assert SearchRequest().url() == "/"
    assert not SearchRequest().has_filters
    assert not SearchRequest().has_image_terms


def test_the_query_string_omits_default_values() -> None:
    search_request = SearchRequest(
        query_text="fyr & sjø", year_from=1880, page=3, filters=FilterValues(label=("Map", "Chart"))
    )
    assert search_request.query_string() == "q=fyr+%26+sj%C3%B8&label=Map&label=Chart&year_from=1880&page=3"


def test_a_change_returns_to_page_1() -> None:
    search_request = SearchRequest(query_text="fyr", page=3)
    assert search_request.url(place=("Oslo",)) == "/?q=fyr&place=Oslo"
    assert search_request.url(page=4) == "/?q=fyr&page=4"


def test_url_with_changes_is_the_url_of_the_changed_request() -> None:
    """Also if a change removes a value, empties one with a default, or changes nothing."""
    search_request = SearchRequest(
        query_text="fyr", like=("a^2",), has_caption=True, balance=1.0, page=3, filters=FilterValues(label=("Map",))
    )
    for changes in (
        {"label": ()},
        {"document": ()},
        {"has_caption": None},
        {"query_text": ""},
        {"balance": 0.5},
        {"size": 5},
    ):
        changed_request = search_request.with_changes(page=1, **changes)
        assert search_request.url(**changes) == f"/?{changed_request.query_string()}"
        assert "&&" not in changed_request.query_string()
    assert "has_caption" not in search_request.url(has_caption=None)


def test_with_value_adds_a_value_and_removes_it_again() -> None:
    search_request = SearchRequest(page=2).with_value("place", "Oslo").with_value("place", "Bergen")
    assert (search_request.values("place"), search_request.page) == (("Oslo", "Bergen"), 1)
    assert search_request.with_value("place", "Oslo").values("place") == ("Bergen",)


def test_numbers_and_booleans_in_a_query_string() -> None:
    search_request = SearchRequest(
        balance=0.75,
        has_caption=False,
        fusion="rrf",
        document=("page", "book"),
        filters=FilterValues(type=("newspaper",)),
    )
    assert search_request.query_string() == (
        "balance=0.75&fusion=rrf&document=page&document=book&type=newspaper&has_caption=false"
    )


def test_words_with_a_picture_are_fused_by_normalised_scores_unless_another_way_is_named() -> None:
    assert SearchRequest(query_text="fyr", like=("a",)).chosen_fusion == "convex"
    assert SearchRequest(query_text="fyr", like=("a", "b^-1")).needs_fusion
    assert SearchRequest(query_text="fyr", like=("a",), fusion="sum").chosen_fusion == "sum"
    assert not SearchRequest(query_text="fyr", like=("a",), sort="year").needs_fusion
    for request in (
        SearchRequest(query_text="fyr"),
        SearchRequest(like=("a",)),
        SearchRequest(query_text="-fyr", like=("a",)),
        SearchRequest(query_text="fyr", like=("a^-1",)),
    ):
        assert request.chosen_fusion == "sum"
        assert not request.needs_fusion


def test_only_fusion_and_grouping_need_all_candidates() -> None:
    assert not SearchRequest(query_text="fyr").needs_all_candidates
    assert SearchRequest(fusion="convex").needs_all_candidates
    assert SearchRequest(group="book").needs_all_candidates
    assert not SearchRequest(fusion="rrf", sort="year").needs_all_candidates, "years are sorted by Elasticsearch"


def test_what_a_program_sends_is_composed_except_urls() -> None:
    values = {"q": "Märchen", "place": ["\ufeffKöln"], "author": ["Grünwald, Jörg"], "like": ["Blätter:GE1"]}
    decomposed_values = {
        name: [unicodedata.normalize("NFD", item) for item in value]
        if isinstance(value, list)
        else unicodedata.normalize("NFD", value)
        for name, value in values.items()
    }
    url = unicodedata.normalize("NFD", "https://example.org/Köln.jpg")
    search_request = SearchRequest.from_parameters({**decomposed_values, "image": [url]})
    assert search_request.query_text == "Märchen"
    assert (search_request.values("place"), search_request.values("author")) == (("Köln",), ("Grünwald, Jörg",))
    assert (search_request.like, search_request.image) == (("Blätter:GE1",), (url,))


def test_more_like_this_asks_by_the_picture_alone_or_keeps_the_words() -> None:
    search_request = SearchRequest(
        query_text="fyr", like=("a",), vector=("sscd.AA",), sort="year", group="book", balance=0.2, page=3
    ).with_changes(place=("Bergen",))
    assert search_request.url_like("b") == "/?like=b&place=Bergen"
    assert search_request.url_like("b", keeps_words=True) == "/?q=fyr&like=b&balance=0.2&place=Bergen"


def test_the_filters_alone_find_the_ornaments_that_the_request_finds() -> None:
    for request in (
        SearchRequest(like=("a",)),
        SearchRequest(filters=FilterValues(label=("Map",))),
        SearchRequest(query_text="fyr"),
        SearchRequest(),
        SearchRequest(decoration="only"),
    ):
        filters = request.only_filters()
        assert filters.leaves_out_decoration == request.leaves_out_decoration
        assert (filters.decoration == "only") == (request.decoration == "only")
