"""`evaluate classification`: what pictures are, named by a classifier that has seen none of their book."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from core.encoders import Encoder
from core.encoders.features import TraitEncoder
from core.settings import Settings
from evaluation.classification import plots
from evaluation.classification.classifying import tasks
from evaluation.classification.naming import classes_option, named
from evaluation.classification.nested import FOLDS, Nested, Outcome, measure
from evaluation.classification.parts import bought
from evaluation.classification.tables import tables
from evaluation.options import images_option, json_option, labels_option, models_option
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.material import gathered
from evaluation.reporting.report import Section
from evaluation.reporting.tables import show


def section(pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings) -> Section:
    """The report's part."""
    measured = measured_of(pictures, encoders, settings)
    return Section("Classification", tables(measured), drawn(measured))


def measured_of(
    pictures: Sequence[LabelledPicture],
    encoders: Sequence[Encoder],
    settings: Settings,
    classes: Path | None = None,
    folds: int = FOLDS,
) -> Nested:
    naming = named(pictures, classes)
    found = tasks(pictures, encoders, settings, naming)
    measured = measure(pictures, found, naming, folds)
    own = {task.model: task for task in found}
    by_parts = {
        encoder.name: bought(pictures, encoder, settings, task=own[encoder.name], whole=outcome.found, folds=folds)
        for encoder in encoders
        if isinstance(encoder, TraitEncoder) and (outcome := measured.by_book(encoder.name))
    }
    return replace(measured, bought=by_parts)


def drawn(measured: Nested) -> list[str]:
    by_split = [draw(each.name, each.found) for each in measured.outcomes for draw in (plots.heatmap, plots.diagram)]
    curve = [plots.curve(measured.curves)] if measured.curves else []
    return [*by_split, *curve, plots.regularisation({each.name: each.swept for each in measured.outcomes})]


@click.command("classification")
@images_option
@labels_option
@models_option
@classes_option
@click.option("--folds", default=FOLDS, show_default=True, type=click.IntRange(min=2), help="Outer folds.")
@json_option
def command(images: Path, labels: Path | None, models: str, classes: Path | None, folds: int, *, as_json: bool) -> None:
    """Measure how well pictures are told apart, and what hiding some of them would lose."""
    measured = measured_of(*gathered(images, labels, models), classes=classes, folds=folds)
    show(tables(measured), answer(measured), as_json=as_json)


def answer(measured: Nested) -> dict[str, Any]:
    """For programs: shares of 1; null where no class is set aside."""
    models: dict[str, dict[str, Any]] = {}
    for each in measured.outcomes:
        models.setdefault(each.model, {})[each.split] = figures(each)
    return {"models": models}


def figures(each: Outcome) -> dict[str, Any]:
    found, irrelevant = each.found, each.irrelevant()
    mean, deviation = found.by_fold()
    return {
        "n": found.n,
        "accuracy": found.accuracy,
        "macro_f1": found.f1(),
        "macro_f1_folds": {"mean": mean, "sd": deviation},
        "macro_f1_interval": found.f1_interval(),
        "irrelevant_f1": irrelevant[0] if irrelevant else None,
        "irrelevant_f1_interval": irrelevant[1:] if irrelevant else None,
        "lost": found.confusion.lost_share(each.set_aside) if irrelevant else None,
        "storage_saved": each.storage_saved if irrelevant else None,
        "ece": each.ece,
        "classes": {name: found.f1(name) for name in found.confusion.classes},
    }
