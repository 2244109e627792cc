"""The requests that Kibana sends to Elasticsearch for our saved searches and Lens panels."""

import json
from collections.abc import Mapping
from typing import Any

from indexer.kibana.saved_objects import SavedObject

KibanaQueryBody = dict[str, Any]

METRICS = {"sum": "sum", "average": "avg", "unique_count": "cardinality"}
HISTOGRAM_INTERVALS = {"year": 10, "label.confidence": 0.05, "page_text.confidence": 0.05}
"""Width of a histogram's bars. Kibana chooses it from the data; here it is fixed."""


def search_body(search: SavedObject) -> KibanaQueryBody:
    source = json.loads(search.attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])
    return {
        "query": _query_clause(source["query"]),
        "sort": [{name: {"order": order, "unmapped_type": "keyword"}} for name, order in search.attributes["sort"]],
        "fields": search.attributes["columns"],
        "_source": False,
    }


def dashboard_query(dashboard: SavedObject) -> KibanaQueryBody:
    """Return the query that Kibana adds to that of every panel."""
    return _query_clause(json.loads(dashboard.attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])["query"])


def panel_body(panel: SavedObject) -> KibanaQueryBody:
    state = panel.attributes["state"]
    [layer] = state["datasourceStates"]["formBased"]["layers"].values()
    return {"size": 0, "track_total_hits": True, "query": _query_clause(state["query"]), **layer_body(layer)}


def layer_body(layer: Mapping[str, Any]) -> KibanaQueryBody:
    """Nest each bucket aggregation in the one before it; the metrics are in the innermost. A count needs no metric."""
    columns = {name: layer["columns"][name] for name in layer["columnOrder"]}
    metrics = {name: column for name, column in columns.items() if not column["isBucketed"]}
    nested_aggregations = {
        name: _metric_aggregation(column) for name, column in metrics.items() if column["operationType"] != "count"
    }
    for name, column in reversed(columns.items()):
        if column["isBucketed"]:
            bucket = _bucket_aggregation(column, metrics)
            nested_aggregations = {name: {**bucket, "aggs": nested_aggregations} if nested_aggregations else bucket}
    return {"aggs": nested_aggregations} if nested_aggregations else {}


def _metric_aggregation(column: Mapping[str, Any]) -> KibanaQueryBody:
    if column["operationType"] not in METRICS:
        raise ValueError(f"no translation of {column['operationType']}")
    return {METRICS[column["operationType"]]: {"field": column["sourceField"]}}


def _bucket_aggregation(column: Mapping[str, Any], metrics: Mapping[str, Any]) -> KibanaQueryBody:
    params, field = column["params"], column.get("sourceField")
    match column["operationType"], params.get("type"):
        case "terms", _:
            order_column = params["orderBy"]["columnId"]
            order = "_count" if metrics[order_column]["operationType"] == "count" else order_column
            missing = {"missing": "__missing__"} if params["missingBucket"] else {}
            return {"terms": {"field": field, "size": params["size"], "order": {order: "desc"}, **missing}}
        case "range", "histogram":
            return {"histogram": {"field": field, "interval": HISTOGRAM_INTERVALS[str(field)], "min_doc_count": 0}}
        case "range", "range":
            ranges = [
                {"key": bounds["label"], "from": bounds["from"], "to": bounds["to"]} for bounds in params["ranges"]
            ]
            return {"range": {"field": field, "ranges": ranges}}
        case "filters", _:
            return {
                "filters": {
                    "filters": {
                        named_filter["label"]: _query_clause(named_filter["input"])
                        for named_filter in params["filters"]
                    }
                }
            }
        case "date_histogram", _:
            min_doc_count = 0 if params["includeEmptyRows"] else 1
            interval = {"1d": {"calendar_interval": "1d"}, "1m": {"calendar_interval": "1m"}}[params["interval"]]
            return {"date_histogram": {"field": field, "min_doc_count": min_doc_count, **interval}}
    raise ValueError(f"no translation of {column['operationType']}")


def _query_clause(query: Mapping[str, str]) -> KibanaQueryBody:
    """Translate the query of a saved object. All of ours use Lucene's syntax, which Kibana passes on unchanged."""
    if query["language"] != "lucene":
        raise ValueError(f"no translation of a query in {query['language']}")
    return (
        {"query_string": {"query": query["query"], "analyze_wildcard": True}} if query["query"] else {"match_all": {}}
    )
