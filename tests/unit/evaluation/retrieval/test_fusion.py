"""Fusion of retrieval methods."""

import numpy as np
import pytest

from evaluation.retrieval.fusion import (
    ALL_KINDS,
    FUSION_NAMES,
    MethodVectors,
    compare_fusions,
    figures,
    fuse_similarities,
    table,
    verdict,
)

NAMES = [str(number) for number in range(40)]
PICTURES = np.eye(40, 64, dtype=np.float32)


def noisy_queries(strength: float, seed: int) -> np.ndarray:
    """Return query vectors at a distance from their pictures that grows with `strength`."""
    rows = PICTURES + strength * np.random.default_rng(seed).normal(size=PICTURES.shape)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def noisy_vectors(**strengths: float) -> MethodVectors:
    return MethodVectors(
        PICTURES, {kind: noisy_queries(strength, seed) for seed, (kind, strength) in enumerate(strengths.items())}
    )


@pytest.mark.parametrize("way", FUSION_NAMES)
def test_fusion_of_one_method_keeps_its_ranking(way: str) -> None:
    vectors = noisy_vectors(paper=0.2)
    rows = fuse_similarities(way, {"one": vectors}, "paper", 0, 40)
    assert np.array_equal(rows.argmax(axis=1), (vectors.queries["paper"] @ PICTURES.T).argmax(axis=1))


@pytest.mark.parametrize("way", FUSION_NAMES)
def test_pictures_beyond_the_nearest_of_every_method_have_no_score(way: str) -> None:
    """Each method returns 100 of 150 pictures, the same ones."""
    gallery = np.linspace(1, -1, 150, dtype=np.float32)[:, None]
    vectors = MethodVectors(gallery, {"paper": np.ones((1, 1), dtype=np.float32)})
    (row,) = fuse_similarities(way, {"one": vectors, "twin": vectors}, "paper", 0, 1)
    assert np.isfinite(row[:100]).all()
    assert np.isneginf(row[100:]).all()


@pytest.mark.slow
def test_independent_methods_improve_each_other_and_a_useless_one_harms() -> None:
    rng = np.random.default_rng(7)
    pictures = rng.normal(size=(400, 64)).astype(np.float32)
    pictures /= np.linalg.norm(pictures, axis=1, keepdims=True)
    names = [str(number) for number in range(400)]

    def noisy_method(strength: float) -> MethodVectors:
        rows = pictures + strength * rng.normal(size=pictures.shape).astype(np.float32)
        return MethodVectors(pictures, {"paper": rows / np.linalg.norm(rows, axis=1, keepdims=True)})

    better_comparisons = compare_fusions({"one": noisy_method(0.35), "other": noisy_method(0.35)}, names, ["paper"])
    assert better_comparisons[0].gain("sum")[1] > 0
    assert "improve on the best method alone for paper (sum" in verdict(better_comparisons)
    worse_comparisons = compare_fusions({"one": noisy_method(0.2), "blind": noisy_method(5.0)}, names, ["paper"])
    assert worse_comparisons[0].best_method == "one"
    assert worse_comparisons[0].gain("rrf")[2] < 0
    assert verdict(worse_comparisons) == "one + blind improve on the best method alone for no kind of query."


def test_all_kinds_are_the_mean_of_the_kinds_and_the_table_matches_json() -> None:
    comparisons = compare_fusions(
        {"one": noisy_vectors(paper=0.1, half=0.6), "other": noisy_vectors(paper=0.5, half=0.5)},
        NAMES,
        ["paper", "half"],
    )
    assert [comparison.query_kind for comparison in comparisons] == ["paper", "half", ALL_KINDS]
    paper, half, all_kinds = comparisons
    assert all_kinds.fused_top_1["sum"].mean() == pytest.approx(
        (paper.fused_top_1["sum"].mean() + half.fused_top_1["sum"].mean()) / 2
    )
    group_figures = figures(comparisons)["one + other"]
    for row in table(comparisons).rows:
        assert str(row[5]).startswith(f"{100 * group_figures[row[1]]['sum']['difference']:+.1f} (")
