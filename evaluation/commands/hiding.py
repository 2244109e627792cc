"""`frontispiece evaluate hiding`: what readers would miss because it is hidden or left out."""

from pathlib import Path

import click

from evaluation.classification.class_assignment import assign_classes
from evaluation.classification.hiding import figures, measure_hiding, tables
from evaluation.commands.options import classes_option, inputs_options, json_option
from evaluation.pictures.inputs import EvaluationInputs, load_inputs
from evaluation.reporting.report import Section
from evaluation.reporting.tables import print_tables


def section(inputs: EvaluationInputs) -> Section:
    """Measure the section of the report."""
    return Section("What hiding loses", tables(measure_hiding(*inputs, assign_classes(inputs.pictures))))


@click.command("hiding", short_help="Count what hiding would lose of what readers look for.")
@inputs_options
@classes_option
@json_option
def command(images: Path, labels: Path | None, models: str, *, classes: Path | None, as_json: bool) -> None:
    """Count the pictures that readers look for and that hiding would lose."""
    inputs = load_inputs(images, labels, models)
    results = measure_hiding(*inputs, assign_classes(inputs.pictures, classes))
    print_tables(tables(results), figures(results), as_json=as_json)
