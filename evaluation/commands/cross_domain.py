"""`frontispiece evaluate cross-domain`: learn from one library, predict the pictures of another."""

from pathlib import Path

import click

from evaluation.classification.class_assignment import assign_classes
from evaluation.classification.cross_domain import figures, measure_pairs
from evaluation.classification.cross_domain_tables import tables
from evaluation.commands.options import classes_option, inputs_options, json_option
from evaluation.pictures.inputs import EvaluationInputs, load_inputs
from evaluation.reporting.report import Section
from evaluation.reporting.tables import print_tables


def section(inputs: EvaluationInputs) -> Section:
    """Measure the section of the report."""
    return Section("From one library to another", tables(measure_pairs(*inputs, assign_classes(inputs.pictures))))


@click.command("cross-domain", short_help="Learn from one library's pictures, predict another's.")
@inputs_options
@classes_option
@json_option
def command(images: Path, labels: Path | None, models: str, classes: Path | None, *, as_json: bool) -> None:
    """Learn from one library's pictures and predict another's, for all pairs."""
    inputs = load_inputs(images, labels, models)
    results = measure_pairs(*inputs, assign_classes(inputs.pictures, classes))
    print_tables(tables(results), figures(results), as_json=as_json)
