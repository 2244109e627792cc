"""`frontispiece evaluate families`: detection of copies of one print."""

from pathlib import Path

import click

from evaluation.commands.options import inputs_options, json_option
from evaluation.families.measurement import FamilyMeasurement, measure_families
from evaluation.families.tables import figures, tables
from evaluation.pictures.inputs import EvaluationInputs, load_inputs
from evaluation.reporting.report import Section
from evaluation.reporting.tables import ReportTable, print_tables


def section(inputs: EvaluationInputs) -> Section:
    """Measure the section of the report."""
    return Section("Families", _all_tables(_measure_models(inputs)))


@click.command("families", short_help="Measure which copies of a print are recognised.")
@inputs_options
@json_option
def command(images: Path, labels: Path | None, models: str, *, as_json: bool) -> None:
    """Measure which copies of a print are recognised, and which other pictures are taken for copies."""
    measurements = _measure_models(load_inputs(images, labels, models))
    print_tables(_all_tables(measurements), figures(measurements), as_json=as_json)


def _measure_models(inputs: EvaluationInputs) -> list[FamilyMeasurement]:
    return [measure_families(inputs.pictures, encoder, inputs.settings) for encoder in inputs.encoders]


def _all_tables(measurements: list[FamilyMeasurement]) -> list[ReportTable]:
    return [table for measurement in measurements for table in tables(measurement)]
