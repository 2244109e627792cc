"""The tables of arXiv 2410.14969, computed from the files that its authors published."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import FrontispieceError
from evaluation.classification.confusion import ConfusionMatrix, confusion_matrix
from evaluation.pictures.folder import LabelledPicture
from evaluation.reporting.intervals import wilson_interval
from evaluation.reporting.tables import Cell, ReportTable, percent
from evaluation.retrieval.scores import TOP_KS

RETRIEVAL_FILE = "nb_chr24_image_retrieval_results.csv"
CONFUSION_FILE = "nb_chr24_confusion_matrix.csv"
HELD_OUT_FILE = "nb_chr24_test_fold_estimated_labels.csv"

MODELS = ("SigLIP", "CLIP", "ViT")
IRRELEVANT_CLASSES = ("Segmentation anomaly", "Blank page")
"""The classes that the paper's system hides."""


@dataclass(frozen=True, slots=True)
class PaperResults:
    """The contents of the published files."""

    hits: Mapping[str, Mapping[int, int]]
    """Model → k → queries whose picture is among the first k."""
    queries: int
    any_model_hits: int
    """Queries whose picture is among the first ten of at least one model."""
    pooled: ConfusionMatrix
    held_out: ConfusionMatrix


def read_paper_results(folder: Path) -> PaperResults:
    """Read the published tables; raise `FrontispieceError` if one is missing or has other columns."""
    try:
        query_positions = [
            {name: int(float(row[f"{name} position"])) for name in MODELS}
            for row in _read_rows(folder / RETRIEVAL_FILE)
        ]
        held_out_labels = [(row["true_label"], row["estimated_label"]) for row in _read_rows(folder / HELD_OUT_FILE)]
        pooled = _read_pooled_confusion(folder / CONFUSION_FILE)
    except (KeyError, ValueError) as error:
        raise FrontispieceError(f"{folder}: not the tables of the paper ({error})") from error
    # Positions count from 0; -1 means not among the first hundred.
    hits = {
        name: {k: sum(0 <= positions[name] < k for positions in query_positions) for k in TOP_KS} for name in MODELS
    }
    any_model_hits = sum(any(0 <= position < 10 for position in positions.values()) for positions in query_positions)
    true_labels, predicted_labels = zip(*held_out_labels, strict=True)
    return PaperResults(
        hits, len(query_positions), any_model_hits, pooled, confusion_matrix(true_labels, predicted_labels)
    )


def _read_pooled_confusion(path: Path) -> ConfusionMatrix:
    """Read the confusion matrix; the file has the predicted classes as rows."""
    rows = [list(row.values()) for row in _read_rows(path)]
    counts = np.array([[int(cell) for cell in row[1:]] for row in rows], dtype=np.int64).T
    return ConfusionMatrix(tuple(str(row[0]) for row in rows), counts)


def _read_rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except OSError as error:
        raise FrontispieceError(f"{path}: {error.strerror or error}") from error


def tables(paper: PaperResults) -> list[ReportTable]:
    rows: list[list[Cell]] = [
        [
            name,
            *(
                f"{hits[k]} ({percent(hits[k] / paper.queries, *wilson_interval(hits[k], paper.queries))})"
                for k in TOP_KS
            ),
        ]
        for name, hits in paper.hits.items()
    ]
    retrieval_table = ReportTable(
        title=f"The paper's retrieval: {paper.queries} rotated, cropped and scaled pictures",
        columns=["model", *(f"top {k}" for k in TOP_KS)],
        rows=rows,
        note=f"{paper.any_model_hits} of {paper.queries} pictures are among the first ten of at least one model.",
    )
    classifier_table = ReportTable(
        title="The paper's classifier: logistic regression on SigLIP's vectors",
        columns=["measured on", "n", "accuracy", "macro-F1", "irrelevant or not, F1", "lost"],
        rows=[
            _confusion_row("20 folds, pooled", paper.pooled),
            _confusion_row("held-out fold", paper.held_out),
        ],
        note="Irrelevant are segmentation anomalies and blank pages; lost are other pictures that would be hidden with "
        "them. The paper's 0.916 is the mean macro-F1 of the 20 folds; the pooled figure is slightly higher.",
    )
    return [retrieval_table, classifier_table]


def _confusion_row(name: str, matrix: ConfusionMatrix) -> list[Cell]:
    lost, total = np.sum([*matrix.lost_counts(IRRELEVANT_CLASSES).values()], axis=0)
    scores = matrix.accuracy, matrix.macro_f1, matrix.binary_f1(IRRELEVANT_CLASSES)
    return [name, int(matrix.counts.sum()), *scores, f"{lost} of {total}"]


def find_results_folder(pictures: Sequence[LabelledPicture]) -> Path:
    """Return the folder of the pictures, or a parent of it, that contains the published files."""
    parent_folders = [folder for picture in pictures[:1] for folder in picture.path.parents]
    folder = next((parent for parent in parent_folders if (parent / RETRIEVAL_FILE).is_file()), None)
    if folder is None:
        raise FrontispieceError("the published files of the paper are not in a parent folder of these pictures")
    return folder


def figures(paper: PaperResults) -> dict[str, Any]:
    retrieval = {name: {f"top_{k}": count for k, count in hits.items()} for name, hits in paper.hits.items()}
    matrices = {"pooled": paper.pooled, "held_out": paper.held_out}
    classifier_figures = {
        name: {
            "accuracy": matrix.accuracy,
            "macro_f1": matrix.macro_f1,
            "irrelevant_f1": matrix.binary_f1(IRRELEVANT_CLASSES),
        }
        for name, matrix in matrices.items()
    }
    return {
        "queries": paper.queries,
        "retrieval": retrieval,
        "any_model_top_10": paper.any_model_hits,
        **classifier_figures,
    }
