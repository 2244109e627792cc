"""`frontispiece evaluate classification`: the classifier on books that it has not learnt from."""

from pathlib import Path

import click

from evaluation.classification.figures import model_figures
from evaluation.classification.nested_cross_validation import FOLDS, evaluate_classification
from evaluation.classification.plots import draw_plots
from evaluation.classification.tables import tables
from evaluation.commands.options import classes_option, inputs_options, json_option
from evaluation.pictures.inputs import EvaluationInputs, load_inputs
from evaluation.reporting.report import Section
from evaluation.reporting.tables import print_tables


def section(inputs: EvaluationInputs) -> Section:
    """Measure the section of the report."""
    results = evaluate_classification(*inputs)
    return Section("Classification", tables(results), draw_plots(results))


@click.command("classification", short_help="Measure how well pictures are classified.")
@inputs_options
@classes_option
@click.option("--folds", default=FOLDS, show_default=True, type=click.IntRange(min=2), help="Outer folds.")
@json_option
def command(images: Path, labels: Path | None, models: str, classes: Path | None, folds: int, *, as_json: bool) -> None:
    """Measure how well pictures are classified, and what hiding some classes would lose."""
    results = evaluate_classification(*load_inputs(images, labels, models), classes_file=classes, folds=folds)
    print_tables(tables(results), model_figures(results), as_json=as_json)
