"""`frontispiece families`: copies and states of one print, found, shown, and put right by hand."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from heapq import nlargest

import click
from rich.table import Table

from core.console import console, create_progress_bar, print_warning
from core.settings import Settings
from indexer.elasticsearch.client import open_client
from indexer.elasticsearch.family_decisions import FamilyDecisions
from indexer.elasticsearch.family_pictures import FamilyPictures
from indexer.families.run import Families, FamilyReport

MAX_UNREADABLE_SHOWN = 5

by_option = click.option("--by", required=True, metavar="NAME", help="Who decides: kept with the decision.")
json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


@contextmanager
def _open_families() -> Iterator[Families]:
    settings = Settings.from_environ()
    with open_client(settings) as client:
        pictures, decisions = FamilyPictures(client, settings.alias), FamilyDecisions(client, settings.alias)
        yield Families(pictures, decisions, settings.crops_folder)


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
    with _open_families() as family_index, create_progress_bar() as bar:
        task = bar.add_task("looking for copies", total=family_index.count_pending(everything=everything))
        report = family_index.update(
            everything=everything, dry_run=dry_run, advance=lambda count: bar.advance(task, count)
        )
    _print_report(report, dry_run=dry_run, as_json=as_json)


@families.command()
@click.argument("picture")
@by_option
@json_option
def split(picture: str, by: str, *, as_json: bool) -> None:
    """Take a picture out of its family; no later run puts it back."""
    with _open_families() as family_index:
        _print_report(family_index.split(picture, by), as_json=as_json)


@families.command()
@click.argument("pictures", nargs=-1, required=True, metavar="PICTURE PICTURE...")
@by_option
@json_option
def merge(pictures: tuple[str, ...], by: str, *, as_json: bool) -> None:
    """Make one family of these pictures and of the families that they are in; no later run takes it apart."""
    with _open_families() as family_index:
        _print_report(family_index.merge(pictures, by), as_json=as_json)


@families.command()
@click.argument("picture")
@json_option
def show(picture: str, *, as_json: bool) -> None:
    """A picture's family, the oldest first."""
    with _open_families() as family_index:
        members = family_index.read_members(picture)
    if as_json:
        rows = [
            {"id": id_, "title": member.title, "year": member.year, "family": member.family or None}
            for id_, member in members.items()
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for id_, member in members.items():
        tier = member.family.get("tier", "no family")
        click.echo(f"{member.year or '?'}  {tier}  {id_}  {member.title}")


@families.command("list")
@click.option("--size", default=50, show_default=True, type=click.IntRange(1, 100_000), help="How many of the largest.")
@json_option
def list_families(size: int, *, as_json: bool) -> None:
    """The largest families: size and id, which `/api/search?family=ID` takes."""
    with _open_families() as family_index:
        largest = nlargest(size, ((count, family_id) for family_id, count in family_index.family_sizes()))
    if as_json:
        click.echo(json.dumps([{"id": family_id, "size": count} for count, family_id in largest]))
        return
    for count, family_id in largest:
        click.echo(f"{count:>7,}  {family_id}")


def _print_report(report: FamilyReport, *, as_json: bool, dry_run: bool = False) -> None:
    if as_json:
        click.echo(json.dumps({**asdict(report), "dry_run": dry_run}, ensure_ascii=False))
        return
    table = Table(show_header=False, box=None, pad_edge=False)
    rows = {
        "judged by": report.judged_by,
        "pictures looked at": f"{report.looked_at:,}",
        "of these flat or a line": f"{report.flat:,}",
        "of these without a crop here": f"{len(report.unreadable):,}",
        "pairs of exact copies": f"{report.exact_pairs:,}",
        "pairs of near copies": f"{report.near_pairs:,}",
        "families looked at": f"{report.families:,}, of {report.pictures:,} pictures",
        "pictures that would change" if dry_run else "pictures changed": f"{report.changed:,}",
    }
    for name, value in rows.items():
        table.add_row(name, value)
    console.print(table)
    for picture in report.unreadable[:MAX_UNREADABLE_SHOWN]:
        print_warning(f"  no crop of {picture}")
