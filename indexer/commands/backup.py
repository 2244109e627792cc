"""`frontispiece backup` and `frontispiece restore`: a collection goes into a folder and a snapshot, and back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from core.console import print_message, print_warning
from indexer.backup.folder import BackupFolder
from indexer.backup.operations import back_up, restore
from indexer.commands.options import alias_option, lease_options, load_settings, read_password, read_when_held
from indexer.elasticsearch.client import Credentials, open_client
from indexer.elasticsearch.lease import hold_lease
from indexer.elasticsearch.snapshots import REPOSITORY, count_documents

folder_type = click.Path(file_okay=False, path_type=Path)


def _snapshot_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that name the repository and the user."""
    repository = click.option("--repository", default=REPOSITORY, show_default=True, help="The snapshot repository.")
    user = click.option("--user", help="A user who may manage snapshots, such as `elastic`, in place of the API key.")
    return repository(user(command))


@click.command(short_help="Back up the indices, the crops and the settings.")
@click.argument("folder", type=folder_type)
@_snapshot_options
@alias_option
@lease_options
def backup(folder: Path, *, repository: str, user: str | None, alias: str | None, wait: bool, take_over: bool) -> None:
    """Take a snapshot of the indices, and copy the crops and the settings into FOLDER.

    The snapshot has the pictures, pages and books with their aliases, labels and vectors, decisions about families and
    the records of runs. Of an embedded node it is copied into FOLDER; a cluster keeps it in the repository that
    `frontispiece setup --snapshots` has registered. A second backup into the same folder copies what is new.

    With --user, the password is read from ELASTIC_PASSWORD. Secrets are not in the backup.
    """
    settings, when_held = load_settings(alias=alias), read_when_held(wait=wait, take_over=take_over)
    with (
        open_client(settings, _read_credentials(user)) as client,
        hold_lease(client, settings.alias, "frontispiece backup", when_held=when_held, warn=print_warning),
    ):
        record = back_up(client, settings, BackupFolder(folder), repository_name=repository, say=print_message)
    contents = ", ".join(f"{name} ({count:,} documents)" for name, count in record.documents.items())
    click.echo(f"snapshot {record.snapshot}: {contents}; {record.crops:,} files of crops in {folder}")


@click.command("restore", short_help="Restore a collection from a backup or a snapshot.")
@click.argument("folder", type=folder_type, required=False)
@click.option("--snapshot", default="", help="The snapshot; the default is that of FOLDER, else the newest.")
@_snapshot_options
@alias_option
@lease_options
def restore_command(
    folder: Path | None,
    *,
    snapshot: str,
    repository: str,
    user: str | None,
    alias: str | None,
    wait: bool,
    take_over: bool,
) -> None:
    """Restore a collection into a cluster that has none of its indices, and copy the crops of FOLDER back.

    Without FOLDER it restores the indices alone, for example from a snapshot that the cluster takes every night.

    With --user, the password is read from ELASTIC_PASSWORD.
    """
    settings, when_held = load_settings(alias=alias), read_when_held(wait=wait, take_over=take_over)
    backup_folder = BackupFolder(folder) if folder else None
    with (
        open_client(settings, _read_credentials(user)) as client,
        hold_lease(client, settings.alias, "frontispiece restore", when_held=when_held, warn=print_warning),
    ):
        restored = restore(
            client, settings, backup_folder, repository_name=repository, snapshot_name=snapshot, say=print_message
        )
        contents = count_documents(client, restored.indices)
    click.echo(f"restored {', '.join(f'{name} ({count:,} documents)' for name, count in contents.items())}")


def _read_credentials(user: str | None) -> Credentials | None:
    return (user, read_password(user)) if user else None
