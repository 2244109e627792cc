"""Predictions picture by picture: no book on both sides, and figures that can be counted by hand."""

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
    """The six pictures so often; each is a book of its own unless it is said, and the odd ones are a fold."""
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


def test_figures_are_those_of_the_counts(predictions: HeldOutPredictions) -> None:
    assert (predictions.n, predictions.correct_count, predictions.accuracy) == (6, 4, pytest.approx(4 / 6))
    f1 = {"map": 4 / 6, "music": 4 / 5, "photo": 0.0}
    assert {class_name: predictions.f1(class_name) for class_name in f1} == pytest.approx(f1)
    assert predictions.f1() == pytest.approx(sum(f1.values()) / 3)


def test_some_of_the_pictures_have_figures_of_their_own(predictions: HeldOutPredictions) -> None:
    subset = predictions.select(np.array([0, 1, 4]))
    assert (subset.n, subset.accuracy, subset.f1()) == (3, 1.0, 1.0)
    assert subset.f1_interval() == (1.0, 1.0)


def test_an_interval_holds_the_figure_and_narrows_with_more_pictures(predictions: HeldOutPredictions) -> None:
    low, high = predictions.f1_interval("map")
    assert 0 <= low < predictions.f1("map") < high <= 1
    lower, higher = make_predictions(100).f1_interval("map")
    assert low < lower < predictions.f1("map") < higher < high


def test_an_interval_draws_books_and_not_their_pictures() -> None:
    """The same pictures in fewer books say less, and those of a single book nothing of others."""
    books = ["a", "a", "b", "b", "c", "d"]
    picture_interval, book_interval = (
        make_predictions(20).bootstrap_interval(lambda matrix: matrix.accuracy),
        make_predictions(20, books).bootstrap_interval(lambda matrix: matrix.accuracy),
    )
    assert book_interval[1] - book_interval[0] > 2 * (picture_interval[1] - picture_interval[0])
    assert make_predictions(2, ["a"] * 6).f1_interval() == (0.0, 1.0)


def test_the_papers_figure_is_the_mean_of_the_folds(predictions: HeldOutPredictions) -> None:
    """In each of the two folds one picture is taken for another; the first has no photo."""
    even = {"map": 2 / 3, "music": 2 / 3}
    odd = {"map": 2 / 3, "music": 1.0, "photo": 0.0}
    macro_f1s = [sum(f1_by_class.values()) / len(f1_by_class) for f1_by_class in (even, odd)]
    assert predictions.fold_macro_f1() == pytest.approx((np.mean(macro_f1s), np.std(macro_f1s)))


def test_no_book_is_learnt_from_and_named_at_once() -> None:
    class_names = ["map", "music", "map", "music", "", "map", "music", "map", "music"]
    books = ["a", "a", "b", "b", "b", "c", "c", "d", "d"]
    tested_indices: list[int] = []

    def predict(train: np.ndarray, test: np.ndarray) -> PredictedClasses:
        assert not {books[index] for index in train} & {books[each] for each in test}
        tested_indices.extend(test.tolist())
        return PredictedClasses(
            np.array([class_names[index] for index in test]), np.ones(len(test)), np.ones(len(test))
        )

    held_out = cross_validate(class_names, books, predict)
    assert sorted(tested_indices) == [0, 1, 2, 3, 5, 6, 7, 8]
    assert held_out.picture_indices.tolist() == [0, 1, 2, 3, 5, 6, 7, 8]
    assert held_out.accuracy == 1


@pytest.mark.parametrize(("names", "books"), [(["map", "map"], ["a", "b"]), (["map", "music"], ["a", "a"])])
def test_one_class_or_one_book_is_too_little(names: list[str], books: list[str]) -> None:
    with pytest.raises(FrontispieceError, match="at least two classes, in two books"):
        cross_validate(names, books, lambda train, test: PredictedClasses(np.array([]), np.array([]), np.array([])))
