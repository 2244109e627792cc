"""Commands that this installation lacks packages for: they say so in one sentence."""

import importlib

import click

from core.errors import FrontispieceError

OWN_PACKAGES = ("core", "indexer", "api")


def load_command(module_name: str, name: str) -> click.Command:
    """Return the command `name` of a module, or one that says which package is missing."""
    try:
        command: click.Command = getattr(importlib.import_module(module_name), name)
    except ModuleNotFoundError as error:
        return missing_command(name, describe_missing_package(name, error))
    return command


def describe_missing_package(command_name: str, error: ModuleNotFoundError) -> str:
    """Return the sentence for a command that needs a missing package; raise the error if the module is ours."""
    package = (error.name or "").partition(".")[0]
    if package in ("", *OWN_PACKAGES):
        raise error
    return (
        f"`{command_name}` needs the package {package}, which is not installed. The image of the service leaves out "
        f"what only the indexer needs; with docker use `docker compose run --rm indexer {command_name} …`"
    )


def missing_command(name: str, sentence: str) -> click.Command:
    """Return a command that takes whatever the real one takes, and raises FrontispieceError with the sentence."""

    @click.command(
        name,
        context_settings={"ignore_unknown_options": True},
        add_help_option=False,
        short_help=f"Not installed; `{name}` says why.",
    )
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    def command(arguments: tuple[str, ...]) -> None:  # noqa: ARG001 (it takes what the real command takes)
        raise FrontispieceError(sentence)

    return command
