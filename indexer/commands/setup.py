"""`frontispiece setup`: prepare a cluster; a second run changes nothing."""

import os
from pathlib import Path

import click

from core.errors import FrontispieceError
from indexer.commands.options import alias_option, load_settings, read_password
from indexer.setup.client import connect_as_administrator
from indexer.setup.cluster_resources import KEY_OWNERS, cluster_resources, dev_tools_requests


@click.command(short_help="Prepare a cluster: templates, roles, keys and snapshots.")
@click.option("--dry-run", is_flag=True, help="Print the requests in the format of Kibana's Dev Tools; send nothing.")
@alias_option
@click.option(
    "--keys",
    type=click.Path(file_okay=False, path_type=Path),
    help="Create API keys in FOLDER/api/key and FOLDER/indexer/key, readable only by their owner.",
    metavar="FOLDER",
)
@click.option("--user", default="elastic", show_default=True, help="A user who may create roles and API keys.")
@click.option(
    "--snapshots",
    default="",
    metavar="FOLDER",
    help="Take a snapshot every night into this folder, which must be in `path.repo` of every node.",
)
@click.option(
    "--shards", default=1, show_default=True, type=click.IntRange(1, 1024), help="Primary shards of each index."
)
@click.option("--replicas", default=0, show_default=True, type=click.IntRange(0, 20), help="Replicas of each shard.")
def setup(
    *, dry_run: bool, alias: str | None, keys: Path | None, user: str, snapshots: str, shards: int, replicas: int
) -> None:
    """Prepare a cluster: index templates, roles, API keys and snapshots.

    Running it again changes only what differs.

    Passwords are read from the environment. ELASTIC_PASSWORD is the password of --user. If LIBRARIAN_PASSWORD is set,
    a user `librarian` is created with it. If KIBANA_PASSWORD is set, it becomes the password of Kibana's own user.
    """
    settings = load_settings(alias=alias)
    librarian = os.environ.get("LIBRARIAN_PASSWORD", "")
    resources = cluster_resources(
        settings.alias, shards=shards, replicas=replicas, snapshots=snapshots, librarian=librarian
    )
    if dry_run:
        click.echo("\n\n".join(dev_tools_requests(resources, settings.alias)))
        return
    if not settings.elasticsearch_url:
        raise FrontispieceError("set FRONTISPIECE_ELASTICSEARCH_URL; the embedded node needs no setup")
    with connect_as_administrator(settings, user, read_password(user), click.echo) as administrator:
        for resource in resources:
            administrator.ensure_resource(resource)
        if password := os.environ.get("KIBANA_PASSWORD"):
            administrator.set_kibana_password(password)
        if keys:
            for owner in KEY_OWNERS:
                administrator.ensure_key(owner, settings.alias, keys)
    click.echo(_next_step(keys))


def _next_step(keys: Path | None) -> str:
    if keys is None:
        return "next: run the same command with --keys FOLDER to create the API keys"
    return (
        f"next: FRONTISPIECE_ELASTICSEARCH_API_KEY=$(cat {keys}/indexer/key) frontispiece index BOOKS, "
        f"and FRONTISPIECE_ELASTICSEARCH_API_KEY=$(cat {keys}/api/key) frontispiece serve"
    )
