"""Recall against an exact search, and the indices and searches that are compared."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.elasticsearch.queries.knn import K
from evaluation.commands.recall import combine_types, split_vectors
from evaluation.retrieval.fusion import MethodVectors
from evaluation.retrieval.recall import SearchSetting, make_vectors, recall, search_body, search_settings
from evaluation.retrieval.vector_indices import PARTS, VectorIndexType, part_filter

INT8 = VectorIndexType(name="int8_hnsw")
BYTES = VectorIndexType(name="hnsw", element_type="byte")


def unit_rows(count: int, dimensions: int = 8) -> np.ndarray:
    rows = np.random.default_rng(1).normal(size=(count, dimensions)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@given(st.integers(1, 30), st.integers(1, 12), st.data())
def test_recall_is_the_share_of_the_nearest_rows(count: int, depth: int, data: st.DataObject) -> None:
    cosines = np.linspace(1, 0, count, dtype=np.float32)
    hit_rows = data.draw(st.lists(st.integers(0, count - 1), unique=True, max_size=count))
    nearest = range(min(depth, count))
    expected = sum(row in nearest for row in hit_rows[:depth]) / len(nearest)
    assert recall(cosines, np.array(hit_rows, dtype=np.intp), depth) == pytest.approx(expected)


def test_rows_that_a_filter_leaves_out_are_no_neighbours() -> None:
    cosines = np.array([-np.inf, 0.5, -np.inf, 0.4], np.float32)
    assert recall(cosines, np.array([1, 3]), 10) == 1.0
    assert recall(cosines, np.array([1]), 10) == 0.5
    assert recall(np.full(3, -np.inf, np.float32), np.array([], dtype=np.intp), 10) == 1.0


def test_equal_rows_may_come_in_any_order() -> None:
    assert recall(np.array([0.9, 0.9, 0.1], np.float32), np.array([1]), 1) == 1.0


def test_made_vectors_are_unit_vectors_near_real_ones() -> None:
    real_rows = unit_rows(200, 64)
    made_rows = make_vectors(real_rows, 50)
    np.testing.assert_allclose(np.linalg.norm(made_rows, axis=1), 1, atol=1e-5)
    nearest = (made_rows @ real_rows.T).max(axis=1)
    assert nearest.min() > 0.6
    assert nearest.max() < 0.999


def test_only_rounded_vectors_are_compared_once_more() -> None:
    assert list(search_settings(INT8, [100, 200], [1])) == [(100, None), (100, 1), (200, None), (200, 1)]
    assert list(search_settings(BYTES, [100], [1, 2])) == [(100, None)]


def test_a_search_asks_for_what_the_service_asks_for() -> None:
    body = search_body(INT8, unit_rows(1)[0], SearchSetting(200, 1.5), 0.1)
    assert (body["size"], body["knn"]["k"], body["knn"]["num_candidates"]) == (K, K, 200)
    assert body["knn"]["rescore_vector"] == {"oversample": 1.5}
    assert body["knn"]["filter"] == [{"range": {"part": {"lt": PARTS // 10}}}]
    assert part_filter(1.0) == []
    assert "rescore_vector" not in search_body(INT8, unit_rows(1)[0], SearchSetting(200))["knn"]


@given(st.floats(0.01, 1))
def test_bytes_keep_the_direction_of_a_vector(scale: float) -> None:
    vector = unit_rows(1, 512)[0] * np.float32(scale)
    numbers = BYTES.encode(vector)
    assert (numbers.dtype, int(np.abs(numbers.astype(int)).max())) == (np.int8, 127)
    cosine = numbers @ vector / np.linalg.norm(numbers.astype(float)) / np.linalg.norm(vector)
    assert cosine > 0.999


def test_bytes_are_rounded_already_so_they_have_no_rounded_index() -> None:
    types = combine_types(("hnsw", "int8_hnsw"), ("float", "byte"), [16, 32], [100])
    assert [(index_type.name, index_type.element_type, index_type.m) for index_type in types] == [
        ("hnsw", "float", 16),
        ("hnsw", "float", 32),
        ("hnsw", "byte", 16),
        ("hnsw", "byte", 32),
        ("int8_hnsw", "float", 16),
        ("int8_hnsw", "float", 32),
    ]


def test_made_vectors_are_added_and_queries_are_spread() -> None:
    rows = unit_rows(60)
    vectors = MethodVectors(rows[:20], {"paper": rows[20:40], "half": rows[40:]})
    indexed, queries = split_vectors(vectors, made=7, query_count=5)
    assert len(indexed) == 20 + 20 + 7
    assert np.array_equal(queries, rows[20:40:4])
