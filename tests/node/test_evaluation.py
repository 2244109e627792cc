"""The service's search is measured on a node, and its temporary index is deleted."""

import uuid
from pathlib import Path

import numpy as np
from elasticsearch import Elasticsearch

from core.settings import Settings
from evaluation.retrieval import recall_report
from evaluation.retrieval.fusion import MethodVectors
from evaluation.retrieval.recall import measure_recall
from evaluation.retrieval.served_search import (
    FLAT_INDEX,
    SERVICE_SETTING,
    SETTING_SWEEP,
    measure_served_search,
)
from evaluation.retrieval.served_search_report import figures, plot, table
from evaluation.retrieval.vector_indices import VectorIndexType
from indexer.elasticsearch.client import connect


def test_recall_of_a_small_gallery_and_removal_of_its_index(
    client: Elasticsearch, node_url: str, tmp_path: Path
) -> None:
    """The graph loses little by rounding; the flat index is exact."""
    rows = np.random.default_rng(0).normal(size=(60, 512)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    gallery = MethodVectors(rows[:20], {"paper": rows[20:40], "half": rows[40:]})
    settings = Settings(elasticsearch_url=node_url, alias=f"test-{uuid.uuid4().hex}", cache=tmp_path)
    measurements = measure_served_search({"sscd": gallery}, settings)
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
    assert not client.indices.get(index=f"{settings.alias}*")


def test_indices_are_compared_and_those_that_the_server_lacks_are_named(client: Elasticsearch, node_url: str) -> None:
    rows = np.random.default_rng(0).normal(size=(120, 64)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    index_types = [
        VectorIndexType(name="int8_hnsw"),
        VectorIndexType(name="hnsw", element_type="byte"),
        VectorIndexType(name="hnsw", element_type="unheard_of"),
    ]
    settings = Settings(elasticsearch_url=node_url, alias=f"test-{uuid.uuid4().hex}")
    with connect(settings, node_url) as evaluation_client:
        results = measure_recall(
            evaluation_client, settings.alias, index_types, ([200], [1]), ("sscd", rows[:100], rows[100:103])
        )
    assert [index.index_type for index in results.indices] == index_types[:2]
    assert list(results.unknown_types) == index_types[2:]
    plain, compared_again, of_bytes = results.measurements
    assert set(compared_again.recalls.values()) == {1.0}
    assert min(*plain.recalls.values(), *of_bytes.recalls.values()) > 0.8
    assert results.indices[0].disk_bytes > 4 * 64 > results.indices[1].disk_bytes > 64
    recall_table, size_table = recall_report.tables(results)
    assert "This server does not have hnsw, unheard_of, m 16, ef 100." in recall_table.note
    assert len(size_table.rows) == 2
    assert not client.indices.get(index=f"{settings.alias}*")
