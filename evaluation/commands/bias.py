"""`frontispiece evaluate bias`: retrieval and classification by group of pictures."""

from pathlib import Path

import click

from evaluation.bias import figures, measure_bias
from evaluation.bias_tables import tables
from evaluation.commands.options import classes_option, inputs_options, json_option, seed_option
from evaluation.pictures.inputs import EvaluationInputs, load_inputs
from evaluation.reporting.report import Section
from evaluation.reporting.tables import print_tables


def section(inputs: EvaluationInputs) -> Section:
    """Measure the section of the report."""
    return Section("Bias", tables(measure_bias(*inputs)))


@click.command("bias", short_help="Compare decades, languages, labels, shapes and libraries.")
@inputs_options
@classes_option
@seed_option
@json_option
def command(images: Path, labels: Path | None, models: str, *, classes: Path | None, seed: int, as_json: bool) -> None:
    """Compare decades, languages, labels, techniques, shapes and libraries."""
    measurement = measure_bias(*load_inputs(images, labels, models), seed=seed, classes=classes)
    print_tables(tables(measurement), figures(measurement), as_json=as_json)
