"""`frontispiece evaluate paper`: the tables of arXiv 2410.14969, from its published files."""

from pathlib import Path

import click

from evaluation.commands.options import json_option
from evaluation.paper import figures, find_results_folder, read_paper_results, tables
from evaluation.pictures.inputs import EvaluationInputs
from evaluation.reporting.report import Section
from evaluation.reporting.tables import print_tables


def section(inputs: EvaluationInputs) -> Section:
    """Read the published files beside the pictures or above them."""
    return Section("The paper", tables(read_paper_results(find_results_folder(inputs.pictures))))


@click.command("paper")
@click.option(
    "--data",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder with the paper's files, nb_chr24_*.csv.",
)
@json_option
def command(data: Path, *, as_json: bool) -> None:
    """Compute the paper's tables from its published files."""
    paper = read_paper_results(data)
    print_tables(tables(paper), figures(paper), as_json=as_json)
