"""The commands that write: `index`, `remove`, `inspect`, `node`, `settings`."""

import json
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

import click
import stamina
from rich.console import Console
from rich.table import Table

from core import encoders
from core.encoders.protocols import Encoder
from core.errors import EncoderUnavailable, FrontispieceError, HubUnreachable
from core.settings import ALIAS_PATTERN, ENV_PREFIX, Settings
from indexer import sources
from indexer.classification.labelling import load_classifier
from indexer.commands.kibana import kibana
from indexer.commands.node import node
from indexer.commands.setup import setup
from indexer.elasticsearch.collection import Collection
from indexer.elasticsearch.index import connect, translate_errors
from indexer.elasticsearch.runs import IngestRun, record_run
from indexer.embedded import running_url
from indexer.formats.alto import inspection
from indexer.images.crops import Cropper
from indexer.ingest.pipeline import Pipeline
from indexer.ingest.progress import bar_callbacks, create_progress_bar
from indexer.ingest.removal import IndexedBook, remove_book
from indexer.ingest.report import RunReport, RunReportBuilder
from indexer.records import Problem, Volume

console = Console(stderr=True, soft_wrap=True)

EXIT_INTERRUPTED = 130
"""The exit code of a command that Ctrl-C ended, as shells have it."""

MAX_PROBLEMS_SHOWN = 12
"""On the terminal; the report file has all of them."""


def elasticsearch_url(settings: Settings) -> str:
    """The cluster of the settings, else the embedded node that runs; a sentence that says what to do when neither."""
    url = settings.elasticsearch_url or running_url(settings.data)
    if not url:
        raise FrontispieceError(
            "no Elasticsearch: set FRONTISPIECE_ELASTICSEARCH_URL to your cluster, "
            "or run `frontispiece node start` for an embedded node"
        )
    return url


def load_encoders(settings: Settings) -> list[Encoder]:
    """The models of the settings; without them all that are installed and whose weights can be had, the rest told."""
    if settings.models:
        return [encoders.load_encoder(name.strip(), settings) for name in settings.models.split(",")]
    loaded_encoders: list[Encoder] = []
    is_hub_reachable = True
    for name in encoders.installed_models():
        if not is_hub_reachable and encoders.SPECS[name].extra == "models":
            continue
        try:
            loaded_encoders.append(encoders.load_encoder(name, settings))
        except EncoderUnavailable as error:
            is_hub_reachable = is_hub_reachable and not isinstance(error, HubUnreachable)
            _warn(f"going on without {name}: {error}")
    if not loaded_encoders:
        raise FrontispieceError("no vision model can be used: `pip install 'frontispiece[sscd]'` is the lightest")
    return loaded_encoders


def index_sources(settings: Settings, url: str, locations: Sequence[str], *, rebuild: bool = False) -> RunReport:
    """Reads every source and writes what it has, with a progress bar on the terminal."""
    vision_encoders = load_encoders(settings)
    classifier = load_classifier(settings, vision_encoders)
    report_builder, run = RunReportBuilder(), IngestRun.start(locations, vision_encoders, rebuild=rebuild)
    with (
        connect(settings, url) as client,
        record_run(client, settings.alias, run, report_builder, url=url, warn=_warn),
        translate_errors(url),
        Cropper(settings) as crops,
        create_progress_bar(console) as progress_bar,
    ):

        def fill(collection: Collection) -> RunReport:
            pipeline = Pipeline(
                collection,
                vision_encoders,
                crops,
                crops_folder=settings.crops_folder,
                batch_size=settings.batch_size,
                indexed_at=run.started_at.isoformat(timespec="seconds"),
                progress=bar_callbacks(progress_bar),
                report_builder=report_builder,
                classifier=classifier,
            )
            return pipeline.run(_find_volumes(locations, crops))

        if not rebuild:
            return fill(Collection.open_or_create(client, settings.alias, vision_encoders))
        with Collection.rebuild(
            client, settings.alias, vision_encoders, allow_dropped_models=bool(settings.models)
        ) as collection:
            run_report = fill(collection)
            if not (run_report.written or run_report.pages_written):
                cause = f": {run_report.problems[0]}" if run_report.problems else ""
                raise FrontispieceError(f"nothing was found to write, so the index stays as it was{cause}")
            return run_report


def _warn(sentence: str) -> None:
    console.print(sentence, style="yellow", markup=False, highlight=False)


def _find_volumes(locations: Sequence[str], crops: Cropper) -> Iterable[Volume | Problem]:
    for location in locations:
        yield from sources.find_volumes(location, crops.fetch)


def _check_writable(path: Path) -> None:
    """Asked before the run: an hour later it would be a pity."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("a").close()
    except OSError as error:
        raise FrontispieceError(f"the report cannot be written to {path}: {error.strerror or error}") from error


def _validate_alias(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(ALIAS_PATTERN, value):
        raise click.BadParameter("up to 100 small letters, digits, - and _, the first a letter or digit")
    return value


def _load_settings(**overrides: str | None) -> Settings:
    return Settings.from_environ().model_copy(update={name: value for name, value in overrides.items() if value})


@click.group()
def commands() -> None:
    """Frontispiece finds the pictures in digitised books."""


commands.add_command(node)
commands.add_command(setup)
commands.add_command(kibana)


@commands.command()
@click.argument("where", nargs=-1, required=True)
@click.option(
    "--alias",
    callback=_validate_alias,
    help="The name that is searched; the index behind it is made where there is none.",
)
@click.option("--models", help="Which vision models to use, `sscd,siglip`; without it every one that is installed.")
@click.option("--rebuild", is_flag=True, help="Fill a new index and move the alias to it when all went well.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write the whole report as JSON.")
def index(where: tuple[str, ...], alias: str | None, models: str | None, *, rebuild: bool, report: Path | None) -> None:
    """Read books and write their pictures, pages and records into Elasticsearch.

    WHERE is a folder of ALTO, scans and METS, a METS file, a IIIF manifest (a URL or a file), or a folder of pictures.
    Running it again writes only what changed.
    """
    settings = _load_settings(alias=alias, models=models)
    path = report or settings.data / "last-report.json"
    _check_writable(path)
    # A retry is no news: what could not be had in the end is in the report.
    stamina.instrumentation.set_on_retry_hooks([])
    try:
        run_report = index_sources(settings, elasticsearch_url(settings), where, rebuild=rebuild)
    except KeyboardInterrupt:
        outcome = (
            "the index stays as it was"
            if rebuild
            else "what was written stays, and the same command goes on from there"
        )
        click.echo(f"frontispiece: stopped; {outcome}", err=True)
        sys.exit(EXIT_INTERRUPTED)
    path.write_text(json.dumps(asdict(run_report), ensure_ascii=False, indent=1), "utf-8")
    print_report(run_report, path)
    if run_report.rejected or (run_report.problems and not (run_report.written or run_report.unchanged)):
        sys.exit(1)


def print_report(report: RunReport, path: Path | None = None) -> None:
    """The report as a person reads it."""
    table = Table(show_header=False, box=None, pad_edge=False)
    rows = {
        "books": report.books,
        "pages": report.pages,
        "pages written": report.pages_written,
        "pictures written": report.written,
        "pictures unchanged": report.unchanged,
        "too small to be a picture": report.too_small,
        "pictures removed": report.removed,
        "pages removed": report.pages_removed,
        "left out": len(report.problems),
        "refused by Elasticsearch": len(report.rejected),
        "warnings": len(report.warnings),
    }
    for name, count in rows.items():
        table.add_row(name, f"{count:,}")
    console.print(table)
    problems = [*report.rejected, *report.problems]
    for problem in problems[:MAX_PROBLEMS_SHOWN]:
        console.print(f"  {problem}", style="yellow", markup=False, highlight=False)
    if path and (len(problems) > MAX_PROBLEMS_SHOWN or report.warnings):
        console.print(f"  all of it: {path}", markup=False, highlight=False)


@commands.command()
@click.argument("books", nargs=-1, required=True, metavar="BOOK...")
@click.option("--alias", callback=_validate_alias, help="The name that is searched.")
@click.option("--yes", is_flag=True, help="Ask nothing.")
def remove(books: tuple[str, ...], alias: str | None, *, yes: bool) -> None:
    """Take books out: the record, its pages, its pictures and their crops.

    BOOK is a book's id, the `book_id` of its pictures.
    """
    settings = _load_settings(alias=alias)
    url = elasticsearch_url(settings)
    with connect(settings, url) as client, translate_errors(url):
        collection = Collection.open_existing(client, settings.alias)
        indexed_books = [IndexedBook.from_collection(collection, book) for book in dict.fromkeys(books)]
        for indexed_book in indexed_books:
            click.echo(str(indexed_book))
        if not yes:
            click.confirm("Remove?", abort=True)
        for indexed_book in indexed_books:
            remove_book(collection, settings.crops_folder, indexed_book.book_id)
            click.echo(f"removed {indexed_book.book_id}")


@commands.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line and file.")
def inspect(paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Show what is seen in ALTO files: pages, unit, words, pictures, warnings."""
    has_failures = False
    for path in inspection.find_files(paths):
        summary = inspection.inspect(path)
        has_failures |= "error" in summary
        click.echo(json.dumps(summary, ensure_ascii=False) if as_json else inspection.describe(summary))
    sys.exit(1 if has_failures else 0)


@commands.command("settings")
def show_settings() -> None:
    """Every setting, its value here, as environment variables."""
    settings = Settings.from_environ()
    for name in Settings.model_fields:
        click.echo(f"{ENV_PREFIX}{name.upper()}={getattr(settings, name)}")
