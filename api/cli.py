"""The product's one command: what the indexer can, and `serve`, `demo` and `evaluate`."""

import sys
from pathlib import Path

import click

from api.demo import run_demo
from api.server import run_server
from core.errors import FrontispieceError
from core.settings import Settings
from evaluation.cli import evaluate
from indexer.cli import commands, elasticsearch_url
from indexer.commands.classify import classify
from indexer.commands.families import families

commands.add_command(evaluate)
commands.add_command(classify)
commands.add_command(families)


@commands.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen; 0.0.0.0 is everywhere.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
def serve(host: str, port: int) -> None:
    """Serve the search page and the API."""
    settings = Settings.from_environ()
    run_server(settings, elasticsearch_url(settings), host, port)


@commands.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Or the next free one.")
def demo(folder: Path | None, port: int) -> None:
    """Start a node, index a FOLDER (without it the specimen books) and serve the page; Ctrl-C ends it all."""
    run_demo(Settings.from_environ(), folder, port)


def main() -> None:
    """Runs a command; what goes wrong on purpose is a sentence and exit code 1, not a stack trace."""
    try:
        commands()
    except FrontispieceError as error:
        click.echo(f"frontispiece: {error}", err=True)
        sys.exit(1)
