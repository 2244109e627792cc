"""Predictions picture by picture: no book on both sides, and figures that can be counted by hand."""

import numpy as np
import pytest

from core.errors import FrontispieceError
from evaluation.classification.classified import Classified, Said, crossed

TRUE = ["map", "map", "map", "music", "music", "photo"]
SAID = ["map", "map", "music", "music", "music", "map"]
SURE = [0.9, 0.6, 0.7, 0.8, 0.9, 0.95]


@pytest.fixture
def classified() -> Classified:
    return made()


def made(times: int = 1, books: list[str] | None = None) -> Classified:
    """The six pictures so often; each is a book of its own unless it is said, and the odd ones are a fold."""
    places = np.arange(6 * times)
    own = np.array(books * times) if books else places.astype(str)
    sure = np.array(SURE * times)
    return Classified(places, np.array(TRUE * times), np.array(SAID * times), sure, sure / 2, own, places % 2)


def test_figures_are_those_of_the_counts(classified: Classified) -> None:
    assert (classified.n, classified.hits, classified.accuracy) == (6, 4, pytest.approx(4 / 6))
    f1 = {"map": 4 / 6, "music": 4 / 5, "photo": 0.0}
    assert {name: classified.f1(name) for name in f1} == pytest.approx(f1)
    assert classified.f1() == pytest.approx(sum(f1.values()) / 3)


def test_some_of_the_pictures_have_figures_of_their_own(classified: Classified) -> None:
    some = classified.only(np.array([0, 1, 4]))
    assert (some.n, some.accuracy, some.f1()) == (3, 1.0, 1.0)
    assert some.f1_interval() == (1.0, 1.0)


def test_an_interval_holds_the_figure_and_narrows_with_more_pictures(classified: Classified) -> None:
    low, high = classified.f1_interval("map")
    assert 0 <= low < classified.f1("map") < high <= 1
    lower, higher = made(100).f1_interval("map")
    assert low < lower < classified.f1("map") < higher < high


def test_an_interval_draws_books_and_not_their_pictures() -> None:
    """The same pictures in fewer books say less, and those of a single book nothing of others."""
    books = ["a", "a", "b", "b", "c", "d"]
    apart, together = (
        made(20).interval(lambda each: each.accuracy),
        made(20, books).interval(lambda each: each.accuracy),
    )
    assert together[1] - together[0] > 2 * (apart[1] - apart[0])
    assert made(2, ["a"] * 6).f1_interval() == (0.0, 1.0)


def test_the_papers_figure_is_the_mean_of_the_folds(classified: Classified) -> None:
    """In each of the two folds one picture is taken for another; the first has no photo."""
    even = {"map": 2 / 3, "music": 2 / 3}
    odd = {"map": 2 / 3, "music": 1.0, "photo": 0.0}
    folds = [sum(each.values()) / len(each) for each in (even, odd)]
    assert classified.by_fold() == pytest.approx((np.mean(folds), np.std(folds)))


def test_no_book_is_learnt_from_and_named_at_once() -> None:
    names = ["map", "music", "map", "music", "", "map", "music", "map", "music"]
    books = ["a", "a", "b", "b", "b", "c", "c", "d", "d"]
    asked: list[int] = []

    def predict(train: np.ndarray, test: np.ndarray) -> Said:
        assert not {books[each] for each in train} & {books[each] for each in test}
        asked.extend(test.tolist())
        return Said(np.array([names[each] for each in test]), np.ones(len(test)), np.ones(len(test)))

    found = crossed(names, books, predict)
    assert sorted(asked) == [0, 1, 2, 3, 5, 6, 7, 8]
    assert found.places.tolist() == [0, 1, 2, 3, 5, 6, 7, 8]
    assert found.accuracy == 1


@pytest.mark.parametrize(("names", "books"), [(["map", "map"], ["a", "b"]), (["map", "music"], ["a", "a"])])
def test_one_class_or_one_book_is_too_little(names: list[str], books: list[str]) -> None:
    with pytest.raises(FrontispieceError, match="two classes, in two books"):
        crossed(names, books, lambda train, test: Said(np.array([]), np.array([]), np.array([])))
