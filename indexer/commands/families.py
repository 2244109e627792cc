"""`frontispiece families`: copies and states of one print, found, shown, and put right by hand."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from heapq import nlargest

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from core.settings import Settings
from indexer.cli import elasticsearch_url
from indexer.elasticsearch.family_decisions import Decisions
from indexer.elasticsearch.family_pictures import Collection
from indexer.elasticsearch.index import connect, explained
from indexer.families.run import Families, Found

console = Console(stderr=True, soft_wrap=True)

UNREADABLE_SHOWN = 5

by_option = click.option("--by", required=True, metavar="NAME", help="Who decides: kept with the decision.")
json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


@contextmanager
def _families() -> Iterator[Families]:
    settings = Settings.from_environ()
    url = elasticsearch_url(settings)
    with connect(settings, url) as client, explained(url):
        collection, decisions = Collection(client, settings.alias), Decisions(client, settings.alias)
        yield Families(collection, decisions, settings.crops)


@click.group(invoke_without_command=True)
@click.option("--all", "everything", is_flag=True, help="Look at every picture again, not only at the new ones.")
@click.option("--dry-run", is_flag=True, help="Say what would change and write nothing.")
@json_option
@click.pass_context
def families(context: click.Context, *, everything: bool, dry_run: bool, as_json: bool) -> None:
    """Find the pictures that are copies, reprints or states of one print.

    Looks at the pictures that are new since the last time. What people decided with `split` and `merge` stays.
    """
    if context.invoked_subcommand:
        return
    with _families() as found, _bar() as bar:
        task = bar.add_task("looking for copies", total=found.to_do(everything=everything))
        done = found.update(everything=everything, dry_run=dry_run, advance=lambda count: bar.advance(task, count))
    _show(done, dry_run=dry_run, as_json=as_json)


@families.command()
@click.argument("picture")
@by_option
@json_option
def split(picture: str, by: str, *, as_json: bool) -> None:
    """Take a picture out of its family; no later run puts it back."""
    with _families() as found:
        _show(found.split(picture, by), as_json=as_json)


@families.command()
@click.argument("pictures", nargs=-1, required=True, metavar="PICTURE PICTURE...")
@by_option
@json_option
def merge(pictures: tuple[str, ...], by: str, *, as_json: bool) -> None:
    """Make one family of these pictures and of the families that they are in; no later run takes it apart."""
    with _families() as found:
        _show(found.merge(pictures, by), as_json=as_json)


@families.command()
@click.argument("picture")
@json_option
def show(picture: str, *, as_json: bool) -> None:
    """A picture's family, the oldest first."""
    with _families() as found:
        members = found.of(picture)
    if as_json:
        rows = [
            {"id": id_, "title": fact.title, "year": fact.year, "family": fact.family or None}
            for id_, fact in members.items()
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for id_, fact in members.items():
        tier = fact.family.get("tier", "no family")
        click.echo(f"{fact.year or '?'}  {tier}  {id_}  {fact.title}")


@families.command("list")
@click.option("--size", default=50, show_default=True, type=click.IntRange(1, 100_000), help="How many of the largest.")
@json_option
def listed(size: int, *, as_json: bool) -> None:
    """The largest families: size and id, which `/api/search?family=ID` takes."""
    with _families() as found:
        largest = nlargest(size, ((count, name) for name, count in found.all()))
    if as_json:
        click.echo(json.dumps([{"id": name, "size": count} for count, name in largest]))
        return
    for count, name in largest:
        click.echo(f"{count:>7,}  {name}")


def _show(found: Found, *, as_json: bool, dry_run: bool = False) -> None:
    if as_json:
        click.echo(json.dumps({**asdict(found), "dry_run": dry_run}, ensure_ascii=False))
        return
    table = Table(show_header=False, box=None, pad_edge=False)
    rows = {
        "judged by": found.judged_by,
        "pictures looked at": f"{found.looked_at:,}",
        "of these flat or a line": f"{found.flat:,}",
        "of these without a crop here": f"{len(found.unreadable):,}",
        "pairs of exact copies": f"{found.exact_pairs:,}",
        "pairs of near copies": f"{found.near_pairs:,}",
        "families looked at": f"{found.families:,}, of {found.pictures:,} pictures",
        "pictures that would change" if dry_run else "pictures changed": f"{found.changed:,}",
    }
    for name, value in rows.items():
        table.add_row(name, value)
    console.print(table)
    for picture in found.unreadable[:UNREADABLE_SHOWN]:
        console.print(f"  no crop of {picture}", style="yellow", markup=False, highlight=False)


def _bar() -> Progress:
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console)
