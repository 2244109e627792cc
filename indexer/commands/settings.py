"""`frontispiece settings`: list the settings and their values."""

import click

from core.addresses import strip_credentials
from core.settings import ENV_PREFIX, Settings


@click.command("settings", short_help="List every setting with its value; secrets are hidden.")
def show_settings() -> None:
    """List every setting with its current value, as environment variables; secrets are hidden."""
    settings = Settings.from_environ()
    for name in Settings.model_fields:
        click.echo(f"{ENV_PREFIX}{name.upper()}={strip_credentials(str(getattr(settings, name)))}")
