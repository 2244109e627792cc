"""`frontispiece index --clean`, `--repair` and `--merge`: put in order what runs have left in Elasticsearch."""

from collections.abc import Callable

import click

from core.console import print_message, print_warning
from core.errors import FrontispieceError
from core.settings import Settings
from indexer.elasticsearch.client import ElasticsearchClient, open_client
from indexer.elasticsearch.collection import Collection
from indexer.elasticsearch.lease import WhenHeld, hold_lease
from indexer.elasticsearch.maintenance import delete_orphans, find_alias_faults, find_orphans, repair_alias
from indexer.elasticsearch.rebuilding import discard_rebuild, unfinished_rebuild
from indexer.elasticsearch.segments import describe_unfinished_merge, merge_segments


def clean_collection(settings: Settings, *, fresh: bool, yes: bool, when_held: WhenHeld) -> None:
    """Delete the indices that no alias names, and with `fresh` those of an unfinished rebuild; ask first."""
    alias = settings.alias
    with (
        open_client(settings) as client,
        hold_lease(client, alias, "frontispiece index --clean", when_held=when_held, warn=print_warning) as lease,
    ):
        orphans, rebuild = find_orphans(client, alias), unfinished_rebuild(client, alias)
        for orphan in orphans:
            click.echo(f"{orphan.name}: {orphan.documents:,} documents; {orphan.reason}")
        if rebuild:
            advice = "" if fresh else "; `frontispiece index --rebuild` continues it, `--clean --fresh` deletes it"
            click.echo(f"{rebuild}{advice}")
        if not orphans and not (rebuild and fresh):
            click.echo(f"nothing to delete: every index of the collection {alias} is in use")
            return
        if not yes:
            click.confirm("Delete?", abort=True)
        lease.confirm()
        delete_orphans(client, orphans)
        deleted_names = [orphan.name for orphan in orphans] + (discard_rebuild(client, alias) if fresh else [])
        click.echo(f"deleted {', '.join(deleted_names)}")


def repair_collection(settings: Settings, *, yes: bool, when_held: WhenHeld) -> None:
    """Let each alias that names several indices name one of them; ask first."""
    alias = settings.alias
    with (
        open_client(settings) as client,
        hold_lease(client, alias, "frontispiece index --repair", when_held=when_held, warn=print_warning) as lease,
    ):
        _repair_aliases(client, alias, yes=yes, confirm_lease=lease.confirm)


def merge_collection(settings: Settings, *, when_held: WhenHeld) -> None:
    """Merge the segments of the indices that are searched."""
    alias = settings.alias
    with (
        open_client(settings) as client,
        hold_lease(client, alias, "frontispiece index --merge", when_held=when_held, warn=print_warning) as lease,
    ):
        collection = Collection.open_existing(client, alias)
        before, after = merge_segments(client, collection, check_lease=lease.check, report=print_message)
    if after > 1:
        raise FrontispieceError(describe_unfinished_merge(after))
    if before > 1:
        click.echo(f"merged: a shard had up to {before:,} segments, and each has one now")
    else:
        click.echo("nothing to merge: each shard has one segment")


def _repair_aliases(client: ElasticsearchClient, alias: str, *, yes: bool, confirm_lease: Callable[[], None]) -> None:
    faults = find_alias_faults(client, alias)
    if not faults:
        click.echo(f"nothing to repair: no alias of the collection {alias} names several indices")
        return
    for fault in faults:
        contents = ", ".join(f"{name} ({count:,} documents)" for name, count in fault.documents.items())
        click.echo(f"{fault.alias} names {contents}: it will name {fault.kept}")
    if not yes:
        click.confirm("Repair?", abort=True)
    confirm_lease()
    for fault in faults:
        repair_alias(client, fault)
    click.echo(
        "repaired; now run `frontispiece index` over all your books, which adds what only the other indices have, "
        "and `frontispiece index --clean`, which deletes those"
    )
