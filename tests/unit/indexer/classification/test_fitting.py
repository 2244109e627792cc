"""The fast fit equals scikit-learn's own, and C is chosen on whole held-out books."""

import warnings

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from indexer.classification import calibration, fitting
from indexer.classification.fitting import choose_strength, fit_path, reduce_rows, split_by_group
from indexer.classification.scaling import BlockScaler

pytestmark = pytest.mark.slow

CLASSES = ("map", "music", "photo")


def make_rows(count: int, width: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return noisy unit vectors whose first numbers tell the class, their labels, and books of four pictures each."""
    random = np.random.default_rng(seed)
    labels = np.array(CLASSES)[np.arange(count) % len(CLASSES)]
    rows = random.normal(size=(count, width))
    rows[:, : len(CLASSES)] += 4 * (labels[:, None] == np.array(CLASSES))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float32), labels, np.array([f"book {number // 4}" for number in range(count)])


@pytest.mark.parametrize("width", [20, 400])
def test_warm_started_fit_of_reduced_rows_equals_plain_fit(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The weights are the same for every C, and so are the predictions for held-out pictures."""
    monkeypatch.setattr(fitting, "TOLERANCE", 1e-7)
    monkeypatch.setattr(fitting, "MAX_ITERATIONS", 5000)
    rows, labels, _ = make_rows(90, width)
    rows = rows.astype(np.float64)
    train, test = np.arange(60), np.arange(60, 90)
    strengths = (0.01, 1.0, 100.0)
    for strength, fit in zip(strengths, fit_path(rows[train], labels[train], strengths), strict=True):
        reference = LogisticRegression(C=strength, class_weight="balanced", tol=1e-7, max_iter=5000)
        reference.fit(rows[train], labels[train])
        assert fit.weights == pytest.approx(reference.coef_, abs=2e-3 * np.abs(reference.coef_).max())
        predictions = fit.classes[fit.scores(rows[test], fit.classes).argmax(axis=1)]
        assert predictions.tolist() == reference.predict(rows[test]).tolist()


def test_reduced_rows_keep_inner_products() -> None:
    rows, *_ = make_rows(30, 500)
    rows[3] = rows[4]
    coordinates, axes = reduce_rows(rows)
    assert coordinates.shape == (30, 30)
    assert coordinates @ coordinates.T == pytest.approx(rows @ rows.T, abs=1e-5)
    assert axes is not None
    assert coordinates @ axes.T == pytest.approx(rows, abs=1e-5)
    narrow_rows, no_axes = reduce_rows(rows[:, :40])
    assert no_axes is None
    assert narrow_rows.shape == (30, 40)


def test_two_classes_have_one_score_each() -> None:
    rows, labels, _ = make_rows(40, 300)
    in_two_classes = labels != "photo"
    (fit,) = fit_path(rows[in_two_classes], labels[in_two_classes], [10.0])
    scores = fit.scores(rows[in_two_classes], np.array(CLASSES))
    assert scores[:, 0] == pytest.approx(-scores[:, 1], abs=1e-5)
    assert np.isnan(scores[:, 2]).all()


def test_choice_of_strength_is_the_same_for_reduced_rows() -> None:
    """A wide matrix gives the same C, scores and F1 as its narrow coordinates."""
    rows, labels, books = make_rows(90, 400)
    wide_choice, narrow_choice = (
        choose_strength(rows, labels, books),
        choose_strength(reduce_rows(rows)[0], labels, books),
    )
    assert wide_choice[0] == narrow_choice[0]
    assert wide_choice[1] == pytest.approx(narrow_choice[1], abs=1e-3)
    assert wide_choice[2] == narrow_choice[2] > 0.6


def test_split_holds_out_whole_books_and_every_picture_once() -> None:
    _, labels, books = make_rows(90, 10)
    splits = split_by_group(labels, books, 10)
    assert len(splits) == 10
    assert sorted(np.concatenate([test for _, test in splits]).tolist()) == list(range(90))
    for train, test in splits:
        assert not set(books[train]) & set(books[test])


def test_number_of_folds_is_limited_by_the_number_of_books() -> None:
    labels, books = np.array(["map", "music"] * 4), np.repeat(["a", "b", "c", "d"], 2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(split_by_group(labels, books, 10)) == 4


def test_class_with_single_picture_does_not_prevent_choice() -> None:
    rows, labels, books = make_rows(60, 30)
    labels[0] = "once"
    _, scores, f1 = choose_strength(rows, labels, books)
    assert f1 > 0
    assert np.isnan(scores[0]).sum() == 1


def test_default_strength_is_used_with_too_few_books() -> None:
    rows, labels, _ = make_rows(30, 20)
    strength, scores, f1 = choose_strength(rows, labels, np.array(["one", "other"] * 15))
    assert (strength, f1) == (fitting.DEFAULT_STRENGTH, 0.0)
    assert np.isnan(scores).all()
    assert calibration.best_temperature(scores, labels, CLASSES) == 1.0
    assert split_by_group(np.array(["map", "music"]), np.array(["a", "b"]), 10) == []


def make_uneven_rows(count: int, width: int, seed: int = 5) -> np.ndarray:
    """Return rows in which every feature has its own mean and spread."""
    random = np.random.default_rng(seed)
    spread = np.geomspace(1e-3, 100, width)
    return (random.normal(size=(count, width)) * spread + 10 * spread[::-1]).astype(np.float32)


@pytest.mark.parametrize("block_sizes", [(), (12,), (3, 9)])
def test_unscaled_weights_give_the_same_scores(block_sizes: tuple[int, ...]) -> None:
    rows, random = make_uneven_rows(50, 12), np.random.default_rng(6)
    weights, intercepts = random.normal(size=(3, 12)), random.normal(size=3)
    scaler = BlockScaler.from_rows(rows, block_sizes)
    row_weights, row_intercepts = scaler.unscale_weights(weights, intercepts)
    assert rows @ row_weights.T + row_intercepts == pytest.approx(scaler.scale(rows) @ weights.T + intercepts, abs=1e-4)


def test_scaling_standardises_features_and_row_length() -> None:
    scaled_rows = BlockScaler.from_rows(rows := make_uneven_rows(50, 12)).scale(rows)
    assert (scaled_rows.astype(np.float64) ** 2).sum(axis=1).mean() == pytest.approx(1, abs=1e-4)
    assert scaled_rows.std(axis=0) == pytest.approx(np.full(12, scaled_rows.std(axis=0).mean()), rel=1e-3)


def test_blocks_of_different_size_have_the_same_weight() -> None:
    rows = make_uneven_rows(50, 12)
    small_block, large_block = np.split(
        BlockScaler.from_rows(rows, (2, 10)).scale(rows).astype(np.float64), [2], axis=1
    )
    assert (small_block**2).sum(axis=1).mean() == pytest.approx(0.5, abs=1e-4)
    assert (large_block**2).sum(axis=1).mean() == pytest.approx(0.5, abs=1e-4)


def test_constant_feature_has_no_effect() -> None:
    """Its value changes no score, neither for training rows nor for a row where it differs."""
    rows, labels, _ = make_rows(60, 8)
    rows[:, 5] = 0.1
    scaler = BlockScaler.from_rows(rows)
    assert not scaler.scale(rows)[:, 5].any()
    (fit,) = fit_path(scaler.scale(rows), labels, [10.0])
    weights, intercepts = scaler.unscale_weights(fit.weights, fit.intercepts)
    assert np.isfinite(weights).all()
    assert weights[:, 5] == pytest.approx(np.zeros(len(CLASSES)))
    altered_rows = rows.copy()
    altered_rows[:, 5] = 100
    assert altered_rows @ weights.T + intercepts == pytest.approx(rows @ weights.T + intercepts, abs=1e-4)
