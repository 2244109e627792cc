"""Kibana's objects agree with the models of another project, `kb-dashboard-core`, which writes dashboards."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from indexer.kibana.saved_objects import SavedObject, read_objects

pytest.importorskip("kb_dashboard_core", reason="kb-dashboard-core needs Python 3.12")

from kb_dashboard_core.dashboard.view import KbnDashboardOptions
from kb_dashboard_core.panels.charts.datatable.view import KbnDatatableVisualizationState
from kb_dashboard_core.panels.charts.lens.columns import view as columns
from kb_dashboard_core.panels.charts.metric.view import KbnMetricVisualizationState
from kb_dashboard_core.panels.charts.view import KbnLensPanelAttributes
from kb_dashboard_core.panels.charts.xy.view import KbnXYVisualizationState
from kb_dashboard_core.panels.view import KbnBasePanel, KbnSearchSourceJSON
from kb_dashboard_core.shared.view import KbnReference
from pydantic import BaseModel, ValidationError

OBJECTS = {saved_object.id: saved_object for saved_object in read_objects()}
PANELS = [id_ for id_, saved_object in OBJECTS.items() if saved_object.type == "lens"]
DASHBOARDS = [id_ for id_, saved_object in OBJECTS.items() if saved_object.type == "dashboard"]
SEARCHES = [id_ for id_, saved_object in OBJECTS.items() if saved_object.type == "search"]

VISUALIZATIONS: dict[str, type[BaseModel]] = {
    "lnsDatatable": KbnDatatableVisualizationState,
    "lnsMetric": KbnMetricVisualizationState,
    "lnsXY": KbnXYVisualizationState,
}
BUCKET_COLUMNS: dict[tuple[str, str], type[BaseModel]] = {
    ("date_histogram", ""): columns.KbnLensDateHistogramDimensionColumn,
    ("filters", ""): columns.KbnLensFiltersDimensionColumn,
    ("range", "histogram"): columns.KbnLensIntervalsDimensionColumn,
    ("range", "range"): columns.KbnLensCustomIntervalsDimensionColumn,
    ("terms", ""): columns.KbnLensTermsDimensionColumn,
}
"""Operation and type of its parameters → model. Every other column is a metric."""

UNKNOWN_PANEL_KEYS = {"type", "panelRefName", "embeddableConfig"}
"""Keys of a panel in the library; the models have only panels that are embedded in their dashboard."""


def check_panel(panel: SavedObject) -> None:
    """Raise ValidationError if the models do not accept a Lens panel."""
    attributes = json.loads(panel.json_line)["attributes"]
    state = attributes["state"]
    for layer in state["datasourceStates"]["formBased"]["layers"].values():
        assert sorted(layer["columnOrder"]) == sorted(layer["columns"])
        for column in layer["columns"].values():
            validate(column_model(column), rename_ranges(column))
        layer["columns"] = {}  # the models read only their own names in ranges, see `rename_ranges`
    del attributes["description"]
    validate(KbnLensPanelAttributes, attributes | {"references": panel.content["references"]})
    validate(VISUALIZATIONS[attributes["visualizationType"]], state["visualization"])


def column_model(column: Mapping[str, Any]) -> type[BaseModel]:
    kind = (column["operationType"], column.get("params", {}).get("type", ""))
    return BUCKET_COLUMNS.get(kind, columns.KbnLensFieldMetricColumn)


def rename_ranges(value: Any) -> Any:
    """Return the value with the names that the models give to the bounds of a range; they only write Kibana's."""
    if isinstance(value, dict):
        names = {"from": "from_value", "to": "to_value"}
        return {names.get(key, key): rename_ranges(child) for key, child in value.items()}
    return [rename_ranges(child) for child in value] if isinstance(value, list) else value


def validate(model: type[BaseModel], value: object) -> None:
    model.model_validate_json(json.dumps(value))


@pytest.mark.parametrize("id_", PANELS)
def test_panel_is_what_the_models_know(id_: str) -> None:
    check_panel(OBJECTS[id_])


@pytest.mark.parametrize("id_", DASHBOARDS)
def test_dashboard_is_what_the_models_know(id_: str) -> None:
    attributes = OBJECTS[id_].attributes
    validate(KbnDashboardOptions, json.loads(attributes["optionsJSON"]))
    validate(KbnSearchSourceJSON, json.loads(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"]))
    for panel in json.loads(attributes["panelsJSON"]):
        validate(KbnBasePanel, {key: value for key, value in panel.items() if key not in UNKNOWN_PANEL_KEYS})
        assert panel["gridData"]["x"] + panel["gridData"]["w"] <= 48
    for reference in OBJECTS[id_].content["references"]:
        validate(KbnReference, reference)


@pytest.mark.parametrize("id_", SEARCHES)
def test_query_of_a_search_is_what_the_models_know(id_: str) -> None:
    source = json.loads(OBJECTS[id_].attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])
    validate(KbnSearchSourceJSON, {"filter": source["filter"], "query": source["query"]})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"operationType":"terms"', '"operationType":"term"'),
        ('"isBucketed":true', '"isBucketed":"yes"'),
        ('"layerType":"data"', '"layerType":"dates"'),
        ('"visualizationType":"lnsXY"', '"visualizationType":"lnsXY","unknown":1'),
        ('"scale":"interval"', '"scale":"intervals"'),
    ],
)
def test_models_refuse_what_kibana_would_not_draw(old: str, new: str) -> None:
    line = OBJECTS["frontispiece-panel-run-days"].json_line
    assert old in line
    with pytest.raises(ValidationError):
        check_panel(SavedObject.from_json_line(line.replace(old, new)))
