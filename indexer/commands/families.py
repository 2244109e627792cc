"""`frontispiece families`: find copies and states of one print, show them, and correct them by hand."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from heapq import nlargest

import click
from rich.table import Table

from core.console import console, create_progress_bar, print_warning
from core.crop_stores import open_crop_store
from core.settings import Settings
from indexer.elasticsearch.client import open_client
from indexer.elasticsearch.family_decisions import FamilyDecisions
from indexer.elasticsearch.family_pictures import FamilyPictures
from indexer.families.run import Families, FamilyReport

MAX_UNREADABLE_SHOWN = 5

by_option = click.option("--by", required=True, metavar="NAME", help="Your name, which is stored with the decision.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@contextmanager
def open_families(settings: Settings | None = None) -> Iterator[Families]:
    """Yield the families of the collection that the settings name, by default those of the environment."""
    settings = settings or Settings.from_environ()
    with open_client(settings) as client:
        pictures, decisions = FamilyPictures(client, settings.alias), FamilyDecisions(client, settings.alias)
        yield Families(pictures, decisions, open_crop_store(settings))


def update_families(family_index: Families, *, everything: bool = False, dry_run: bool = False) -> FamilyReport:
    """Search for copies of the new pictures, or of all, and show how far the search is."""
    with create_progress_bar("pictures") as bar:
        task = bar.add_task("searching for copies", total=family_index.count_pending(everything=everything))
        return family_index.update(
            everything=everything, dry_run=dry_run, advance=lambda count: bar.advance(task, count)
        )


@click.group(invoke_without_command=True)
@click.option("--all", "everything", is_flag=True, help="Search for copies of every picture, not only of new ones.")
@click.option("--dry-run", is_flag=True, help="Print what would change, and write nothing.")
@json_option
@click.pass_context
def families(context: click.Context, *, everything: bool, dry_run: bool, as_json: bool) -> None:
    """Find families: the copies, reprints and states of one print.

    Without a subcommand, searches for copies of the pictures that were added since the last run. Decisions that people
    made with `split` and `merge` are kept.
    """
    if context.invoked_subcommand:
        return
    with open_families() as family_index:
        report = update_families(family_index, everything=everything, dry_run=dry_run)
    _print_report(report, dry_run=dry_run, as_json=as_json)


@families.command()
@click.argument("picture")
@by_option
@json_option
def split(picture: str, by: str, *, as_json: bool) -> None:
    """Take PICTURE out of its family; no later run puts it back."""
    with open_families() as family_index:
        _print_report(family_index.split(picture, by), as_json=as_json)


@families.command()
@click.argument("pictures", nargs=-1, required=True, metavar="PICTURE PICTURE...")
@by_option
@json_option
def merge(pictures: tuple[str, ...], by: str, *, as_json: bool) -> None:
    """Merge pictures, and the families that they are in, into one family.

    No later run takes it apart.
    """
    with open_families() as family_index:
        _print_report(family_index.merge(pictures, by), as_json=as_json)


@families.command()
@click.argument("picture")
@json_option
def show(picture: str, *, as_json: bool) -> None:
    """Show the family of PICTURE, the oldest member first."""
    with open_families() as family_index:
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
@click.option(
    "--size", default=50, show_default=True, type=click.IntRange(1, 100_000), help="How many families to list."
)
@json_option
def list_families(size: int, *, as_json: bool) -> None:
    """List the largest families with their sizes and ids.

    `/api/search?family=ID` returns the pictures of a family.
    """
    with open_families() as family_index:
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
        "method": report.detected_by,
        "pictures searched": f"{report.searched_count:,}",
        "without enough detail": f"{report.flat_count:,}",
        "without a crop on this machine": f"{len(report.unreadable_ids):,}",
        "pairs of exact copies": f"{report.exact_pairs:,}",
        "pairs of near copies": f"{report.near_pairs:,}",
        "families checked": f"{report.family_count:,}, with {report.picture_count:,} pictures",
        "pictures that would change" if dry_run else "pictures changed": f"{report.changed_count:,}",
    }
    for name, value in rows.items():
        table.add_row(name, value)
    console.print(table)
    for picture in report.unreadable_ids[:MAX_UNREADABLE_SHOWN]:
        print_warning(f"  no crop for {picture}")
