"""Classes without training: prompts of a model that reads texts, or the nearest of a few labelled pictures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.encoders import Encoder, TextEncoder, Vectors
from core.encoders.vectors import normalise_vectors
from core.errors import FrontispieceError
from core.settings import Settings
from evaluation.classification.class_assignment import ClassAssignment
from evaluation.classification.confusion import ConfusionMatrix, confusion_matrix
from evaluation.classification.held_out_predictions import labelled_indices
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.transformations import SEED
from evaluation.pictures.vectors import encode_classifier_features, encode_pictures
from evaluation.reporting.tables import Cell, ReportTable, percent
from indexer.classification.calibration import LabelArray
from indexer.classification.scaling import BlockScaler
from indexer.classification.zero_shot import Prompts, ZeroShotClassifier, read_prompts

EXAMPLE_COUNTS = (1, 3, 5, 10)
"""Labelled pictures of each class that a librarian would point at."""
DRAWS = 20
NEIGHBOUR_COUNTS = (1, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class UntrainedResult:
    """One way of telling classes without training."""

    method: str
    labels_needed: str
    matrices: Sequence[ConfusionMatrix]
    """One per draw of the examples."""

    @property
    def macro_f1s(self) -> list[float]:
        return [matrix.macro_f1 for matrix in self.matrices]

    @property
    def accuracies(self) -> list[float]:
        return [matrix.accuracy for matrix in self.matrices]


@dataclass(frozen=True, slots=True, kw_only=True)
class UntrainedResults:
    """The results of all ways, and the models that have no text encoder."""

    results: Sequence[UntrainedResult]
    hidden_classes: Sequence[str]
    models_without_texts: Sequence[str]


def measure_without_training(
    pictures: Sequence[LabelledPicture],
    encoders: Sequence[Encoder],
    settings: Settings,
    assignment: ClassAssignment,
    prompts: Prompts | None = None,
) -> UntrainedResults:
    """Classify the labelled pictures by prompts, by few examples and by neighbours; no book is on both sides."""
    indices = labelled_indices(assignment.class_names)
    labelled_pictures = [pictures[index] for index in indices]
    class_names = np.array([assignment.class_names[index] for index in indices])
    books = np.array([picture.book for picture in labelled_pictures])
    if len(np.unique(books)) < 2 or len(np.unique(class_names)) < 2:
        raise FrontispieceError("classification needs labels of at least two classes, in two books")
    results: list[UntrainedResult] = []
    for encoder in encoders:
        vectors = encode_pictures(encoder, labelled_pictures, settings)
        if isinstance(encoder, TextEncoder):
            results.append(_classify_by_prompts(encoder, vectors, class_names, prompts or read_prompts()))
        features = encode_classifier_features(encoder, labelled_pictures, settings)
        # The scale of the features is measured without looking at labels.
        scaled_features = normalise_vectors(BlockScaler.from_rows(features).scale(features))
        for name, rows in {"vectors": vectors, "features": scaled_features}.items():
            results += _classify_by_examples(f"{encoder.name}'s {name}", rows, class_names, books)
    return UntrainedResults(
        results=results,
        hidden_classes=assignment.class_set.hidden,
        models_without_texts=[encoder.name for encoder in encoders if not isinstance(encoder, TextEncoder)],
    )


def _classify_by_prompts(
    encoder: TextEncoder, vectors: Vectors, class_names: LabelArray, prompts: Prompts
) -> UntrainedResult:
    guesses = ZeroShotClassifier.from_prompts(encoder, prompts).guess(vectors)
    matrix = confusion_matrix(class_names.tolist(), [guess.class_name for guess in guesses])
    return UntrainedResult(method=f"{encoder.name}: nearest prompt", labels_needed="none", matrices=[matrix])


def _classify_by_examples(
    name: str, rows: Vectors, class_names: LabelArray, books: LabelArray
) -> Iterator[UntrainedResult]:
    for count in EXAMPLE_COUNTS:
        rng = np.random.default_rng([SEED, count])
        all_draws = [_classify_by_class_means(rows, class_names, books, count, rng) for _ in range(DRAWS)]
        # In a small collection the examples may come from all books, so that no picture is left.
        draws = [matrix for matrix in all_draws if matrix.counts.size]
        if not draws:
            continue
        noun = "picture" if count == 1 else "pictures"
        yield UntrainedResult(
            method=f"{name}: nearest mean of few examples",
            labels_needed=f"{count} {noun} of each class",
            matrices=draws,
        )
    for count in NEIGHBOUR_COUNTS:
        matrix = confusion_matrix(class_names.tolist(), _vote_of_neighbours(rows, class_names, books, count))
        method = "nearest picture" if count == 1 else f"vote of the {count} nearest pictures"
        yield UntrainedResult(
            method=f"{name}: {method}", labels_needed="all pictures of other books", matrices=[matrix]
        )


def _classify_by_class_means(
    rows: Vectors, class_names: LabelArray, books: LabelArray, count: int, rng: np.random.Generator
) -> ConfusionMatrix:
    """Draw examples of each class, and classify the pictures of all other books by the nearest mean."""
    classes = np.unique(class_names)
    examples = [rng.permutation(np.flatnonzero(class_names == name))[:count] for name in classes]
    means = normalise_vectors(np.stack([rows[chosen].mean(axis=0) for chosen in examples]))
    is_other_book = ~np.isin(books, books[np.concatenate(examples)])
    predictions = classes[(rows[is_other_book] @ means.T).argmax(axis=1)]
    return confusion_matrix(class_names[is_other_book].tolist(), predictions.tolist())


def _vote_of_neighbours(rows: Vectors, class_names: LabelArray, books: LabelArray, count: int) -> list[str]:
    """Return for each picture the class most frequent among its nearest pictures of other books.

    Among classes with equal votes, the one of the nearest picture wins.
    """
    similarities = rows @ rows.T
    similarities[books[:, None] == books] = -np.inf
    nearest = np.argsort(-similarities, axis=1, kind="stable")[:, :count]
    votes_by_picture = (
        class_names[neighbours[np.isfinite(row[neighbours])]].tolist()
        for row, neighbours in zip(similarities, nearest, strict=True)
    )
    return [max(votes, key=votes.count) for votes in votes_by_picture]


def tables(results: UntrainedResults) -> list[ReportTable]:
    rows: list[list[Cell]] = [
        [
            result.method,
            result.labels_needed,
            _mean_with_spread(result.accuracies, as_percent=True),
            _mean_with_spread(result.macro_f1s),
            _mean_with_spread([matrix.binary_f1(results.hidden_classes) for matrix in result.matrices])
            if results.hidden_classes
            else None,
        ]
        for result in results.results
    ]
    prompts_note = (
        f"Prompts were not measured for {', '.join(results.models_without_texts)}, which cannot read texts. "
        if results.models_without_texts
        else ""
    )
    note = (
        f"{prompts_note}Examples are drawn {DRAWS} times; figures are means, brackets contain the lowest and the "
        "highest draw. Pictures of a book that an example comes from are not counted, and neighbours are pictures of "
        "other books."
    )
    columns = ["method", "labels needed", "accuracy", "macro-F1", "irrelevant or not, F1"]
    return [ReportTable(title="Classes without training", columns=columns, rows=rows, note=note)]


def _mean_with_spread(values: Sequence[float], *, as_percent: bool = False) -> str:
    mean, low, high = float(np.mean(values)), min(values), max(values)
    if as_percent:
        return percent(mean) if len(values) == 1 else percent(mean, low, high)
    return f"{mean:.3f}" if len(values) == 1 else f"{mean:.3f} ({low:.3f}–{high:.3f})"


def figures(results: UntrainedResults) -> dict[str, Any]:
    return {
        "methods": [
            {
                "method": result.method,
                "labels_needed": result.labels_needed,
                "accuracy": float(np.mean(result.accuracies)),
                "macro_f1": float(np.mean(result.macro_f1s)),
            }
            for result in results.results
        ]
    }
