"""`evaluate classification`: what pictures are, named by a classifier that has seen none of their book."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from core.encoders import Encoder
from core.encoders.features import FeatureEncoder
from core.settings import Settings
from evaluation.classification import plots
from evaluation.classification.ablation import run_ablation
from evaluation.classification.class_assignment import assign_classes, classes_option
from evaluation.classification.nested_cross_validation import FOLDS, ClassificationResults, SplitResult, measure
from evaluation.classification.tables import tables
from evaluation.classification.task import build_tasks
from evaluation.options import images_option, json_option, labels_option, models_option
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.inputs import load_inputs
from evaluation.reporting.report import Section
from evaluation.reporting.tables import print_tables


def section(pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings) -> Section:
    """The report's part."""
    results = evaluate_classification(pictures, encoders, settings)
    return Section("Classification", tables(results), draw_plots(results))


def evaluate_classification(
    pictures: Sequence[LabelledPicture],
    encoders: Sequence[Encoder],
    settings: Settings,
    classes_file: Path | None = None,
    folds: int = FOLDS,
) -> ClassificationResults:
    assignment = assign_classes(pictures, classes_file)
    model_tasks = build_tasks(pictures, encoders, settings, assignment)
    results = measure(pictures, model_tasks, assignment, folds)
    tasks_by_model = {task.model: task for task in model_tasks}
    ablations = {
        encoder.name: run_ablation(
            pictures,
            encoder,
            settings,
            task=tasks_by_model[encoder.name],
            full_predictions=split_result.predictions,
            folds=folds,
        )
        for encoder in encoders
        if isinstance(encoder, FeatureEncoder) and (split_result := results.by_book_result(encoder.name))
    }
    return replace(results, ablations=ablations)


def draw_plots(results: ClassificationResults) -> list[str]:
    split_plots = [
        draw(split_result.name, split_result.predictions)
        for split_result in results.split_results
        for draw in (plots.draw_confusion_heatmap, plots.draw_reliability_diagram)
    ]
    curve_plots = [plots.draw_learning_curve(results.learning_curves)] if results.learning_curves else []
    return [
        *split_plots,
        *curve_plots,
        plots.draw_regularisation(
            {split_result.name: split_result.macro_f1_per_c for split_result in results.split_results}
        ),
    ]


@click.command("classification")
@images_option
@labels_option
@models_option
@classes_option
@click.option("--folds", default=FOLDS, show_default=True, type=click.IntRange(min=2), help="Outer folds.")
@json_option
def command(images: Path, labels: Path | None, models: str, classes: Path | None, folds: int, *, as_json: bool) -> None:
    """Measure how well pictures are told apart, and what hiding some of them would lose."""
    results = evaluate_classification(*load_inputs(images, labels, models), classes_file=classes, folds=folds)
    print_tables(tables(results), model_figures(results), as_json=as_json)


def model_figures(results: ClassificationResults) -> dict[str, Any]:
    """For programs: shares of 1; null where no class is set aside."""
    figures_by_model: dict[str, dict[str, Any]] = {}
    for split_result in results.split_results:
        figures_by_model.setdefault(split_result.model, {})[split_result.split] = split_figures(split_result)
    return {"models": figures_by_model}


def split_figures(split_result: SplitResult) -> dict[str, Any]:
    predictions, irrelevant_f1 = split_result.predictions, split_result.irrelevant_f1()
    mean, deviation = predictions.fold_macro_f1()
    return {
        "n": predictions.n,
        "accuracy": predictions.accuracy,
        "macro_f1": predictions.f1(),
        "macro_f1_folds": {"mean": mean, "sd": deviation},
        "macro_f1_interval": predictions.f1_interval(),
        "irrelevant_f1": irrelevant_f1[0] if irrelevant_f1 else None,
        "irrelevant_f1_interval": irrelevant_f1[1:] if irrelevant_f1 else None,
        "lost": predictions.confusion.lost_share(split_result.hidden_classes) if irrelevant_f1 else None,
        "storage_saved": split_result.storage_saved if irrelevant_f1 else None,
        "ece": split_result.ece,
        "classes": {class_name: predictions.f1(class_name) for class_name in predictions.confusion.classes},
    }
