"""`frontispiece evaluate distortion`: classes of blurred, tilted, cropped, shining-through and compressed scans."""

from pathlib import Path

import click

from evaluation.classification.class_assignment import assign_classes
from evaluation.classification.distortion import figures, measure_distortion, tables
from evaluation.commands.options import classes_option, inputs_options, json_option, seed_option
from evaluation.pictures.inputs import EvaluationInputs, load_inputs
from evaluation.reporting.report import Section
from evaluation.reporting.tables import print_tables


def section(inputs: EvaluationInputs) -> Section:
    """Measure the section of the report."""
    return Section("Bad scans", tables(measure_distortion(*inputs, assign_classes(inputs.pictures))))


@click.command("distortion", short_help="Classify blurred, tilted and otherwise bad copies.")
@inputs_options
@classes_option
@seed_option
@json_option
def command(images: Path, labels: Path | None, models: str, *, classes: Path | None, seed: int, as_json: bool) -> None:
    """Classify blurred, tilted, cropped and otherwise bad copies of the pictures."""
    inputs = load_inputs(images, labels, models)
    results = measure_distortion(*inputs, assign_classes(inputs.pictures, classes), seed=seed)
    print_tables(tables(results), figures(results), as_json=as_json)
