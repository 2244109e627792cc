"""Each search and each panel of Kibana asks what it says, of a real node with the specimen books."""

from collections import Counter
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from indexer.elasticsearch.runs import Run, run_documents, write
from indexer.ingest.report import Report
from indexer.kibana.saved_objects import ALIAS, SavedObject, moved, read
from indexer.records import Problem
from tests.library import Library
from tests.node.panels import layer_body, panel_body, search_body

OBJECTS = {each.id: each for each in read()}
SEARCHES = [each.id for each in OBJECTS.values() if each.type == "search"]
PANELS = [each.id for each in OBJECTS.values() if each.type == "lens"]

EMPTY = {
    "frontispiece-panel-families": "no families were looked for",
    "frontispiece-panel-label-confidence": "no model has labelled the specimen",
    "frontispiece-panel-problem-reasons": "nothing is wrong with the specimen; see the problems below",
    "frontispiece-panel-problem-files": "as the reasons",
}
"""What the specimen has nothing for, and why."""


@pytest.fixture(scope="module")
def index(specimen: Library) -> dict[str, str]:
    """Data view → the alias that it is of here."""
    views = [each for each in OBJECTS.values() if each.type == "index-pattern"]
    here = {"alias": (ALIAS, specimen.settings.alias), "site": ("", "")}
    return {view.id: str(moved(view, **here).attributes["title"]) for view in views}


def asked(each: SavedObject, index: dict[str, str]) -> str:
    [view] = [id_ for type_, id_ in each.references.values() if type_ == "index-pattern"]
    return index[view]


@pytest.mark.parametrize("id_", PANELS)
def test_a_panel_has_numbers_to_show(client: Elasticsearch, index: dict[str, str], id_: str) -> None:
    panel = OBJECTS[id_]
    answer = client.search(index=asked(panel, index), body=panel_body(panel))
    assert answer["_shards"]["failed"] == 0
    assert answer["hits"]["total"]["value"] > 0
    assert bool(_numbers(answer["aggregations"] if "aggregations" in answer else answer["hits"]["total"])) == (
        id_ not in EMPTY
    )


@pytest.mark.parametrize("id_", SEARCHES)
def test_a_search_is_understood(client: Elasticsearch, index: dict[str, str], id_: str) -> None:
    search = OBJECTS[id_]
    answer = client.search(index=asked(search, index), body=search_body(search))
    assert answer["_shards"]["failed"] == 0


def counted(client: Elasticsearch, index: dict[str, str], id_: str) -> int:
    return int(client.count(index=asked(OBJECTS[id_], index), query=search_body(OBJECTS[id_])["query"])["count"])


def test_the_searches_find_what_they_are_called(
    client: Elasticsearch, index: dict[str, str], specimen: Library
) -> None:
    documents = specimen.documents().values()
    found = {id_.removeprefix("frontispiece-search-"): counted(client, index, id_) for id_ in SEARCHES}
    assert found["without-sscd"] == 0
    assert found["without-siglip"] == len(documents)
    assert found["no-label"] == sum("label" not in each for each in documents)
    assert found["no-caption"] == sum("caption" not in each for each in documents)
    assert found["set-aside"] == sum(bool(each.get("set_aside")) for each in documents)


def test_years_and_labels_of_the_panels_are_those_of_the_documents(
    client: Elasticsearch, index: dict[str, str], specimen: Library
) -> None:
    documents = specimen.documents().values()
    panel = OBJECTS["frontispiece-panel-places"]
    answer = client.search(index=asked(panel, index), body=panel_body(panel))
    shown = {bucket["key"]: bucket["doc_count"] for bucket in answer["aggregations"]["by"]["buckets"]}
    places = [each["place"] for each in documents if "place" in each]
    assert shown == {place: places.count(place) for place in set(places)}


def test_the_shares_of_a_decade_are_its_pictures(
    client: Elasticsearch, index: dict[str, str], specimen: Library
) -> None:
    panel = OBJECTS["frontispiece-panel-set-aside"]
    answer = client.search(index=asked(panel, index), body=panel_body(panel))
    decades = answer["aggregations"]["decade"]["buckets"]
    of_each = {
        decade["key"]: sum(each["doc_count"] for each in decade["which"]["buckets"].values()) for decade in decades
    }
    years = [each["year"] for each in specimen.documents().values()]
    assert {key: count for key, count in of_each.items() if count} == {
        f"{decade}s": sum(year // 10 * 10 == decade for year in years) for decade in {year // 10 * 10 for year in years}
    }


@pytest.fixture
def problems(client: Elasticsearch, index_name: str) -> list[Problem]:
    """Of a run that left something out and read something odd."""
    left_out = [Problem("a.xml", "not ALTO"), Problem("b.xml", "not ALTO"), Problem("b.tif", "no scan")]
    odd = [Problem("a.xml", "no year")]
    run = Run.begun(["books"], [], rebuild=False)
    write(client, index_name, run_documents(run, Report(problems=left_out, warnings=odd), None, run.started))
    return left_out + odd


@pytest.mark.parametrize("field", ["reason", "file"])
def test_the_panels_of_problems_count_them(
    client: Elasticsearch, index_name: str, problems: list[Problem], field: str
) -> None:
    panel = OBJECTS[f"frontispiece-panel-problem-{field}s"]
    answer = client.search(index=f"{index_name}-runs", body=panel_body(panel))
    shown = {bucket["key"]: bucket["doc_count"] for bucket in answer["aggregations"][field]["buckets"]}
    assert shown == Counter(getattr(each, field) for each in problems)


def test_the_errors_of_the_last_runs_are_all_but_the_warnings(
    client: Elasticsearch, index_name: str, problems: list[Problem]
) -> None:
    body = search_body(OBJECTS["frontispiece-search-run-errors"])
    hits = client.search(index=f"{index_name}-runs", body=body)["hits"]["hits"]
    assert sorted(hit["fields"]["file"][0] for hit in hits) == ["a.xml", "b.tif", "b.xml"]


def test_the_runs_are_listed(client: Elasticsearch, index: dict[str, str], specimen: Library) -> None:
    [hit] = client.search(index=index["frontispiece-runs"], body=search_body(OBJECTS["frontispiece-search-runs"]))[
        "hits"
    ]["hits"]
    assert hit["fields"]["counts.written"] == [specimen.report.written]


def test_a_kind_of_column_that_nobody_translated_is_told() -> None:
    """Else a new panel would be tried with half of its query."""
    with pytest.raises(ValueError, match="percentile_rank"):
        layer_body({"columnOrder": ["x"], "columns": {"x": {"operationType": "percentile_rank", "isBucketed": False}}})


def _numbers(answer: Any) -> list[float]:
    """Every count and value in it that is not zero."""
    if isinstance(answer, dict):
        own = [answer[name] for name in ("doc_count", "value") if isinstance(answer.get(name), int | float)]
        return [number for number in own if number] + [n for each in answer.values() for n in _numbers(each)]
    return [n for each in answer for n in _numbers(each)] if isinstance(answer, list) else []
