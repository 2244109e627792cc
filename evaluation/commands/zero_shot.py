"""`frontispiece evaluate zero-shot`: classes from prompts or from a few examples, without training."""

from pathlib import Path

import click

from evaluation.classification.class_assignment import assign_classes
from evaluation.classification.zero_shot import figures, measure_without_training, tables
from evaluation.commands.options import classes_option, inputs_options, json_option
from evaluation.pictures.inputs import EvaluationInputs, load_inputs
from evaluation.reporting.report import Section
from evaluation.reporting.tables import print_tables


def section(inputs: EvaluationInputs) -> Section:
    """Measure the section of the report."""
    return Section("Without training", tables(measure_without_training(*inputs, assign_classes(inputs.pictures))))


@click.command("zero-shot", short_help="Classify by prompts, a few examples, and neighbours.")
@inputs_options
@classes_option
@json_option
def command(images: Path, labels: Path | None, models: str, *, classes: Path | None, as_json: bool) -> None:
    """Classify pictures by prompts, by a few labelled examples and by their neighbours."""
    inputs = load_inputs(images, labels, models)
    results = measure_without_training(*inputs, assign_classes(inputs.pictures, classes))
    print_tables(tables(results), figures(results), as_json=as_json)
