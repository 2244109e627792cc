"""`frontispiece index`: read books and write them into Elasticsearch."""

import json
import signal
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TypedDict

import click
import stamina

from core.console import EXIT_INTERRUPTED, check_writable, print_message
from core.settings import Settings
from indexer.cluster.engine import open_cluster
from indexer.cluster.ray_session import ClusterOptions
from indexer.commands.cluster_options import cluster_options, read_cluster_options
from indexer.commands.index_maintenance import clean_collection, merge_collection, repair_collection
from indexer.commands.options import alias_option, lease_options, load_settings, read_when_held
from indexer.commands.run_report import print_report
from indexer.elasticsearch.client import elasticsearch_url
from indexer.elasticsearch.lease import WhenHeld
from indexer.ingest.progress import show_progress, write_events
from indexer.ingest.run import LOCAL_ENGINE, index_sources


@click.command(short_help="Read books and write them into Elasticsearch.")
@click.argument("where", nargs=-1)
@alias_option
@click.option("--models", help="The models to use, such as `sscd,siglip,e5`; the default is every installed model.")
@click.option(
    "--rebuild",
    is_flag=True,
    help="Fill a new index, and move the alias to it when the run has succeeded. A rebuild that was stopped continues.",
)
@click.option("--fresh", is_flag=True, help="With --rebuild or --clean: throw away what an unfinished rebuild has.")
@click.option(
    "--no-switch", is_flag=True, help="With --rebuild: fill the new index and leave it to `frontispiece switch`."
)
@click.option("--no-merge", is_flag=True, help="With --rebuild: do not merge the segments of the new index at the end.")
@lease_options
@cluster_options
@click.option("--clean", is_flag=True, help="Read nothing; list the indices that nothing uses, and delete them.")
@click.option("--repair", is_flag=True, help="Read nothing; let each alias that names several indices name one.")
@click.option(
    "--merge", is_flag=True, help="Read nothing; merge the segments of the index, so that searches are faster."
)
@click.option("--yes", is_flag=True, help="With --clean or --repair: do not ask.")
@click.option("--json", "as_events", is_flag=True, help="Write events to standard output, one JSON object a line.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write the whole report as JSON.")
def index(
    where: tuple[str, ...],
    alias: str | None,
    models: str | None,
    *,
    rebuild: bool,
    fresh: bool,
    no_switch: bool,
    no_merge: bool,
    wait: bool,
    take_over: bool,
    ray: str | None,
    workers: int | None,
    encoders: int | None,
    gpus_per_encoder: float | None,
    clean: bool,
    repair: bool,
    merge: bool,
    yes: bool,
    as_events: bool,
    report: Path | None,
) -> None:
    """Read books and write their pictures, pages and records into Elasticsearch.

    WHERE is a folder of ALTO, scans and METS, a METS, a IIIF manifest or collection (a URL or a file), the URL of an
    OAI-PMH repository, a folder of pictures, or a zip or tar archive of a folder. A second run writes only what has
    changed.

    One run at a time writes into a collection; another one is refused, unless it is to wait or to take over.
    """
    settings, when_held = load_settings(alias=alias, models=models), read_when_held(wait=wait, take_over=take_over)
    cluster = read_cluster_options(ray, workers=workers, encoders=encoders, gpus_per_encoder=gpus_per_encoder)
    _check_usage(where, rebuild=rebuild, fresh=fresh, clean=clean, tasks=(clean, repair, merge))
    for option, is_given in (("--no-switch", no_switch), ("--no-merge", no_merge)):
        if is_given and not rebuild:
            raise click.UsageError(f"{option} belongs to --rebuild")
    if clean:
        clean_collection(settings, fresh=fresh, yes=yes, when_held=when_held)
    elif repair:
        repair_collection(settings, yes=yes, when_held=when_held)
    elif merge:
        merge_collection(settings, when_held=when_held)
    else:
        options = RunOptions(
            rebuild=rebuild, fresh=fresh, switch=not no_switch, merge=not no_merge, when_held=when_held
        )
        _run(settings, where, report, options, cluster, as_events=as_events)


def _check_usage(where: tuple[str, ...], *, rebuild: bool, fresh: bool, clean: bool, tasks: Sequence[bool]) -> None:
    """Raise `UsageError` for options that exclude each other; `tasks` are those that read no books."""
    if sum((*tasks, bool(where or rebuild))) > 1:
        raise click.UsageError("--clean, --repair and --merge read no books: give one of them alone")
    if not (where or any(tasks)):
        raise click.MissingParameter(param_hint="'WHERE...'", param_type="argument")
    if fresh and not (rebuild or clean):
        raise click.UsageError("--fresh belongs to --rebuild or --clean: it throws away an unfinished rebuild")


class RunOptions(TypedDict):
    """The options of `index_sources`."""

    rebuild: bool
    fresh: bool
    switch: bool
    merge: bool
    when_held: WhenHeld


def _run(
    settings: Settings,
    where: tuple[str, ...],
    report: Path | None,
    options: RunOptions,
    cluster: ClusterOptions | None,
    *,
    as_events: bool,
) -> None:
    report_path = report or settings.data / "last-report.json"
    check_writable(report_path)
    url = elasticsearch_url(settings)
    # The report lists what failed after all retries; the retries themselves are not logged.
    stamina.instrumentation.set_on_retry_hooks([])
    # `docker stop` and systemd send SIGTERM: a run then ends as after Ctrl-C, and gives its lease back.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with (
            write_events(partial(click.echo, file=sys.stdout)) if as_events else show_progress() as progress,
            open_cluster(cluster) if cluster else nullcontext(LOCAL_ENGINE) as engine,
        ):
            run_report = index_sources(settings, url, where, **options, progress=progress, engine=engine)
    except KeyboardInterrupt:
        outcome = "readers keep the old index" if options["rebuild"] else "what was written is kept"
        click.echo(f"frontispiece: stopped; {outcome}, and the same command continues from there", err=True)
        sys.exit(EXIT_INTERRUPTED)
    report_path.write_text(json.dumps(asdict(run_report), ensure_ascii=False, indent=1), "utf-8", "backslashreplace")
    print_report(run_report, report_path)
    if not options["switch"]:
        print_message("the new index is complete; `frontispiece switch` gives it to readers")
    if run_report.rejected or (run_report.problems and not (run_report.written or run_report.unchanged)):
        sys.exit(1)
