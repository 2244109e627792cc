"""`frontispiece index`: read books and write them into Elasticsearch."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
import stamina

from core.console import EXIT_INTERRUPTED, check_writable
from indexer.commands.options import alias_option, load_settings
from indexer.commands.run_report import print_report
from indexer.elasticsearch.client import elasticsearch_url
from indexer.ingest.progress import show_progress
from indexer.ingest.run import index_sources


@click.command()
@click.argument("where", nargs=-1, required=True)
@alias_option
@click.option("--models", help="The models to use, such as `sscd,siglip,e5`; the default is every installed model.")
@click.option("--rebuild", is_flag=True, help="Fill a new index, and move the alias to it when the run has succeeded.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write the whole report as JSON.")
def index(where: tuple[str, ...], alias: str | None, models: str | None, *, rebuild: bool, report: Path | None) -> None:
    """Read books and write their pictures, pages and records into Elasticsearch.

    WHERE is a folder of ALTO, scans and METS, a METS, a IIIF manifest or collection (a URL or a file), the URL of an
    OAI-PMH repository, a folder of pictures, or a zip or tar archive of a folder. A second run writes only what has
    changed.
    """
    settings = load_settings(alias=alias, models=models)
    report_path = report or settings.data / "last-report.json"
    check_writable(report_path)
    url = elasticsearch_url(settings)
    # The report lists what failed after all retries; the retries themselves are not logged.
    stamina.instrumentation.set_on_retry_hooks([])
    try:
        with show_progress() as progress:
            run_report = index_sources(settings, url, where, rebuild=rebuild, progress=progress)
    except KeyboardInterrupt:
        outcome = (
            "the index is unchanged"
            if rebuild
            else "what was written is kept, and the same command continues from there"
        )
        click.echo(f"frontispiece: stopped; {outcome}", err=True)
        sys.exit(EXIT_INTERRUPTED)
    report_path.write_text(json.dumps(asdict(run_report), ensure_ascii=False, indent=1), "utf-8", "backslashreplace")
    print_report(run_report, report_path)
    if run_report.rejected or (run_report.problems and not (run_report.written or run_report.unchanged)):
        sys.exit(1)
