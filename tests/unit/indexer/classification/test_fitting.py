"""The quick way to fit gives what the plain one gives, and the choice of C leaves whole books out."""

import warnings

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from indexer.classification import fitting
from indexer.classification.fitting import chosen, path, reduced, split

CLASSES = ("map", "music", "photo")


def made(pictures: int, width: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of unit length whose first numbers tell the class, not always; four pictures a book."""
    chance = np.random.default_rng(seed)
    names = np.array(CLASSES)[np.arange(pictures) % len(CLASSES)]
    rows = chance.normal(size=(pictures, width))
    rows[:, : len(CLASSES)] += 4 * (names[:, None] == np.array(CLASSES))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float32), names, np.array([f"book {each // 4}" for each in range(pictures)])


@pytest.mark.parametrize("width", [20, 400])
def test_a_path_of_warm_starts_through_fewer_numbers_is_the_plain_fit(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same weights for every C, and the same classes for pictures that were not learnt from."""
    monkeypatch.setattr(fitting, "TOLERANCE", 1e-7)
    monkeypatch.setattr(fitting, "ITERATIONS", 5000)
    rows, names, _ = made(90, width)
    rows = rows.astype(np.float64)
    train, test = np.arange(60), np.arange(60, 90)
    strengths = (0.01, 1.0, 100.0)
    for strength, learnt in zip(strengths, path(rows[train], names[train], strengths), strict=True):
        plain = LogisticRegression(C=strength, class_weight="balanced", tol=1e-7, max_iter=5000)
        plain.fit(rows[train], names[train])
        assert learnt.weights == pytest.approx(plain.coef_, abs=2e-3 * np.abs(plain.coef_).max())
        said = learnt.classes[learnt.scores(rows[test], learnt.classes).argmax(axis=1)]
        assert said.tolist() == plain.predict(rows[test]).tolist()


def test_reduced_rows_have_the_same_products_and_no_more_numbers_than_rows() -> None:
    rows, *_ = made(30, 500)
    rows[3] = rows[4]
    few, axes = reduced(rows)
    assert few.shape == (30, 30)
    assert few @ few.T == pytest.approx(rows @ rows.T, abs=1e-5)
    assert axes is not None
    assert few @ axes.T == pytest.approx(rows, abs=1e-5)
    narrow, none = reduced(rows[:, :40])
    assert none is None
    assert narrow.shape == (30, 40)


def test_two_classes_have_a_score_each() -> None:
    rows, names, _ = made(40, 300)
    two = names != "photo"
    (learnt,) = path(rows[two], names[two], [10.0])
    scores = learnt.scores(rows[two], np.array(CLASSES))
    assert scores[:, 0] == pytest.approx(-scores[:, 1], abs=1e-5)
    assert np.isnan(scores[:, 2]).all()


def test_the_choice_is_that_of_the_plain_way() -> None:
    """C, its scores and its F1 from a wide matrix are those of its first, narrow coordinates."""
    rows, names, books = made(90, 400)
    wide, narrow = chosen(rows, names, books), chosen(reduced(rows)[0], names, books)
    assert wide[0] == narrow[0]
    assert wide[1] == pytest.approx(narrow[1], abs=1e-3)
    assert wide[2] == narrow[2] > 0.6


def test_books_are_left_out_as_a_whole_and_every_picture_once() -> None:
    _, names, books = made(90, 10)
    parts = split(names, books, 10)
    assert len(parts) == 10
    assert sorted(np.concatenate([test for _, test in parts]).tolist()) == list(range(90))
    for train, test in parts:
        assert not set(books[train]) & set(books[test])


def test_there_are_no_more_folds_than_books() -> None:
    names, books = np.array(["map", "music"] * 4), np.repeat(["a", "b", "c", "d"], 2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(split(names, books, 10)) == 4


def test_a_class_with_a_single_picture_hinders_no_choice() -> None:
    rows, names, books = made(60, 30)
    names[0] = "once"
    _, scores, f1 = chosen(rows, names, books)
    assert f1 > 0
    assert np.isnan(scores[0]).sum() == 1


def test_without_enough_books_nothing_is_chosen() -> None:
    rows, names, _ = made(30, 20)
    strength, scores, f1 = chosen(rows, names, np.array(["one", "other"] * 15))
    assert (strength, f1) == (fitting.UNCERTAIN, 0.0)
    assert np.isnan(scores).all()
    assert fitting.temperature(scores, names, CLASSES) == 1.0
    assert split(np.array(["map", "music"]), np.array(["a", "b"]), 10) == []


def uneven(pictures: int, width: int, seed: int = 5) -> np.ndarray:
    """Rows of which no two numbers have the same mean or spread."""
    chance = np.random.default_rng(seed)
    spread = np.geomspace(1e-3, 100, width)
    return (chance.normal(size=(pictures, width)) * spread + 10 * spread[::-1]).astype(np.float32)


@pytest.mark.parametrize("parts", [(), (12,), (3, 9)])
def test_weights_of_scaled_rows_give_the_rows_as_they_are_the_same_scores(parts: tuple[int, ...]) -> None:
    rows, chance = uneven(50, 12), np.random.default_rng(6)
    weights, intercepts = chance.normal(size=(3, 12)), chance.normal(size=3)
    scale = fitting.Scale.of(rows, parts)
    own, moved = scale.unscaled(weights, intercepts)
    assert rows @ own.T + moved == pytest.approx(scale.scaled(rows) @ weights.T + intercepts, abs=1e-4)


def test_a_scaled_row_is_of_length_one_or_so_and_every_number_is_heard() -> None:
    scaled = fitting.Scale.of(rows := uneven(50, 12)).scaled(rows)
    assert (scaled.astype(np.float64) ** 2).sum(axis=1).mean() == pytest.approx(1, abs=1e-4)
    assert scaled.std(axis=0) == pytest.approx(np.full(12, scaled.std(axis=0).mean()), rel=1e-3)


def test_of_two_models_the_one_with_more_numbers_is_not_heard_more() -> None:
    rows = uneven(50, 12)
    few, many = np.split(fitting.Scale.of(rows, (2, 10)).scaled(rows).astype(np.float64), [2], axis=1)
    assert (few**2).sum(axis=1).mean() == pytest.approx(0.5, abs=1e-4)
    assert (many**2).sum(axis=1).mean() == pytest.approx(0.5, abs=1e-4)


def test_a_number_that_never_changes_does_no_harm() -> None:
    """It is no reason for anything, neither for the pictures that were learnt from nor where it is another."""
    rows, names, _ = made(60, 8)
    rows[:, 5] = 0.1
    scale = fitting.Scale.of(rows)
    assert not scale.scaled(rows)[:, 5].any()
    (learnt,) = path(scale.scaled(rows), names, [10.0])
    weights, intercepts = scale.unscaled(learnt.weights, learnt.intercepts)
    assert np.isfinite(weights).all()
    assert weights[:, 5] == pytest.approx(np.zeros(len(CLASSES)))
    others = rows.copy()
    others[:, 5] = 100
    assert others @ weights.T + intercepts == pytest.approx(rows @ weights.T + intercepts, abs=1e-4)
