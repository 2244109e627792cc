"""The search for copies of a picture."""

from indexer.elasticsearch.family_pictures import NEIGHBOURS, neighbours_query


def test_searches_of_all_pictures_share_a_filter_and_leave_themselves_out() -> None:
    """Elasticsearch keeps a filter that recurs, and reads the whole collection for one that does not."""
    ship, brig = (neighbours_query(id_, [0.6, 0.8], "sscd", 0.7) for id_ in ("ship", "brig"))
    assert ship["knn"]["filter"] == brig["knn"]["filter"]
    assert [query["post_filter"]["bool"]["must_not"] for query in (ship, brig)] == [
        [{"ids": {"values": ["ship"]}}],
        [{"ids": {"values": ["brig"]}}],
    ]
    assert (ship["size"], ship["knn"]["k"]) == (NEIGHBOURS, NEIGHBOURS + 1)
