"""`frontispiece evaluate study`: make a blind sheet for people, and read what they answered."""

from pathlib import Path
from typing import Any

import anyio
import click

from core.errors import FrontispieceError
from core.settings import Settings
from evaluation.commands.options import json_option
from evaluation.pictures.transformations import SEED
from evaluation.relevance.search_session import open_session
from evaluation.reporting.tables import print_tables
from evaluation.study.items import StudyKey
from evaluation.study.judgements import read_judgements
from evaluation.study.results import tables
from evaluation.study.sampling import StudySize, draw_study
from evaluation.study.sheet import render_sheet
from indexer.elasticsearch.client import elasticsearch_url
from indexer.formats.tables import read_text

SHEET_FILE, KEY_FILE = "sheet.html", "key.json"
DEFAULT_SIZE = StudySize()
existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("study", invoke_without_command=True, short_help="Make a blind sheet of results for judges.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("study"),
    show_default=True,
    help=f"The folder for {SHEET_FILE}, which judges get, and {KEY_FILE}, which they must not see.",
)
@click.option("--alias", default="", help="The collection to ask about; the default is that of the settings.")
@click.option(
    "--language", default="en", show_default=True, help="The language of the sheet: en, nb, nn, or that of a catalogue."
)
@click.option(
    "--left-out",
    default=DEFAULT_SIZE.left_out,
    show_default=True,
    type=click.IntRange(0, 1000),
    help="Pictures that are hidden or left out as decoration.",
)
@click.option(
    "--shown",
    default=DEFAULT_SIZE.shown,
    show_default=True,
    type=click.IntRange(0, 1000),
    help="Pictures that nothing hides, mixed in.",
)
@click.option(
    "--query-count",
    default=DEFAULT_SIZE.queries,
    show_default=True,
    type=click.IntRange(0, 100),
    help="Queries: half words, half pictures.",
)
@click.option(
    "--results",
    default=DEFAULT_SIZE.results,
    show_default=True,
    type=click.IntRange(1, 50),
    help="Results of each query.",
)
@click.option(
    "--queries",
    "queries_file",
    type=existing_file,
    help="A file with one query of words on each line, in place of words of captions.",
)
@click.option("--seed", default=SEED, show_default=True, help="The seed of the sample and its order.")
@click.pass_context
def command(
    context: click.Context,
    /,
    *,
    out: Path,
    alias: str,
    language: str,
    queries_file: Path | None,
    seed: int,
    **counts: Any,
) -> None:
    """Make a blind sheet of pictures that readers do not see, and of search results.

    Without a subcommand, writes an HTML file that works without a network and a key. Give the file to judges; they
    send back files that `read` compares with the key.
    """
    if context.invoked_subcommand:
        return
    settings = Settings.from_environ()
    if alias:
        settings = settings.model_copy(update={"alias": alias})
    size = StudySize(
        left_out=counts["left_out"], shown=counts["shown"], queries=counts["query_count"], results=counts["results"]
    )
    query_texts = [line.strip() for line in read_text(queries_file).splitlines()] if queries_file else []
    key = anyio.run(_draw, settings, size, [text for text in query_texts if text], seed)
    sheet = render_sheet(key, settings.crops_folder, language)
    _write(out / SHEET_FILE, sheet)
    _write(out / KEY_FILE, key.to_json())
    click.echo(
        f"{out / SHEET_FILE}: {len(key.items)} questions, {len(sheet.encode()) / 1e6:.1f} MB; give it to the judges\n"
        f"{out / KEY_FILE}: the key; keep it, and read the answers with\n"
        f"  frontispiece evaluate study read {out / KEY_FILE} judgements-{key.sheet}-*.json"
    )


@command.command("read", short_help="Say from the judges' files what scholars would have lost.")
@click.argument("key_file", type=existing_file)
@click.argument("judgement_files", nargs=-1, required=True, type=existing_file)
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="Also write the tables to this Markdown file."
)
@json_option
def read(key_file: Path, judgement_files: tuple[Path, ...], report: Path | None, *, as_json: bool) -> None:
    """Say what scholars would have lost, how good results are, and whether judges agree.

    KEY_FILE is the key of the sheet, JUDGEMENT_FILES what the judges saved, JSON or CSV.
    """
    key = StudyKey.read(key_file)
    answers = read_judgements(judgement_files, key)
    answer_count = sum(len(judgements) for judgements in answers.values())
    judges = "1 judge" if len(answers) == 1 else f"{len(answers)} judges"
    summary = f"{answer_count} answers of {judges} to {len(key.items)} questions."
    result_tables = tables(key, answers)
    click.echo(f"{summary}\n")
    print_tables(result_tables, {"tables": [table.figures() for table in result_tables]}, as_json=as_json)
    if report:
        _write(
            report,
            "\n\n".join([f"# Study {key.sheet}", summary, *(table.markdown() for table in result_tables)]) + "\n",
        )


async def _draw(settings: Settings, size: StudySize, query_texts: list[str], seed: int) -> StudyKey:
    async with open_session(settings, elasticsearch_url(settings)) as session:
        return await draw_study(session, size, query_texts, seed)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    except OSError as error:
        raise FrontispieceError(f"{path} cannot be written: {error.strerror or error}") from error
