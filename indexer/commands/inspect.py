"""`frontispiece inspect`: show what the readers of OCR find in files."""

import json
import sys
from pathlib import Path

import click

from indexer.formats import inspection


@click.command(short_help="Show what files of ALTO, PAGE-XML and hOCR contain.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per file, each on its own line.")
def inspect(paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Show what files of ALTO, PAGE-XML and hOCR contain: pages, unit, words, pictures, warnings."""
    has_failures = False
    for path in inspection.find_files(paths):
        summary = inspection.inspect(path)
        has_failures |= "error" in summary
        click.echo(json.dumps(summary, ensure_ascii=False) if as_json else inspection.describe(summary))
    sys.exit(1 if has_failures else 0)
