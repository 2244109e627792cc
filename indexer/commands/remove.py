"""`frontispiece remove`: delete books from the indices and from disk."""

import click

from core.console import print_warning
from core.crop_stores import open_crop_store
from indexer.commands.options import alias_option, lease_options, load_settings, read_when_held
from indexer.elasticsearch.client import open_client
from indexer.elasticsearch.collection import Collection
from indexer.elasticsearch.lease import hold_lease
from indexer.elasticsearch.rebuilding import open_unfinished_rebuild
from indexer.ingest.removal import IndexedBook, remove_book


@click.command(short_help="Remove books with their pages, pictures and crops.")
@click.argument("books", nargs=-1, required=True, metavar="BOOK...")
@alias_option
@lease_options
@click.option("--yes", is_flag=True, help="Remove without confirmation.")
def remove(books: tuple[str, ...], alias: str | None, *, wait: bool, take_over: bool, yes: bool) -> None:
    """Remove books: the record, its pages, its pictures and their crops.

    BOOK is the id of a book, the `book_id` of its pictures.
    """
    settings, when_held = load_settings(alias=alias), read_when_held(wait=wait, take_over=take_over)
    crop_store = open_crop_store(settings)
    with open_client(settings) as client:
        collection = Collection.open_existing(client, settings.alias)
        indexed_books = [IndexedBook.from_collection(collection, book) for book in dict.fromkeys(books)]
        for indexed_book in indexed_books:
            click.echo(str(indexed_book))
        if not yes:
            click.confirm("Remove?", abort=True)
        command = " ".join(["frontispiece remove", *books])
        with hold_lease(client, settings.alias, command, when_held=when_held, warn=print_warning):
            collection = Collection.open_existing(client, settings.alias)
            # Else a rebuild that continues would bring the book back.
            rebuilt_collection = open_unfinished_rebuild(client, settings.alias)
            for indexed_book in indexed_books:
                for part in filter(None, (collection, rebuilt_collection)):
                    remove_book(part, crop_store, indexed_book.book_id)
                click.echo(f"removed {indexed_book.book_id}")
