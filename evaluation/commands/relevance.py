"""`frontispiece evaluate relevance`: the ranking of the service, and its boosts."""

from contextlib import nullcontext
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import anyio
import click

from core.settings import Settings
from evaluation.commands.options import json_option
from evaluation.relevance.comparison import comparison_table, read_scores, score_rows, write_scores
from evaluation.relevance.measurement import measure_collection, write_boosts
from evaluation.relevance.search_session import temporary_collection
from evaluation.relevance.tables import run_figures, tables
from evaluation.reporting.tables import print_tables
from indexer.elasticsearch.client import elasticsearch_url


@click.command("relevance", short_help="Measure the ranking of results on judged queries.")
@click.argument("where", nargs=-1)
@click.option("--alias", default="", help="The collection to measure; the default is that of the settings.")
@json_option
@click.option(
    "--save", type=click.Path(dir_okay=False, path_type=Path), help="Write the scores of every query into this file."
)
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Compare with a file that `--save` has written, query by query.",
)
@click.option("--tune", is_flag=True, help="Also try other boosts.")
@click.option("--write", "written", is_flag=True, help="Try other boosts and write those that improve the results.")
def command(
    where: tuple[str, ...],
    alias: str,
    *,
    save: Path | None,
    against: Path | None,
    as_json: bool,
    tune: bool,
    written: bool,
) -> None:
    """Measure the ranking of results on queries made from indexed documents.

    WHERE are books as for `frontispiece index`; they are indexed into a temporary collection. Without them, the
    collection of the settings is measured.
    """
    earlier_rows = read_scores(against) if against else {}
    settings = Settings.from_environ()
    if alias:
        settings = settings.model_copy(update={"alias": alias})
    url = elasticsearch_url(settings)
    with TemporaryDirectory() as data_folder:
        collection = temporary_collection(settings, url, where, Path(data_folder)) if where else nullcontext(settings)
        with collection as collection_settings:
            runs = anyio.run(partial(measure_collection, collection_settings, url, tune=tune or written))
    rows = score_rows(runs[0])
    comparison = [comparison_table(rows, earlier_rows)] if against else []
    figures = {"runs": [run_figures(run) for run in runs], "comparison": [table.figures() for table in comparison]}
    print_tables([*(table for run in runs for table in tables(run)), *comparison], figures, as_json=as_json)
    if save:
        write_scores(rows, save)
    if written:
        write_boosts(runs[0], runs[-1])
