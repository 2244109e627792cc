"""What Kibana asks Elasticsearch for a saved search and for a Lens panel, as far as our own objects go."""

import json
from collections.abc import Mapping
from typing import Any

from indexer.kibana.saved_objects import SavedObject

Body = dict[str, Any]

NUMBERS = {"sum": "sum", "average": "avg", "unique_count": "cardinality"}
STEP = {"year": 10, "label.confidence": 0.05, "page_text.confidence": 0.05}
"""Kibana chooses the width of a histogram's bars by what it finds; here it is given."""


def search_body(search: SavedObject) -> Body:
    source = json.loads(search.attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])
    return {
        "query": _query(source["query"]),
        "sort": [{name: {"order": order, "unmapped_type": "keyword"}} for name, order in search.attributes["sort"]],
        "fields": search.attributes["columns"],
        "_source": False,
    }


def panel_body(panel: SavedObject) -> Body:
    state = panel.attributes["state"]
    [layer] = state["datasourceStates"]["formBased"]["layers"].values()
    return {"size": 0, "track_total_hits": True, "query": _query(state["query"]), **layer_body(layer)}


def layer_body(layer: Mapping[str, Any]) -> Body:
    """Each bucket in the one before it, the numbers in the innermost; a count is there without being asked for."""
    columns = {name: layer["columns"][name] for name in layer["columnOrder"]}
    numbers = {name: each for name, each in columns.items() if not each["isBucketed"]}
    inner = {name: _number(each) for name, each in numbers.items() if each["operationType"] != "count"}
    for name, each in reversed(columns.items()):
        if each["isBucketed"]:
            bucket = _bucket(each, numbers)
            inner = {name: {**bucket, "aggs": inner} if inner else bucket}
    return {"aggs": inner} if inner else {}


def _number(column: Mapping[str, Any]) -> Body:
    if column["operationType"] not in NUMBERS:
        raise ValueError(f"no translation of {column['operationType']}")
    return {NUMBERS[column["operationType"]]: {"field": column["sourceField"]}}


def _bucket(column: Mapping[str, Any], numbers: Mapping[str, Any]) -> Body:
    asked, field = column["params"], column.get("sourceField")
    match column["operationType"], asked.get("type"):
        case "terms", _:
            by = asked["orderBy"]["columnId"]
            order = "_count" if numbers[by]["operationType"] == "count" else by
            missing = {"missing": "__missing__"} if asked["missingBucket"] else {}
            return {"terms": {"field": field, "size": asked["size"], "order": {order: "desc"}, **missing}}
        case "range", "histogram":
            return {"histogram": {"field": field, "interval": STEP[str(field)], "min_doc_count": 0}}
        case "range", "range":
            ranges = [{"key": each["label"], "from": each["from"], "to": each["to"]} for each in asked["ranges"]]
            return {"range": {"field": field, "ranges": ranges}}
        case "filters", _:
            return {"filters": {"filters": {each["label"]: _query(each["input"]) for each in asked["filters"]}}}
        case "date_histogram", _:
            empty = 0 if asked["includeEmptyRows"] else 1
            unit = {"1d": {"calendar_interval": "1d"}, "1m": {"calendar_interval": "1m"}}[asked["interval"]]
            return {"date_histogram": {"field": field, "min_doc_count": empty, **unit}}
    raise ValueError(f"no translation of {column['operationType']}")


def _query(query: Mapping[str, str]) -> Body:
    """All of ours are in Lucene's syntax, which Kibana hands on as it stands."""
    if query["language"] != "lucene":
        raise ValueError(f"no translation of a query in {query['language']}")
    return (
        {"query_string": {"query": query["query"], "analyze_wildcard": True}} if query["query"] else {"match_all": {}}
    )
