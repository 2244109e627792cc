"""Options that several commands share, and the settings that result from them."""

import re

import click

from core.settings import ALIAS_PATTERN, Settings


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


def load_settings(**overrides: str | None) -> Settings:
    """Return the settings of the environment, with the options of the command line in their place."""
    return Settings.from_environ().model_copy(update={name: value for name, value in overrides.items() if value})
