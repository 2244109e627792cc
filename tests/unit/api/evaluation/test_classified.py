"""Predictions picture by picture: no book on both sides, and figures that can be counted by hand."""

import numpy as np
import pytest

from api.evaluation.classified import Classified, crossed
from indexer.errors import FrontispieceError

TRUE = ["map", "map", "map", "music", "music", "photo"]
SAID = ["map", "map", "music", "music", "music", "map"]
SURE = [0.9, 0.6, 0.7, 0.8, 0.9, 0.95]


@pytest.fixture
def classified() -> Classified:
    return Classified(np.arange(6), np.array(TRUE), np.array(SAID), np.array(SURE))


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
    many = Classified(np.arange(600), np.array(TRUE * 100), np.array(SAID * 100), np.array(SURE * 100))
    lower, higher = many.f1_interval("map")
    assert low < lower < many.f1("map") < higher < high


def test_no_book_is_learnt_from_and_named_at_once() -> None:
    names = ["map", "music", "map", "music", "", "map", "music", "map", "music"]
    books = ["a", "a", "b", "b", "b", "c", "c", "d", "d"]
    asked: list[int] = []

    def predict(train: np.ndarray, test: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        assert not {books[each] for each in train} & {books[each] for each in test}
        asked.extend(test.tolist())
        return np.array([names[each] for each in test]), np.ones(len(test))

    found = crossed(names, books, predict)
    assert sorted(asked) == [0, 1, 2, 3, 5, 6, 7, 8]
    assert found.places.tolist() == [0, 1, 2, 3, 5, 6, 7, 8]
    assert found.accuracy == 1


@pytest.mark.parametrize(("names", "books"), [(["map", "map"], ["a", "b"]), (["map", "music"], ["a", "a"])])
def test_one_class_or_one_book_is_too_little(names: list[str], books: list[str]) -> None:
    with pytest.raises(FrontispieceError, match="two classes, in two books"):
        crossed(names, books, lambda train, test: (np.array([]), np.array([])))
