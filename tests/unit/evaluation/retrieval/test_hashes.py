"""Hashes and models are asked the same, and each is told its price."""

from pathlib import Path

import numpy as np
from tests.unit.evaluation.thumbnails import Thumbnail

from core.settings import Settings
from evaluation.pictures.altered import Kind, kinds
from evaluation.pictures.folder import read_folder
from evaluation.retrieval.hashes import figures, measure_hashes, table
from evaluation.retrieval.hashing import HASHES, signs


def test_an_unaltered_picture_is_found_by_every_hash_and_bytes_are_the_indexs(drawings: Path, tmp_path: Path) -> None:
    pictures = read_folder(drawings)
    untouched = Kind(name="paper", key="untouched", alterations=[lambda image: image] * len(pictures))
    methods = measure_hashes(pictures, [Thumbnail()], Settings(cache=tmp_path), untouched)
    assert [each.scores.method for each in methods] == [*HASHES, "thumbnail"]
    assert [each.size for each in methods] == [8, 8, 8, 6, 5 * 36]
    assert {each.scores.method: each.scores.top(1) for each in methods if each.scores.method != "colour hash"} == {
        "pHash": 1.0,
        "dHash": 1.0,
        "wHash": 1.0,
        "thumbnail": 1.0,
    }
    assert all(each.milliseconds > 0 for each in methods)


def test_the_table_and_the_line_of_json_say_the_same(drawings: Path, tmp_path: Path) -> None:
    pictures = read_folder(drawings)
    (kind,) = kinds(len(pictures))
    methods = measure_hashes(pictures, [], Settings(cache=tmp_path), kind)
    rows = {row[0]: row for row in table(methods).rows}
    said = figures(methods)["methods"]
    assert rows.keys() == said.keys()
    assert all(str(rows[name][1]).startswith(f"{100 * said[name]['top_1']:.1f} %") for name in rows)


def test_a_hash_as_a_vector_orders_as_its_hamming_distance() -> None:
    """Of 64 bits and of 42; equal distances stay equal."""
    for bits in (64, 42):
        one, other = np.random.default_rng(bits).random((2, bits)) > 0.5
        differing = int((one != other).sum())
        assert signs(one) @ signs(other) == 1 - differing / 32
        assert signs(one) @ signs(one) == 1
