"""`frontispiece evaluate hash-or-vector`: perceptual hashes and models on the same queries."""

from pathlib import Path

import click

from evaluation.commands.options import inputs_options, json_option, seed_option
from evaluation.pictures.inputs import EvaluationInputs, load_inputs
from evaluation.pictures.queries import build_paper_queries
from evaluation.reporting.report import Section
from evaluation.reporting.tables import print_tables
from evaluation.retrieval.hashes import figures, measure_hashes, table


def section(inputs: EvaluationInputs) -> Section:
    """Measure the section of the report."""
    return Section("Hash or vector", [table(measure_hashes(*inputs, build_paper_queries(len(inputs.pictures))))])


@click.command("hash-or-vector", short_help="Compare perceptual hashes with each model.")
@inputs_options
@seed_option
@json_option
def command(images: Path, labels: Path | None, models: str, seed: int, *, as_json: bool) -> None:
    """Compare perceptual hashes with each model on the same queries, with the cost per picture."""
    inputs = load_inputs(images, labels, models)
    results = measure_hashes(*inputs, build_paper_queries(len(inputs.pictures), seed=seed))
    print_tables([table(results)], figures(results), as_json=as_json)
