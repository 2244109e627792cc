"""`frontispiece switch`: give readers the version of a collection that a rebuild has filled, or the one before."""

from itertools import islice

import click

from core.console import print_warning
from indexer.commands.options import alias_option, lease_options, load_settings, read_when_held
from indexer.commands.status import describe_version
from indexer.elasticsearch.client import ElasticsearchClient, open_client
from indexer.elasticsearch.lease import hold_lease
from indexer.elasticsearch.status import read_version
from indexer.elasticsearch.switching import (
    MAX_BOOKS_SHOWN,
    describe_books,
    missing_books,
    open_target,
    switch_collection,
)


@click.command(short_help="Give readers the version that a rebuild has filled.")
@click.option("--back", is_flag=True, help="Return to the version before the last switch.")
@click.option("--yes", is_flag=True, help="Switch without confirmation.")
@alias_option
@lease_options
def switch(alias: str | None, *, back: bool, yes: bool, wait: bool, take_over: bool) -> None:
    """Give readers the version that `frontispiece index --rebuild --no-switch` has filled.

    The version that they had is kept, for `frontispiece switch --back`, until `frontispiece index --clean` deletes it.
    """
    settings, when_held = load_settings(alias=alias), read_when_held(wait=wait, take_over=take_over)
    command = "frontispiece switch --back" if back else "frontispiece switch"
    with (
        open_client(settings) as client,
        hold_lease(client, settings.alias, command, when_held=when_held, warn=print_warning) as lease,
    ):
        _print_versions(client, settings.alias, back=back)
        if not yes:
            click.confirm("Switch?", abort=True)
        switch_collection(client, settings.alias, back=back, check_lease=lease.confirm)
    click.echo("switched" if back else "switched; `frontispiece switch --back` returns")


def _print_versions(client: ElasticsearchClient, alias: str, *, back: bool) -> None:
    target = open_target(client, alias, back=back)
    for role, alias_of_version in (("from", alias), ("to", target.pictures.alias)):
        version = read_version(client, alias_of_version)
        for line in describe_version(role, version) if version else ():
            click.echo(line)
    lost_books = list(islice(missing_books(client, alias, target), MAX_BOOKS_SHOWN + 1))
    if lost_books:
        print_warning(
            f"readers would lose books that only the first has: {describe_books(lost_books)}; to keep them, "
            f"index them with `--alias {target.pictures.alias}` first"
        )
