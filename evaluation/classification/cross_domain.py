"""Classifiers that learn from the pictures of one library and predict those of another."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any

import numpy as np

from core.console import track
from core.encoders import Encoder
from core.errors import FrontispieceError
from core.settings import Settings
from evaluation.classification.class_assignment import ClassAssignment
from evaluation.classification.domains import group_pictures, repository
from evaluation.classification.held_out_predictions import HeldOutPredictions, cross_validate
from evaluation.classification.task import ClassificationTask, build_tasks
from evaluation.pictures.folder import LabelledPicture

MIN_PICTURES = 10
"""A class counts for a library that has at least so many pictures of it."""

ALL_OTHERS = "all others"
"""The name of the training set if it is every library but one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryPair:
    """Two libraries with some classes in common, and the indices of their pictures of these classes."""

    training_library: str
    test_library: str
    classes: tuple[str, ...]
    train: Sequence[int]
    test: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossDomainResult:
    """The predictions for one pair with one model."""

    model: str
    pair: LibraryPair
    away_predictions: HeldOutPredictions
    home_predictions: HeldOutPredictions | None
    """The same pictures, predicted after learning from other books of their own library; None if it has one book."""


def library_pairs(pictures: Sequence[LabelledPicture], class_names: Sequence[str]) -> list[LibraryPair]:
    """Return all ordered pairs with two or more common classes, then each library against all others together."""
    indices_by_library = group_pictures(pictures, repository)
    indices_by_class = {
        library: {
            class_name: [index for index in indices if class_names[index] == class_name]
            for class_name in {class_names[index] for index in indices}
        }
        for library, indices in indices_by_library.items()
    }
    frequent_classes = {
        library: {
            class_name: indices
            for class_name, indices in by_class.items()
            if class_name and len(indices) >= MIN_PICTURES
        }
        for library, by_class in indices_by_class.items()
    }
    disjoint_pairs = [
        _drop_shared_books(pair, pictures)
        for pair in (*_pairs_of_two(frequent_classes), *_leave_one_out_pairs(frequent_classes))
    ]
    return [pair for pair in disjoint_pairs if len({class_names[index] for index in pair.train}) > 1]


def _drop_shared_books(pair: LibraryPair, pictures: Sequence[LabelledPicture]) -> LibraryPair:
    """Remove pictures from the training set whose book is also in the test set."""
    test_books = {pictures[index].book for index in pair.test}
    return replace(pair, train=[index for index in pair.train if pictures[index].book not in test_books])


IndicesByLibrary = Mapping[str, Mapping[str, Sequence[int]]]
"""Library → class → indices of its pictures, for classes with at least `MIN_PICTURES`."""


def _pairs_of_two(frequent_classes: IndicesByLibrary) -> Iterator[LibraryPair]:
    for training_library, test_library in permutations(frequent_classes, 2):
        if (
            len(
                common_classes := sorted(
                    frequent_classes[training_library].keys() & frequent_classes[test_library].keys()
                )
            )
            > 1
        ):
            train, test = (
                [index for class_name in common_classes for index in frequent_classes[library][class_name]]
                for library in (training_library, test_library)
            )
            yield LibraryPair(
                training_library=training_library,
                test_library=test_library,
                classes=tuple(common_classes),
                train=train,
                test=test,
            )


def _leave_one_out_pairs(frequent_classes: IndicesByLibrary) -> Iterator[LibraryPair]:
    """Yield each library against all others, which teach every class that they have."""
    for library, library_classes in frequent_classes.items():
        other_libraries = [by_class for other_library, by_class in frequent_classes.items() if other_library != library]
        known_classes = {class_name for by_class in other_libraries for class_name in by_class}
        common_classes = sorted(library_classes.keys() & known_classes)
        if len(frequent_classes) > 2 and common_classes and len(known_classes) > 1:
            train = [index for by_class in other_libraries for indices in by_class.values() for index in indices]
            test = [index for class_name in common_classes for index in library_classes[class_name]]
            yield LibraryPair(
                training_library=ALL_OTHERS, test_library=library, classes=tuple(common_classes), train=train, test=test
            )


def measure_pairs(
    pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings, assignment: ClassAssignment
) -> list[CrossDomainResult]:
    """Evaluate each pair with each model; raise `FrontispieceError` if no two libraries have two classes in common."""
    candidate_pairs = library_pairs(pictures, assignment.class_names)
    task_pairs = [
        (task, pair) for task in build_tasks(pictures, encoders, settings, assignment) for pair in candidate_pairs
    ]
    results = [evaluate_pair(task, pair) for task, pair in track(task_pairs, "from one library to another")]
    if not results:
        raise FrontispieceError(
            f"no two libraries have {MIN_PICTURES} pictures each of two classes; "
            "the library is read from a column `repo`, else it is the first folder"
        )
    return results


def evaluate_pair(task: ClassificationTask, pair: LibraryPair) -> CrossDomainResult:
    train, test = np.array(pair.train), np.array(pair.test)
    test_books = np.array(task.books)[test]
    away_predictions = HeldOutPredictions(
        test, np.array(task.class_names)[test], *task.predict(train, test), test_books, np.zeros_like(test)
    )
    test_indices = set(pair.test)
    class_names = [class_name if index in test_indices else "" for index, class_name in enumerate(task.class_names)]
    try:
        home_predictions = cross_validate(class_names, task.books, task.predict)
    except FrontispieceError:
        home_predictions = None
    return CrossDomainResult(
        model=task.model, pair=pair, away_predictions=away_predictions, home_predictions=home_predictions
    )


def figures(results: Sequence[CrossDomainResult]) -> dict[str, Any]:
    figures_by_model: dict[str, list[dict[str, Any]]] = {}
    for result in results:
        figure = {
            "learnt_from": result.pair.training_library,
            "tried_on": result.pair.test_library,
            "classes": list(result.pair.classes),
            "train": len(result.pair.train),
            "n": result.away_predictions.n,
            "accuracy": result.away_predictions.accuracy,
            "macro_f1": result.away_predictions.f1(),
            "macro_f1_at_home": result.home_predictions.f1() if result.home_predictions else None,
        }
        figures_by_model.setdefault(result.model, []).append(figure)
    return {"models": figures_by_model}
