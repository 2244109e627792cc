"""What faults of scans cost in classification: learnt from good scans, predicted from bad ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.encoders import Encoder, Vectors
from core.settings import Settings
from evaluation.classification.class_assignment import ClassAssignment
from evaluation.classification.held_out_predictions import (
    HeldOutPredictions,
    PredictedClasses,
    PredictFunction,
    cross_validate,
)
from evaluation.classification.task import ClassificationTask, build_tasks, predict_rows
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.queries import query_images
from evaluation.pictures.scan_faults import SCAN_FAULTS, build_scan_faults
from evaluation.pictures.transformations import SEED
from evaluation.pictures.vectors import encode_images_for_classifier
from evaluation.reporting.intervals import wilson_interval
from evaluation.reporting.tables import Cell, ReportTable, format_interval, percent
from indexer.classification.calibration import RowIndices
from indexer.classification.model import Classifier

UNALTERED = "as scanned"
FAULT_MEANINGS = {UNALTERED: "the pictures as they are"} | {fault.name: fault.meaning for fault in SCAN_FAULTS}


@dataclass(frozen=True, slots=True, kw_only=True)
class DistortionResults:
    """The predictions of one model for the pictures as scanned and with each fault."""

    model: str
    hidden_classes: Sequence[str]
    predictions: Mapping[str, HeldOutPredictions]
    """Fault → predictions; `UNALTERED` comes first."""

    @property
    def reference(self) -> HeldOutPredictions:
        return self.predictions[UNALTERED]


def measure_distortion(
    pictures: Sequence[LabelledPicture],
    encoders: Sequence[Encoder],
    settings: Settings,
    assignment: ClassAssignment,
    seed: int = SEED,
) -> list[DistortionResults]:
    """Predict every picture as it is and with each fault, by classifiers that learnt from other books as scanned."""
    encoders_by_name = {encoder.name: encoder for encoder in encoders}
    tasks = [task for task in build_tasks(pictures, encoders, settings, assignment) if task.model in encoders_by_name]
    return [
        DistortionResults(
            model=task.model,
            hidden_classes=task.class_set.hidden,
            predictions=_predict_faults(
                task, {UNALTERED: task.rows, **_fault_rows(pictures, encoders_by_name[task.model], settings, seed)}
            ),
        )
        for task in tasks
    ]


def _fault_rows(
    pictures: Sequence[LabelledPicture], encoder: Encoder, settings: Settings, seed: int
) -> dict[str, Vectors]:
    return {
        kind.name: encode_images_for_classifier(encoder, query_images(pictures, kind), settings, kind.name)
        for kind in build_scan_faults(len(pictures), seed)
    }


def _predict_faults(task: ClassificationTask, rows_by_fault: Mapping[str, Vectors]) -> dict[str, HeldOutPredictions]:
    classifiers: dict[bytes, Classifier] = {}

    def build_predict_function(rows: Vectors) -> PredictFunction:
        def predict(train: RowIndices, test: RowIndices) -> PredictedClasses:
            # The folds are the same for every fault, so each classifier is fitted once.
            if (key := test.tobytes()) not in classifiers:
                classifiers[key] = task.fit(train)
            return predict_rows(classifiers[key], rows[test])

        return predict

    return {
        fault: cross_validate(
            task.class_names, task.books, build_predict_function(rows), title=f"{task.model}: {fault}"
        )
        for fault, rows in rows_by_fault.items()
    }


def tables(all_results: Sequence[DistortionResults]) -> list[ReportTable]:
    return [table for results in all_results for table in (_overview(results), _class_table(results))]


def _overview(results: DistortionResults) -> ReportTable:
    rows = [_overview_row(results, fault) for fault in results.predictions]
    hidden_note = (
        "Content lost is the share of all other pictures that would be hidden as "
        f"{' or '.join(results.hidden_classes)}."
        if results.hidden_classes
        else "No class is hidden."
    )
    note = (
        "Classifiers learn from scans as they are and predict pictures of other books. Brackets contain 95 % "
        "intervals; those of macro-F1 and its change are over resampled books, the same for both terms of a change. "
        f"{hidden_note}"
    )
    columns = [
        "pictures",
        "what was done",
        "accuracy",
        "macro-F1",
        "change",
        "another class than before",
        "content lost",
    ]
    return ReportTable(title=f"Classification of bad scans, {results.model}", columns=columns, rows=rows, note=note)


def _overview_row(results: DistortionResults, fault: str) -> list[Cell]:
    predictions, reference = results.predictions[fault], results.reference
    low, high = predictions.f1_change_interval(reference)
    changed_count = int((predictions.predicted_classes != reference.predicted_classes).sum())
    return [
        fault,
        FAULT_MEANINGS[fault],
        percent(predictions.accuracy, *wilson_interval(predictions.correct_count, predictions.n)),
        format_interval(predictions.f1(), *predictions.f1_interval()),
        None if fault == UNALTERED else f"{predictions.f1() - reference.f1():+.3f} ({low:+.3f} to {high:+.3f})",
        None if fault == UNALTERED else percent(changed_count / predictions.n),
        percent(predictions.confusion.lost_share(results.hidden_classes)) if results.hidden_classes else None,
    ]


def _class_table(results: DistortionResults) -> ReportTable:
    rows: list[list[Cell]] = [
        [
            class_name,
            int((results.reference.true_classes == class_name).sum()),
            *(predictions.f1(class_name) for predictions in results.predictions.values()),
        ]
        for class_name in np.unique(results.reference.true_classes).tolist()
    ]
    return ReportTable(
        title=f"Classification of bad scans, F1 by class, {results.model}",
        columns=["class", "n", *results.predictions],
        rows=rows,
    )


def figures(all_results: Sequence[DistortionResults]) -> dict[str, Any]:
    """Return model → fault → figures, as shares of 1."""
    return {
        "models": {
            results.model: {
                fault: {
                    "n": predictions.n,
                    "accuracy": predictions.accuracy,
                    "macro_f1": predictions.f1(),
                    "lost": predictions.confusion.lost_share(results.hidden_classes),
                }
                for fault, predictions in results.predictions.items()
            }
            for results in all_results
        }
    }
