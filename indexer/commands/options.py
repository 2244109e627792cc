"""Options that several commands share, and the settings that result from them."""

import os
import re
import sys
from collections.abc import Callable
from typing import Any

import click

from core.errors import FrontispieceError
from core.settings import ALIAS_PATTERN, Settings
from indexer.elasticsearch.lease import WhenHeld


def validate_alias(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """Refuse an alias that Elasticsearch would refuse."""
    if value is not None and not re.fullmatch(ALIAS_PATTERN, value):
        raise click.BadParameter(
            "use up to 100 lower-case letters, digits, - and _; the first must be a letter or a digit"
        )
    return value


alias_option = click.option(
    "--alias", callback=validate_alias, help="The alias of the collection; the default is that of the settings."
)


def lease_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options `--wait` and `--take-over`, which `read_when_held` reads."""
    wait = click.option("--wait", is_flag=True, help="If another run writes into the collection, wait until it ends.")
    take_over = click.option(
        "--take-over", is_flag=True, help="If another run writes into the collection, stop it and take its place."
    )
    return wait(take_over(command))


def read_when_held(*, wait: bool, take_over: bool) -> WhenHeld:
    """Return what the options of `lease_options` say about another run."""
    if wait and take_over:
        raise click.UsageError("--wait waits for the other run and --take-over stops it: give one of them")
    return "wait" if wait else "take over" if take_over else "refuse"


def load_settings(**overrides: str | None) -> Settings:
    """Return the settings of the environment, with the options of the command line in their place."""
    return Settings.from_environ().model_copy(update={name: value for name, value in overrides.items() if value})


def read_password(user: str) -> str:
    """Return the password of a user from the environment, else from the terminal."""
    if password := os.environ.get("ELASTIC_PASSWORD"):
        return password
    if not sys.stdin.isatty():
        raise FrontispieceError("ELASTIC_PASSWORD is not set, and there is no terminal to ask for it")
    return str(click.prompt(f"Password of {user}", hide_input=True, err=True))
