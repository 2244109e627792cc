"""The aggregations over the results and over the collection under the filters."""

from api.elasticsearch.queries.facets import COLLECTION, COUNTED_FACETS, collection_aggregations, facet_aggregations
from api.elasticsearch.queries.filters import clauses_by_filter
from api.search.filter_values import FilterValues
from api.search.request import SearchRequest

FILTERED_REQUEST = SearchRequest(year_from=1880, filters=FilterValues(publisher=("Aschehoug",)))


def test_only_facets_with_a_filter_have_an_aggregation_of_their_own() -> None:
    aggregations = collection_aggregations(FILTERED_REQUEST)
    assert set(aggregations) == {COLLECTION, "publisher", "year", "hidden", "decoration"}
    assert set(COUNTED_FACETS) - set(aggregations) <= set(aggregations[COLLECTION]["aggs"])


def test_a_facet_is_counted_without_its_own_filter() -> None:
    aggregations = collection_aggregations(FILTERED_REQUEST)
    for name in ("publisher", "year", "hidden"):
        assert aggregations[name]["filter"]["bool"]["filter"] == list(
            clauses_by_filter(FILTERED_REQUEST, except_filter=name).values()
        )
    assert aggregations[COLLECTION]["filter"]["bool"]["filter"] == list(clauses_by_filter(FILTERED_REQUEST).values())


def test_rare_selected_values_are_counted() -> None:
    for aggregations in (
        facet_aggregations(FILTERED_REQUEST),
        collection_aggregations(FILTERED_REQUEST)["publisher"]["aggs"],
    ):
        assert aggregations["publisher chosen"]["filters"]["filters"] == {
            "Aschehoug": {"term": {"publisher_names": "Aschehoug"}}
        }
    assert "place chosen" not in facet_aggregations(FILTERED_REQUEST)


def test_collection_counts_do_not_depend_on_the_query() -> None:
    other_words = SearchRequest(query_text="hav")
    for search_request in (SearchRequest(query_text="fyr", page=3), SearchRequest(query_text="fyr", like=("a",))):
        assert collection_aggregations(search_request) == collection_aggregations(other_words)
    by_picture = collection_aggregations(SearchRequest(like=("a",)))
    assert by_picture == collection_aggregations(SearchRequest(decoration="include")), "it may be like an ornament"
