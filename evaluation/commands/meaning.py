"""`frontispiece evaluate meaning`: English words and captions in other languages."""

from functools import partial
from pathlib import Path

import anyio
import click

from evaluation.commands.options import json_option
from evaluation.pictures.inputs import load_meaning_model
from evaluation.relevance.meaning import measure_meaning, read_captions
from evaluation.relevance.meaning_tables import meaning_table, vectors_table
from evaluation.reporting.tables import print_tables
from indexer.elasticsearch.client import elasticsearch_url


@click.command("meaning", short_help="Measure whether English words find foreign captions.")
@click.argument("collections", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def command(collections: tuple[Path, ...], *, as_json: bool) -> None:
    """Measure on judged queries whether English words find captions in other languages.

    COLLECTIONS are files of IIIF collections; the French titles of their manifests are searched besides the captions
    of this package.
    """
    settings, encoder = load_meaning_model()
    captions = read_captions(collections)
    result = anyio.run(partial(measure_meaning, settings, elasticsearch_url(settings), captions, encoder))
    tables = [meaning_table(result), vectors_table(result)]
    print_tables(tables, {"meaning": tables[0].figures(), "vectors": tables[1].figures()}, as_json=as_json)
