"""`frontispiece kibana`: copy data views, searches and dashboards from the files to Kibana and back."""

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from core.errors import FrontispieceError
from core.settings import Settings
from indexer.commands.options import alias_option, load_settings
from indexer.kibana import saved_objects
from indexer.kibana.client import connect_to_kibana
from indexer.kibana.saved_objects import ALIAS, OBJECTS, SITE


@click.group()
def kibana() -> None:
    """Manage the Kibana dashboards for librarians."""


def _add_connection_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that `push` and `pull` share."""

    @click.option(
        "--url", envvar="KIBANA_URL", default="http://localhost:5601", show_default=True, help="The address of Kibana."
    )
    @click.option(
        "--user",
        default="elastic",
        show_default=True,
        help="The user to log in as; the password is read from ELASTIC_PASSWORD.",
    )
    @click.option(
        "--site",
        help=f"The public address of Frontispiece, which links lead to; default: the setting public_url, or {SITE}.",
    )
    @alias_option
    @wraps(command)
    def with_options(**options: Any) -> None:
        command(**options)

    return with_options


@kibana.command()
@_add_connection_options
def push(url: str, user: str, site: str | None, alias: str | None) -> None:
    """Import the data views, searches and dashboards into Kibana.

    Objects with the same id are replaced.
    """
    settings = load_settings(alias=alias)
    replacements = {"alias": (ALIAS, settings.alias), "site": (SITE, _public_address(site, settings))}
    objects = [
        saved_objects.replace_alias_and_site(saved_object, **replacements)
        for saved_object in saved_objects.read_objects()
    ]
    with connect_to_kibana(url, user, _password()) as client:
        count = client.import_objects(objects)
    click.echo(f"{count} objects imported; see {url}/app/dashboards")


@kibana.command()
@click.option(
    "--into",
    default=OBJECTS,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write to; default: es-mappings/kibana.",
)
@_add_connection_options
def pull(into: Path, url: str, user: str, site: str | None, alias: str | None) -> None:
    """Export what was changed in Kibana and write it to the files.

    Panels that were added to a dashboard are exported too.
    """
    with connect_to_kibana(url, user, _password()) as client:
        exported = client.export_objects(saved_objects.read_objects())
    settings = load_settings(alias=alias)
    replacements = {"alias": (settings.alias, ALIAS), "site": (_public_address(site, settings), SITE)}
    objects = [saved_objects.replace_alias_and_site(saved_object, **replacements) for saved_object in exported]
    saved_objects.write_objects(objects, into)
    click.echo(f"{len(objects)} objects written to {into}")


@kibana.command()
@click.argument("folder", default=OBJECTS, type=click.Path(exists=True, file_okay=False, path_type=Path))
def check(folder: Path) -> None:
    """Check the files against the index mappings.

    Reports references to missing objects, unknown index patterns, and fields that no mapping defines. Needs no Kibana.
    FOLDER is es-mappings/kibana by default.
    """
    objects = saved_objects.read_objects(folder)
    if problems := saved_objects.describe_problems(objects, saved_objects.mapped_fields()):
        raise FrontispieceError("\n  ".join(["the files refer to things that do not exist:", *problems]))
    click.echo(f"{len(objects)} objects checked, no problems found")


def _public_address(site: str | None, settings: Settings) -> str:
    return (site or settings.public_url or SITE).rstrip("/")


def _password() -> str:
    return os.environ.get("ELASTIC_PASSWORD", "")
