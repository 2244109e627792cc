"""`frontispiece evaluate spelling`: today's words and the words that old books print."""

from collections.abc import Iterator
from pathlib import Path

import click

from core.errors import FrontispieceError
from core.words.tokens import tokenise
from evaluation.commands.options import json_option
from evaluation.relevance.spelling import SpellingResult, measure_spelling
from evaluation.relevance.spelling_tables import spelling_table
from evaluation.reporting.tables import print_tables
from indexer.formats.alto.reader import read_pages

MIN_WORD_LENGTH = 3
"""Letters of the shortest word of the texts; shorter ones are mostly pieces that OCR has cut off."""


@click.command("spelling", short_help="Measure how well old and new spelling find each other.")
@click.option(
    "--texts",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of ALTO files: count which of their words come along.",
)
@click.option("--misses", is_flag=True, help="Also list what was not found, and what was found wrongly.")
@json_option
def command(texts: Path | None, *, misses: bool, as_json: bool) -> None:
    """Measure on judged pairs of words how well old and new spelling find each other."""
    vocabulary = read_vocabulary(texts) if texts else frozenset()
    results = measure_spelling(vocabulary)
    table = spelling_table(results, len(vocabulary))
    print_tables([table], table.figures(), as_json=as_json)
    if misses:
        click.echo("\n".join(line for result in results for line in _describe_misses(result)))


def read_vocabulary(folder: Path) -> frozenset[str]:
    """Return the different words of all ALTO files of a folder; files that cannot be read are left out."""
    return frozenset(
        word.text
        for path in sorted(folder.iterdir())
        for text in _read_texts(path)
        for word in tokenise(text)
        if len(word.text) >= MIN_WORD_LENGTH and word.text.isalpha()
    )


def _read_texts(path: Path) -> Iterator[str]:
    if not path.name.endswith((".xml", ".xml.gz")):
        return
    try:
        yield from (page.text for page in read_pages(path))
    except FrontispieceError as error:
        click.echo(f"{error}", err=True)


def _describe_misses(result: SpellingResult) -> Iterator[str]:
    for heading, pairs in (("not found", result.missed), ("found wrongly", result.wrong)):
        if pairs:
            words = ", ".join(f"{pair.typed}/{pair.printed}" for pair in pairs)
            yield f"{result.language}, {result.half}, {heading}: {words}"
