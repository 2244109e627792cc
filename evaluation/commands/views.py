"""`frontispiece evaluate views`: what each view of SSCD's vector in the index adds."""

from pathlib import Path

import click

from evaluation.commands.options import inputs_options, json_option, seed_option
from evaluation.pictures.inputs import load_inputs
from evaluation.pictures.queries import build_query_kinds
from evaluation.reporting.tables import print_tables
from evaluation.retrieval.views import figures, measure_views, table


@click.command("views", short_help="Compare sets of views of a picture in the index.")
@inputs_options
@seed_option
@json_option
def command(images: Path, labels: Path | None, models: str, seed: int, *, as_json: bool) -> None:
    """Compare sets of views of a picture in the index, on all kinds of queries."""
    inputs = load_inputs(images, labels, models)
    results = measure_views(*inputs, build_query_kinds(len(inputs.pictures), seed=seed, harder=True))
    print_tables([table(results)], figures(results), as_json=as_json)
