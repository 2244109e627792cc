"""`frontispiece remove`: delete books from the indices and from disk."""

import click

from indexer.commands.options import alias_option, load_settings
from indexer.elasticsearch.client import open_client
from indexer.elasticsearch.collection import Collection
from indexer.ingest.removal import IndexedBook, remove_book


@click.command()
@click.argument("books", nargs=-1, required=True, metavar="BOOK...")
@alias_option
@click.option("--yes", is_flag=True, help="Remove without confirmation.")
def remove(books: tuple[str, ...], alias: str | None, *, yes: bool) -> None:
    """Remove books: the record, its pages, its pictures and their crops.

    BOOK is the id of a book, the `book_id` of its pictures.
    """
    settings = load_settings(alias=alias)
    with open_client(settings) as client:
        collection = Collection.open_existing(client, settings.alias)
        indexed_books = [IndexedBook.from_collection(collection, book) for book in dict.fromkeys(books)]
        for indexed_book in indexed_books:
            click.echo(str(indexed_book))
        if not yes:
            click.confirm("Remove?", abort=True)
        for indexed_book in indexed_books:
            remove_book(collection, settings.crops_folder, indexed_book.book_id)
            click.echo(f"removed {indexed_book.book_id}")
