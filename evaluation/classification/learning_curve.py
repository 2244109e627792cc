"""How much there is to gain: macro-F1 against the books that are learnt from, and against the regularisation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from evaluation.classification.classified import splits
from evaluation.classification.classifying import Task
from evaluation.classification.confusion import confusion
from evaluation.pictures.vectors import track
from evaluation.reporting.tables import between
from indexer.classification.fitting import SEED, STRENGTHS, Names, Places, Scale, fitted, path

SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)
DRAWS = 5
FOLDS = 5
"""Each draw leaves a fifth of the books out, five times, and learns from a share of the others."""
INNER = 3
"""Of the choice of C here: 125 choices with ten would take longer than all the rest."""


@dataclass(frozen=True, slots=True)
class Point:
    """What is learnt from a share of the books."""

    share: float
    books: float
    pictures: float
    """Learnt from, on average."""
    f1: tuple[float, ...]
    """Macro-F1 of each draw, on all pictures."""


def learning_curve(task: Task) -> list[Point]:
    """Books are drawn anew for each draw, and the larger share of them has those of the smaller."""
    known = task.labelled()
    names, books = np.array(known.names), np.array(known.books)
    draws = [
        (draw, train, test) for draw in range(DRAWS) for train, test in splits(names, books, FOLDS, seed=SEED + draw)
    ]
    said = np.zeros((DRAWS, len(SHARES), len(names)), dtype=names.dtype)
    sizes: list[list[tuple[int, int]]] = [[] for _ in SHARES]
    for draw, train, test in track(draws, f"{task.model}: learning curve"):
        for place, some in enumerate(_growing(books, train, seed=SEED + draw)):
            said[draw, place, test] = _said(known, some, test)
            sizes[place].append((len(np.unique(books[some])), len(some)))
    means = [np.mean(size, axis=0).tolist() for size in sizes]
    return [
        Point(share, books_, pictures, tuple(_f1(names, each) for each in said[:, place]))
        for place, (share, (books_, pictures)) in enumerate(zip(SHARES, means, strict=True))
    ]


def _growing(books: Names, train: Places, seed: int) -> Iterator[Places]:
    there = np.random.default_rng(seed).permutation(np.unique(books[train]))
    for share in SHARES:
        yield train[np.isin(books[train], there[: max(1, round(share * len(there)))])]


def _said(task: Task, train: Places, test: Places) -> Names:
    names, books = np.array(task.names)[train], np.array(task.books)[train]
    classes = np.unique(names)
    if len(classes) < 2:
        # A book or two may have but one class: that is all there is to say of the rest.
        return np.repeat(classes, len(test))
    learnt = fitted(task.rows[train], names, books, task.parts, INNER).learnt
    return classes[learnt.scores(task.rows[test], classes).argmax(axis=1)]


def sweep(task: Task, folds: int) -> list[float]:
    """Macro-F1 with each C of the grid, on the books left out."""
    known = task.labelled()
    names, books = np.array(known.names), np.array(known.books)
    said = np.zeros((len(STRENGTHS), len(names)), dtype=names.dtype)
    for train, test in track(splits(names, books, folds), f"{task.model}: regularisation"):
        classes = np.unique(names[train])
        scale = Scale.of(known.rows[train], known.parts)
        here, there = scale.scaled(known.rows[train]), scale.scaled(known.rows[test])
        for each, learnt in zip(said, path(here, names[train], STRENGTHS), strict=True):
            each[test] = classes[learnt.scores(there, classes).argmax(axis=1)]
    return [_f1(names, each) for each in said]


def _f1(names: Names, said: Names) -> float:
    return confusion(names.tolist(), said.tolist()).macro_f1


def spread(figures: Sequence[float]) -> str:
    """The mean, and in brackets the lowest and the highest."""
    return between(float(np.mean(figures)), min(figures), max(figures))
