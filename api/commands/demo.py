"""`frontispiece demo`: a node, books and the search page with one command."""

from pathlib import Path

import click

from core.settings import Settings


@click.command(short_help="Try it: start a node, index the specimen books, and serve.")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Or the next free port.")
def demo(folder: Path | None, port: int) -> None:
    """Start a node, index a FOLDER (by default the specimen books) and serve the page; Ctrl-C stops everything."""
    from api.demo import run_demo  # noqa: PLC0415 - other commands start without the service

    run_demo(Settings.from_environ(), folder, port)
