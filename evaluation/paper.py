"""`evaluate paper`: the tables of arXiv 2410.14969, computed again from the files that its authors published."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np

from core.encoders import Encoder
from core.errors import FrontispieceError
from core.settings import Settings
from evaluation.classification.confusion import Confusion, confusion
from evaluation.options import json_option
from evaluation.pictures.folder import LabelledPicture
from evaluation.reporting.intervals import wilson
from evaluation.reporting.report import Section
from evaluation.reporting.tables import Cell, Table, percent, show
from evaluation.retrieval.scores import TOPS

RETRIEVAL = "nb_chr24_image_retrieval_results.csv"
CONFUSION = "nb_chr24_confusion_matrix.csv"
HELD_OUT = "nb_chr24_test_fold_estimated_labels.csv"

MODELS = ("SigLIP", "CLIP", "ViT")
IRRELEVANT = ("Segmentation anomaly", "Blank page")
"""What the paper's system leaves out."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What the files say."""

    hits: Mapping[str, Mapping[int, int]]
    """Model → k → of how many queries the picture stands among the first k."""
    queries: int
    any_model: int
    """Queries that find their picture among the first ten of at least one model."""
    pooled: Confusion
    held_out: Confusion


def read(folder: Path) -> Paper:
    """`FrontispieceError` names the file that is missing or is another's."""
    try:
        places = [{name: int(float(row[f"{name} position"])) for name in MODELS} for row in _rows(folder / RETRIEVAL)]
        held_out = [(row["true_label"], row["estimated_label"]) for row in _rows(folder / HELD_OUT)]
        pooled = _pooled(folder / CONFUSION)
    except (KeyError, ValueError) as error:
        raise FrontispieceError(f"{folder}: not the tables of the paper ({error})") from error
    # Places count from 0; -1 is not among the first hundred.
    hits = {name: {k: sum(0 <= each[name] < k for each in places) for k in TOPS} for name in MODELS}
    any_model = sum(any(0 <= place < 10 for place in each.values()) for each in places)
    true, predicted = zip(*held_out, strict=True)
    return Paper(hits, len(places), any_model, pooled, confusion(true, predicted))


def _pooled(path: Path) -> Confusion:
    """The file has the predicted classes as rows."""
    rows = [list(row.values()) for row in _rows(path)]
    counts = np.array([[int(each) for each in row[1:]] for row in rows], dtype=np.int64).T
    return Confusion(tuple(str(row[0]) for row in rows), counts)


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except OSError as error:
        raise FrontispieceError(f"{path}: {error.strerror or error}") from error


def tables(paper: Paper) -> list[Table]:
    rows: list[list[Cell]] = [
        [name, *(f"{hits[k]} ({percent(hits[k] / paper.queries, *wilson(hits[k], paper.queries))})" for k in TOPS)]
        for name, hits in paper.hits.items()
    ]
    found = Table(
        title=f"The paper's retrieval: {paper.queries} turned, cut and scaled pictures",
        columns=["model", *(f"top {k}" for k in TOPS)],
        rows=rows,
        note=f"{paper.any_model} of {paper.queries} stand among the first ten of at least one model.",
    )
    named = Table(
        title="The paper's classifier: logistic regression on SigLIP's vectors",
        columns=["measured on", "n", "accuracy", "macro-F1", "irrelevant or not, F1", "lost"],
        rows=[
            _row("20 folds, pooled", paper.pooled),
            _row("held-out fold", paper.held_out),
        ],
        note="Irrelevant are segmentation anomalies and blank pages; lost are other pictures that would go with them. "
        "The paper's .916 is the mean of the 20 folds' macro-F1; pooled it is a little higher.",
    )
    return [found, named]


def _row(name: str, each: Confusion) -> list[Cell]:
    lost, of = np.sum([*each.lost(IRRELEVANT).values()], axis=0)
    scores = each.accuracy, each.macro_f1, each.binary_f1(IRRELEVANT)
    return [name, int(each.counts.sum()), *scores, f"{lost} of {of}"]


def section(pictures: Sequence[LabelledPicture], _encoders: Sequence[Encoder], _settings: Settings) -> Section:
    """From the files that lie in the pictures' folder or above it."""
    above = [folder for picture in pictures[:1] for folder in picture.path.parents]
    folder = next((each for each in above if (each / RETRIEVAL).is_file()), None)
    if folder is None:
        raise FrontispieceError("the paper's tables do not lie beside these pictures")
    return Section("The paper", tables(read(folder)))


@click.command("paper")
@click.option(
    "--data",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder with the paper's files, nb_chr24_*.csv.",
)
@json_option
def command(data: Path, *, as_json: bool) -> None:
    """Compute the paper's tables again from its published files."""
    paper = read(data)
    show(tables(paper), answer(paper), as_json=as_json)


def answer(paper: Paper) -> dict[str, Any]:
    retrieval = {name: {f"top_{k}": count for k, count in hits.items()} for name, hits in paper.hits.items()}
    parts = {"pooled": paper.pooled, "held_out": paper.held_out}
    classified = {
        name: {"accuracy": each.accuracy, "macro_f1": each.macro_f1, "irrelevant_f1": each.binary_f1(IRRELEVANT)}
        for name, each in parts.items()
    }
    return {"queries": paper.queries, "retrieval": retrieval, "any_model_top_10": paper.any_model, **classified}
