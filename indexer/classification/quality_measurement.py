"""Measures how good a classifier is: on the books that its training held out, and on one held-out source at a time."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from sklearn.metrics import f1_score

from core.encoders import Vectors
from indexer.classification.calibration import LabelArray
from indexer.classification.fitting import MISSING_CLASS_SCORE, FitResult, fit_path, reduce_rows
from indexer.classification.quality import ClassQuality, SourceQuality, TrainingQuality
from indexer.classification.scaling import BlockScaler

MIN_SOURCE_PICTURES = 10
"""Smaller sources are learnt from and not tested."""

BoolArray = npt.NDArray[np.bool_]


def measure_quality(
    rows: Vectors,
    labels: LabelArray,
    books: LabelArray,
    *,
    sources: Sequence[str],
    fit_result: FitResult,
    block_sizes: Sequence[int] = (),
) -> TrainingQuality:
    """Return the quality of a fit to these rows; `sources` are empty strings where the source is unknown."""
    classes = fit_result.fit.classes
    predictions = _held_out_predictions(fit_result)
    source_predictions = _predict_by_source(rows, labels, np.array(sources), fit_result.strength, block_sizes)
    is_tested = source_predictions != ""
    return TrainingQuality(
        macro_f1=fit_result.macro_f1 if predictions is not None else None,
        classes={str(name): _measure_class(str(name), labels, books, predictions) for name in classes},
        source_macro_f1=_macro_f1(labels[is_tested], source_predictions[is_tested]) if is_tested.any() else None,
        sources=_measure_sources(labels, np.array(sources), source_predictions),
    )


def _held_out_predictions(fit_result: FitResult) -> LabelArray | None:
    """Return the class of each picture, predicted without its book; None if no book was held out."""
    scores = fit_result.scores
    if np.isnan(scores).all():
        return None
    predictions: LabelArray = fit_result.fit.classes[np.nan_to_num(scores, nan=MISSING_CLASS_SCORE).argmax(axis=1)]
    return predictions


def _measure_class(name: str, labels: LabelArray, books: LabelArray, predictions: LabelArray | None) -> ClassQuality:
    is_class = labels == name
    picture_count, book_count = int(is_class.sum()), len(np.unique(books[is_class]))
    if predictions is None:
        return ClassQuality(pictures=picture_count, books=book_count, f1=0.0)
    mistakes = Counter(predictions[is_class & (predictions != name)].tolist())
    return ClassQuality(
        pictures=picture_count,
        books=book_count,
        f1=float(f1_score(is_class, predictions == name, zero_division=0.0)),
        taken_for=mistakes.most_common(1)[0][0] if mistakes else "",
    )


def _predict_by_source(
    rows: Vectors, labels: LabelArray, sources: LabelArray, strength: float, block_sizes: Sequence[int]
) -> LabelArray:
    """Predict each source after learning from all others; an empty string for pictures that were not predicted.

    A picture whose class no other source has is left out, because nothing could have taught it.
    """
    predictions = np.full(len(labels), "", dtype=labels.dtype)
    names = [name for name in np.unique(sources[sources != ""]) if (sources == name).sum() >= MIN_SOURCE_PICTURES]
    if len(np.unique(sources)) < 2:
        return predictions
    coordinates, _ = reduce_rows(BlockScaler.from_rows(rows, block_sizes).scale(rows))
    for name in names:
        is_train = sources != name
        is_test = ~is_train & np.isin(labels, labels[is_train])
        if len(np.unique(labels[is_train])) < 2 or is_test.sum() < MIN_SOURCE_PICTURES:
            continue
        (fit,) = fit_path(coordinates[is_train], labels[is_train], [strength])
        predictions[is_test] = fit.classes[fit.scores(coordinates[is_test], fit.classes).argmax(axis=1)]
    return predictions


def _measure_sources(labels: LabelArray, sources: LabelArray, predictions: LabelArray) -> Mapping[str, SourceQuality]:
    return {
        str(name): SourceQuality(pictures=int(mask.sum()), macro_f1=_macro_f1(labels[mask], predictions[mask]))
        for name in np.unique(sources[predictions != ""])
        for mask in [(sources == name) & (predictions != "")]
    }


def _macro_f1(labels: LabelArray, predictions: LabelArray) -> float:
    """Return macro-F1 over the classes that the pictures have, as the evaluation does."""
    return float(f1_score(labels, predictions, labels=np.unique(labels), average="macro", zero_division=0.0))
