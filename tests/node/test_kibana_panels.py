"""The queries of Kibana's searches and panels return results from a real node with the specimen books."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from indexer.documents.runs import run_documents
from indexer.elasticsearch.mappings import index_body
from indexer.elasticsearch.runs import write_run
from indexer.kibana.saved_objects import ALIAS, SavedObject, read_objects, replace_alias_and_site
from indexer.records import Problem
from indexer.run_records import IngestRun, RunReport
from tests.library import ServedLibrary
from tests.node.kibana_queries import dashboard_query, layer_body, panel_body, search_body

OBJECTS = {saved_object.id: saved_object for saved_object in read_objects()}
SEARCHES = [saved_object.id for saved_object in OBJECTS.values() if saved_object.type == "search"]
PANELS = [saved_object.id for saved_object in OBJECTS.values() if saved_object.type == "lens"]

EMPTY_PANELS = {
    "frontispiece-panel-label-confidence": "no model has labelled the specimen",
    "frontispiece-panel-problem-reasons": "nothing is wrong with the specimen; see the problems below",
    "frontispiece-panel-problem-files": "as the reasons",
    "frontispiece-panel-run-left-out": "as the reasons",
    "frontispiece-panel-run-failures": "every run finished",
}
"""Panels and searches for which the specimen has no data, with the reason."""


UNANSWERED = [
    {"day": "2026-11-29", "words": "kraken", "filters": ["year"], "documents": ["picture"]},
    {"day": "2026-11-30", "words": "kraken", "filters": [], "documents": ["picture", "page"]},
]


@pytest.fixture(scope="module")
def alias_by_data_view(specimen: ServedLibrary, client: Elasticsearch) -> Iterator[dict[str, str]]:
    """Yield data view → its alias in this test; readers have asked for something in vain."""
    data_views = [saved_object for saved_object in OBJECTS.values() if saved_object.type == "index-pattern"]
    installation = {"alias": (ALIAS, specimen.settings.alias), "site": ("", "")}
    aliases = {view.id: str(replace_alias_and_site(view, **installation).attributes["title"]) for view in data_views}
    unanswered = aliases["frontispiece-unanswered"]
    client.indices.create(index=unanswered, **index_body("unanswered"))
    for document in UNANSWERED:
        client.index(index=unanswered, document=document, refresh=True)
    yield aliases
    client.indices.delete(index=unanswered)


def data_view_alias(saved_object: SavedObject, alias_by_data_view: dict[str, str]) -> str:
    [view] = [id_ for type_, id_ in saved_object.references.values() if type_ == "index-pattern"]
    return alias_by_data_view[view]


@pytest.mark.parametrize("id_", PANELS)
def test_panel_has_nonzero_numbers(client: Elasticsearch, alias_by_data_view: dict[str, str], id_: str) -> None:
    panel = OBJECTS[id_]
    response = client.search(index=data_view_alias(panel, alias_by_data_view), body=panel_body(panel))
    assert response["_shards"]["failed"] == 0
    assert response["hits"]["total"]["value"] > 0 or id_ in EMPTY_PANELS
    assert bool(
        _nonzero_numbers(response["aggregations"] if "aggregations" in response else response["hits"]["total"])
    ) == (id_ not in EMPTY_PANELS)


@pytest.mark.parametrize("id_", SEARCHES)
def test_search_is_valid(client: Elasticsearch, alias_by_data_view: dict[str, str], id_: str) -> None:
    search = OBJECTS[id_]
    response = client.search(index=data_view_alias(search, alias_by_data_view), body=search_body(search))
    assert response["_shards"]["failed"] == 0


def search_count(client: Elasticsearch, alias_by_data_view: dict[str, str], id_: str) -> int:
    return int(
        client.count(index=data_view_alias(OBJECTS[id_], alias_by_data_view), query=search_body(OBJECTS[id_])["query"])[
            "count"
        ]
    )


def test_saved_searches_find_the_documents_of_their_titles(
    client: Elasticsearch, alias_by_data_view: dict[str, str], specimen: ServedLibrary
) -> None:
    documents = specimen.documents().values()
    counts_by_search = {
        id_.removeprefix("frontispiece-search-"): search_count(client, alias_by_data_view, id_) for id_ in SEARCHES
    }
    assert counts_by_search["without-sscd"] == 0
    assert counts_by_search["without-siglip"] == len(documents)
    assert counts_by_search["no-label"] == sum("label" not in document for document in documents)
    assert counts_by_search["no-caption"] == sum("caption" not in document for document in documents)
    assert counts_by_search["hidden"] == sum(bool(document.get("hidden")) for document in documents)


def test_panels_count_years_and_labels_of_documents(
    client: Elasticsearch, alias_by_data_view: dict[str, str], specimen: ServedLibrary
) -> None:
    documents = specimen.documents().values()
    panel = OBJECTS["frontispiece-panel-places"]
    response = client.search(index=data_view_alias(panel, alias_by_data_view), body=panel_body(panel))
    counts_by_place = {bucket["key"]: bucket["doc_count"] for bucket in response["aggregations"]["by"]["buckets"]}
    places = [place for document in documents for place in document.get("place_normalised", ())]
    assert counts_by_place == {place: places.count(place) for place in set(places)}


def test_shares_of_a_decade_add_up_to_its_pictures(
    client: Elasticsearch, alias_by_data_view: dict[str, str], specimen: ServedLibrary
) -> None:
    panel = OBJECTS["frontispiece-panel-hidden"]
    response = client.search(index=data_view_alias(panel, alias_by_data_view), body=panel_body(panel))
    decades = response["aggregations"]["decade"]["buckets"]
    counts_by_decade = {
        decade["key"]: sum(class_bucket["doc_count"] for class_bucket in decade["which"]["buckets"].values())
        for decade in decades
    }
    years = [source["year"] for source in specimen.documents().values()]
    assert {key: count for key, count in counts_by_decade.items() if count} == {
        f"{decade}s": sum(year // 10 * 10 == decade for year in years) for decade in {year // 10 * 10 for year in years}
    }


@pytest.fixture
def problems(client: Elasticsearch, index_name: str) -> list[Problem]:
    """Store a run with problems and warnings; return both."""
    run_problems = [Problem("a.xml", "not ALTO"), Problem("b.xml", "not ALTO"), Problem("b.tif", "no scan")]
    run_warnings = [Problem("a.xml", "no year")]
    run = IngestRun.start(["books"], [], rebuild=False)
    write_run(
        client,
        index_name,
        run_documents(run, RunReport(problems=tuple(run_problems), warnings=tuple(run_warnings)), None, run.started_at),
    )
    return run_problems + run_warnings


@pytest.mark.parametrize("field", ["reason", "file"])
def test_problem_panels_count_problems(
    client: Elasticsearch, index_name: str, problems: list[Problem], field: str
) -> None:
    panel = OBJECTS[f"frontispiece-panel-problem-{field}s"]
    response = client.search(index=f"{index_name}-runs", body=panel_body(panel))
    panel_counts = {bucket["key"]: bucket["doc_count"] for bucket in response["aggregations"][field]["buckets"]}
    assert panel_counts == Counter(getattr(problem, field) for problem in problems)


def test_search_for_errors_excludes_warnings(client: Elasticsearch, index_name: str, problems: list[Problem]) -> None:
    body = search_body(OBJECTS["frontispiece-search-run-errors"])
    hits = client.search(index=f"{index_name}-runs", body=body)["hits"]["hits"]
    assert sorted(hit["fields"]["file"][0] for hit in hits) == ["a.xml", "b.tif", "b.xml"]


def test_this_months_dashboard_leaves_out_older_runs(client: Elasticsearch, index_name: str) -> None:
    now = datetime.now(UTC)
    for began in (now, now.replace(day=1) - timedelta(days=1)):
        run = replace(IngestRun.start(["books"], [], rebuild=False), started_at=began)
        report = RunReport(written=7, problems=(Problem("a.xml", "not ALTO"),))
        write_run(client, index_name, run_documents(run, report, None, began))
    month = dashboard_query(OBJECTS["frontispiece-dashboard-month"])

    def count(id_: str) -> int:
        query = {"bool": {"filter": [month, panel_body(OBJECTS[id_])["query"]]}}
        return int(client.count(index=f"{index_name}-runs", query=query)["count"])

    assert count("frontispiece-panel-run-count") == 1
    assert count("frontispiece-panel-problem-reasons") == 2  # the run and its problem


def test_review_queue_begins_with_hidden_pictures_and_has_none_that_a_person_decided(
    client: Elasticsearch, index_name: str
) -> None:
    pictures = {
        "hidden for sure": {"hidden": True, "label": {"name": "Blank page", "confidence": 0.99}},
        "hidden perhaps": {"hidden": True, "label": {"name": "Blank page", "confidence": 0.8}},
        "map perhaps": {"hidden": False, "label": {"name": "Map", "confidence": 0.4}},
        "map": {"hidden": False, "label": {"name": "Map", "confidence": 0.7}},
        "decided": {"hidden": True, "label": {"name": "Blank page", "source": "librarian"}},
    }
    client.indices.create(index=index_name, **index_body("pictures"))
    for id_, fields in pictures.items():
        client.index(index=index_name, id=id_, document=fields, refresh=True)
    hits = client.search(index=index_name, body=search_body(OBJECTS["frontispiece-search-review"]))["hits"]
    assert [hit["_id"] for hit in hits["hits"]] == ["hidden perhaps", "map perhaps"]


def test_words_that_are_asked_most_often_come_first(client: Elasticsearch, alias_by_data_view: dict[str, str]) -> None:
    panel = OBJECTS["frontispiece-panel-unanswered-words"]
    response = client.search(index=data_view_alias(panel, alias_by_data_view), body=panel_body(panel))
    assert [(bucket["key"], bucket["doc_count"]) for bucket in response["aggregations"]["words"]["buckets"]] == [
        ("kraken", 2)
    ]


def test_search_lists_runs(client: Elasticsearch, alias_by_data_view: dict[str, str], specimen: ServedLibrary) -> None:
    [hit] = client.search(
        index=alias_by_data_view["frontispiece-runs"], body=search_body(OBJECTS["frontispiece-search-runs"])
    )["hits"]["hits"]
    assert hit["fields"]["counts.written"] == [specimen.report.written]


def test_unknown_column_type_is_an_error() -> None:
    """Otherwise only a part of a new panel's query would be checked."""
    with pytest.raises(ValueError, match="percentile_rank"):
        layer_body({"columnOrder": ["x"], "columns": {"x": {"operationType": "percentile_rank", "isBucketed": False}}})


def _nonzero_numbers(node: Any) -> list[float]:
    """Return every count and value that is not zero."""
    if isinstance(node, dict):
        own_numbers = [node[name] for name in ("doc_count", "value") if isinstance(node.get(name), int | float)]
        return [number for number in own_numbers if number] + [
            nested_number for child in node.values() for nested_number in _nonzero_numbers(child)
        ]
    return (
        [nested_number for child in node for nested_number in _nonzero_numbers(child)] if isinstance(node, list) else []
    )
