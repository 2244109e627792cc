"""Hashes and models on the same queries, with their cost."""

from pathlib import Path

import numpy as np

from core.settings import Settings
from evaluation.pictures.folder import read_folder
from evaluation.pictures.queries import QueryKind, build_query_kinds
from evaluation.retrieval.hash_encoder import HASHES, hash_vector
from evaluation.retrieval.hashes import figures, measure_hashes, table
from tests.unit.evaluation.thumbnail_encoder import ThumbnailEncoder


def test_every_hash_finds_unaltered_pictures_and_bytes_are_those_of_the_index(drawings: Path, tmp_path: Path) -> None:
    pictures = read_folder(drawings)
    unaltered_kind = QueryKind(name="paper", key="untouched", alterations=[lambda image: image] * len(pictures))
    results = measure_hashes(pictures, [ThumbnailEncoder()], Settings(cache=tmp_path), unaltered_kind)
    assert [result.scores.method for result in results] == [*HASHES, "thumbnail"]
    assert [result.bytes_per_picture for result in results] == [8, 8, 8, 6, 149 + 40]
    assert {
        result.scores.method: result.scores.top_k_share(1)
        for result in results
        if result.scores.method != "colour hash"
    } == {
        "pHash": 1.0,
        "dHash": 1.0,
        "wHash": 1.0,
        "thumbnail": 1.0,
    }
    assert all(result.milliseconds > 0 for result in results)


def test_table_and_json_have_the_same_figures(drawings: Path, tmp_path: Path) -> None:
    pictures = read_folder(drawings)
    (kind,) = build_query_kinds(len(pictures))
    results = measure_hashes(pictures, [], Settings(cache=tmp_path), kind)
    rows = {row[0]: row for row in table(results).rows}
    figures_by_method = figures(results)["methods"]
    assert rows.keys() == figures_by_method.keys()
    assert all(str(rows[name][1]).startswith(f"{100 * figures_by_method[name]['top_1']:.1f} %") for name in rows)


def test_cosine_of_hash_vectors_is_linear_in_the_hamming_distance() -> None:
    """The equality is exact, for 64 and for 42 bits."""
    for bits in (64, 42):
        first_bits, second_bits = np.random.default_rng(bits).random((2, bits)) > 0.5
        distance = int((first_bits != second_bits).sum())
        assert hash_vector(first_bits) @ hash_vector(second_bits) == 1 - distance / 32
        assert hash_vector(first_bits) @ hash_vector(first_bits) == 1
