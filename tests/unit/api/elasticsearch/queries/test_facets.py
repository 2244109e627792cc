"""Counts over what was found, and over what the filters alone leave: each facet without its own filter."""

from api.elasticsearch.queries.facets import COLLECTION, COUNTED, collection, facets
from api.elasticsearch.queries.filters import narrowing
from api.search.request import Question

NARROW = Question(publisher=("Aschehoug",), year_from=1880)


def test_only_what_is_narrowed_is_counted_apart() -> None:
    counted = collection(NARROW)
    assert set(counted) == {COLLECTION, "publisher", "year", "set_aside"}
    assert set(COUNTED) - set(counted) <= set(counted[COLLECTION]["aggs"])


def test_a_facet_is_counted_without_its_own_filter() -> None:
    counted = collection(NARROW)
    for name in ("publisher", "year", "set_aside"):
        assert counted[name]["filter"]["bool"]["filter"] == list(narrowing(NARROW, but=name).values())
    assert counted[COLLECTION]["filter"]["bool"]["filter"] == list(narrowing(NARROW).values())


def test_chosen_values_are_counted_however_rare_they_are() -> None:
    for counted in (facets(NARROW), collection(NARROW)["publisher"]["aggs"]):
        assert counted["publisher chosen"]["terms"]["include"] == ["Aschehoug"]
    assert "place chosen" not in facets(NARROW)


def test_words_change_nothing_in_what_the_filters_alone_leave() -> None:
    assert collection(Question(words="fyr", like=("a",), page=3)) == collection(Question())
