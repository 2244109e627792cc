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
from core.missing_commands import describe_missing_package, missing_command
from indexer import cli as indexer_cli

COMMANDS = (serve, demo)


@click.group()
@click.version_option(package_name="frontispiece", prog_name="frontispiece", message="%(prog)s %(version)s")
def commands() -> None:
    """Frontispiece finds the pictures in digitised books."""


def evaluation_commands() -> tuple[click.Command, ...]:
    """Return the commands of the package `evaluation`, which the service's image leaves out."""
    if importlib.util.find_spec("evaluation") is None:
        return (missing_command("evaluate", "`evaluate` is not installed: pip install 'frontispiece[evaluation]'"),)
    evaluation_cli = importlib.import_module("evaluation.cli")
    return tuple(evaluation_cli.COMMANDS)


for command in (*indexer_cli.COMMANDS, *COMMANDS, *evaluation_commands()):
    commands.add_command(command)


def main() -> None:
    """Run a command; an expected error prints one sentence and ends with exit code 1."""
    try:
        commands()
    except FrontispieceError as error:
        sentence = str(error)
    except ModuleNotFoundError as error:
        sentence = describe_missing_package(" ".join(sys.argv[1:2]), error)
    else:
        return
    click.echo(f"frontispiece: {sentence}", err=True)
    sys.exit(1)
