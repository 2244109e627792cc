"""Held-out predictions, with figures computed by hand."""

import numpy as np
import pytest

from core.errors import FrontispieceError
from evaluation.classification.held_out_predictions import HeldOutPredictions, PredictedClasses, cross_validate

TRUE_CLASSES = ["map", "map", "map", "music", "music", "photo"]
PREDICTED_CLASSES = ["map", "map", "music", "music", "music", "map"]
CONFIDENCES = [0.9, 0.6, 0.7, 0.8, 0.9, 0.95]


@pytest.fixture
def predictions() -> HeldOutPredictions:
    return make_predictions()


def make_predictions(times: int = 1, books: list[str] | None = None) -> HeldOutPredictions:
    """Return predictions for the six pictures, repeated; by default each is its own book; odd indices are one fold."""
    indices = np.arange(6 * times)
    picture_books = np.array(books * times) if books else indices.astype(str)
    confidences = np.array(CONFIDENCES * times)
    return HeldOutPredictions(
        indices,
        np.array(TRUE_CLASSES * times),
        np.array(PREDICTED_CLASSES * times),
        confidences,
        confidences / 2,
        picture_books,
        indices % 2,
    )


def test_accuracy_and_f1_follow_from_the_counts(predictions: HeldOutPredictions) -> None:
    assert (predictions.n, predictions.correct_count, predictions.accuracy) == (6, 4, pytest.approx(4 / 6))
    f1 = {"map": 4 / 6, "music": 4 / 5, "photo": 0.0}
    assert {class_name: predictions.f1(class_name) for class_name in f1} == pytest.approx(f1)
    assert predictions.f1() == pytest.approx(sum(f1.values()) / 3)


def test_selected_pictures_have_their_own_figures(predictions: HeldOutPredictions) -> None:
    subset = predictions.select(np.array([0, 1, 4]))
    assert (subset.n, subset.accuracy, subset.f1()) == (3, 1.0, 1.0)
    assert subset.f1_interval() == (1.0, 1.0)


def test_interval_contains_the_figure_and_narrows_with_more_pictures(predictions: HeldOutPredictions) -> None:
    low, high = predictions.f1_interval("map")
    assert 0 <= low < predictions.f1("map") < high <= 1
    lower, higher = make_predictions(100).f1_interval("map")
    assert low < lower < predictions.f1("map") < higher < high


def test_interval_resamples_books() -> None:
    """Fewer books give a wider interval, a single book gives 0 to 1."""
    books = ["a", "a", "b", "b", "c", "d"]
    picture_interval, book_interval = (
        make_predictions(20).bootstrap_interval(lambda matrix: matrix.accuracy),
        make_predictions(20, books).bootstrap_interval(lambda matrix: matrix.accuracy),
    )
    assert book_interval[1] - book_interval[0] > 2 * (picture_interval[1] - picture_interval[0])
    assert make_predictions(2, ["a"] * 6).f1_interval() == (0.0, 1.0)


def test_fold_macro_f1_is_the_mean_over_folds(predictions: HeldOutPredictions) -> None:
    """Each of the two folds has one error; the first has no photo."""
    even = {"map": 2 / 3, "music": 2 / 3}
    odd = {"map": 2 / 3, "music": 1.0, "photo": 0.0}
    macro_f1s = [sum(f1_by_class.values()) / len(f1_by_class) for f1_by_class in (even, odd)]
    assert predictions.fold_macro_f1() == pytest.approx((np.mean(macro_f1s), np.std(macro_f1s)))


def test_no_book_is_in_training_and_test() -> None:
    class_names = ["map", "music", "map", "music", "", "map", "music", "map", "music"]
    books = ["a", "a", "b", "b", "b", "c", "c", "d", "d"]
    tested_indices: list[int] = []

    def predict(train: np.ndarray, test: np.ndarray) -> PredictedClasses:
        assert not {books[index] for index in train} & {books[index] for index in test}
        tested_indices.extend(test.tolist())
        return PredictedClasses(
            np.array([class_names[index] for index in test]), np.ones(len(test)), np.ones(len(test))
        )

    held_out = cross_validate(class_names, books, predict)
    assert sorted(tested_indices) == [0, 1, 2, 3, 5, 6, 7, 8]
    assert held_out.picture_indices.tolist() == [0, 1, 2, 3, 5, 6, 7, 8]
    assert held_out.accuracy == 1


@pytest.mark.parametrize(("names", "books"), [(["map", "map"], ["a", "b"]), (["map", "music"], ["a", "a"])])
def test_one_class_or_one_book_is_an_error(names: list[str], books: list[str]) -> None:
    with pytest.raises(FrontispieceError, match="at least two classes, in two books"):
        cross_validate(names, books, lambda train, test: PredictedClasses(np.array([]), np.array([]), np.array([])))
