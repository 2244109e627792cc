"""`frontispiece status`: what Elasticsearch has of a collection, and who writes into it."""

import json
from dataclasses import asdict

import click

from indexer.commands.options import alias_option, load_settings
from indexer.elasticsearch.client import open_client
from indexer.elasticsearch.status import CollectionStatus, VersionStatus, read_status


@click.command(short_help="Show the versions of a collection and the run that writes.")
@alias_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(alias: str | None, *, as_json: bool) -> None:
    """Show the versions of a collection, how many pictures each model has encoded, and the run that writes."""
    settings = load_settings(alias=alias)
    with open_client(settings) as client:
        collection_status = read_status(client, settings.alias)
    if as_json:
        click.echo(json.dumps(asdict(collection_status), ensure_ascii=False))
        return
    for line in describe_status(collection_status):
        click.echo(line)


def describe_status(collection_status: CollectionStatus) -> list[str]:
    """Return the state of a collection as lines for the terminal."""
    current, orphans = collection_status.current, collection_status.orphans
    lines = describe_version("searched", current) if current else ["there is no index yet"]
    if collection_status.next:
        lines += [*describe_version("next", collection_status.next), f"  {collection_status.rebuild}"]
    if collection_status.previous:
        lines += describe_version("previous", collection_status.previous)
    lines.append(f"written by {collection_status.writer}" if collection_status.writer else "no run writes into it")
    if orphans:
        lines.append(f"{', '.join(orphans)}: not in use, see `frontispiece index --clean`")
    return lines


def describe_version(role: str, version: VersionStatus) -> list[str]:
    """Return a version of a collection as lines, one for each model."""
    counts = ", ".join(f"{count:,} {kind}" for kind, count in version.documents.items())
    lines = [f"{role}: {version.indices.get('pictures', version.alias)}, with {counts}"]
    for model, coverage in version.models.items():
        lines.append(f"  {model}: {coverage.pictures:,} pictures, {coverage.share:.1%} ({coverage.revision})")
    return lines
