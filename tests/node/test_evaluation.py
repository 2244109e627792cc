"""The service's search is measured on a node, and its temporary index is deleted."""

from pathlib import Path

import numpy as np
from elasticsearch import Elasticsearch

from core.settings import Settings
from evaluation.retrieval.fusion import MethodVectors
from evaluation.retrieval.served_search import (
    FLAT_INDEX,
    SERVICE_SETTING,
    SETTING_SWEEP,
    measure_served_search,
)
from evaluation.retrieval.served_search_report import figures, plot, table


def test_recall_of_a_small_gallery_and_removal_of_its_index(
    client: Elasticsearch, node_url: str, tmp_path: Path
) -> None:
    """The int8 graph loses little by rounding; the flat index is exact."""
    rows = np.random.default_rng(0).normal(size=(60, 512)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    gallery = MethodVectors(rows[:20], {"paper": rows[20:40], "half": rows[40:]})
    indices_before = set(client.indices.get(index="*"))
    measurements = measure_served_search({"sscd": gallery}, Settings(elasticsearch_url=node_url, cache=tmp_path))
    *graph_measurements, flat_measurement = measurements
    assert [(measurement.k, measurement.candidates) for measurement in graph_measurements] == list(SETTING_SWEEP)
    assert {measurement.vectors for measurement in measurements} == {40}, (
        "the pictures and the other queries' copies of them"
    )
    assert all(0.9 < measurement.recall <= 1 for measurement in graph_measurements if measurement.candidates >= 40)
    assert (flat_measurement.index, flat_measurement.recall) == (FLAT_INDEX, 1.0)
    assert [measurement.has_service_setting for measurement in measurements] == [
        setting == SERVICE_SETTING for setting in SETTING_SWEEP
    ] + [False]
    assert "(served)" in table(measurements).markdown()
    assert "exact (flat)" in plot(measurements)
    assert len(figures(measurements)) == len(measurements)
    assert set(client.indices.get(index="*")) == indices_before
