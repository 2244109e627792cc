"""`frontispiece evaluate preprocessing`: ways to fit pictures into the square that a model takes."""

from pathlib import Path

import click

from evaluation.commands.options import inputs_options, json_option, seed_option
from evaluation.pictures.inputs import EvaluationInputs, load_inputs
from evaluation.pictures.queries import build_paper_queries
from evaluation.reporting.report import Section
from evaluation.reporting.tables import print_tables
from evaluation.retrieval.preprocessing import figures, measure_shapes, table


def section(inputs: EvaluationInputs) -> Section:
    """Measure the section of the report."""
    results = measure_shapes(*inputs, build_paper_queries(len(inputs.pictures)))
    return Section("Preprocessing", [table(inputs.pictures, results)])


@click.command("preprocessing", short_help="Compare ways to make a picture square.")
@inputs_options
@seed_option
@json_option
def command(images: Path, labels: Path | None, models: str, seed: int, *, as_json: bool) -> None:
    """Compare squashed, padded, centre-cropped and undistorted pictures, by aspect ratio."""
    inputs = load_inputs(images, labels, models)
    results = measure_shapes(*inputs, build_paper_queries(len(inputs.pictures), seed=seed))
    print_tables([table(inputs.pictures, results)], figures(results), as_json=as_json)
