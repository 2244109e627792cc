"""The command `frontispiece`: it mounts the commands of every package.

Each package lists its commands in a tuple `COMMANDS`, and each command is a module of its folder `commands/`.
"""

import importlib
import importlib.util
import sys

import click

from api.commands.demo import demo
from api.commands.serve import serve
from core.errors import FrontispieceError
from indexer import cli as indexer_cli

COMMANDS = (serve, demo)


@click.group()
def commands() -> None:
    """Frontispiece finds the pictures in digitised books."""


@click.command(context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def evaluate(arguments: tuple[str, ...]) -> None:  # noqa: ARG001 (it takes what the real command takes)
    """Measure how well pictures are found and labelled (not installed)."""
    raise FrontispieceError("`evaluate` is not installed: pip install 'frontispiece[evaluation]'")


def evaluation_commands() -> tuple[click.Command, ...]:
    """Return the commands of the package `evaluation`, which the service's image leaves out."""
    if importlib.util.find_spec("evaluation") is None:
        return (evaluate,)
    evaluation_cli = importlib.import_module("evaluation.cli")
    return tuple(evaluation_cli.COMMANDS)


for command in (*indexer_cli.COMMANDS, *COMMANDS, *evaluation_commands()):
    commands.add_command(command)


def main() -> None:
    """Run a command; an expected error prints one sentence and ends with exit code 1."""
    try:
        commands()
    except FrontispieceError as error:
        click.echo(f"frontispiece: {error}", err=True)
        sys.exit(1)
