"""Readers get another version of a collection: the one that a rebuild has filled, or the one before it."""

from collections.abc import Callable, Iterator, Sequence

from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan

from core.batches import batched
from core.errors import FrontispieceError
from indexer.documents.pictures import LIBRARIAN
from indexer.documents.stored import CORRECTION_FIELDS, Correction
from indexer.elasticsearch.aliases import (
    AliasMove,
    IndexNames,
    index_names,
    move_collections,
    next_alias,
    previous_alias,
)
from indexer.elasticsearch.collection import Collection
from indexer.elasticsearch.index import BulkIndex
from indexer.elasticsearch.index_meta import IndexMeta
from indexer.elasticsearch.picture_updates import NOT_FOUND, scan_hits, update_pictures

DOCUMENTS_PER_REQUEST = 1000
MAX_BOOKS_SHOWN = 5
CLASSIFIER_FIELDS = {"confidence": None, "model": None}


def replace_collection(client: Elasticsearch, alias: str, old_names: IndexNames, new_names: IndexNames) -> None:
    """Switch readers to the indices that a rebuild has filled, and delete the old ones."""
    move_collections(client, [AliasMove(old_names, alias), AliasMove(new_names, next_alias(alias), alias)])
    if old_names:
        client.indices.delete(index=list(old_names.values()))


def open_target(client: Elasticsearch, alias: str, *, back: bool) -> Collection:
    """Return the collection to which a switch would lead; `FrontispieceError` if there is none, or it is unfinished."""
    target_alias = previous_alias(alias) if back else next_alias(alias)
    if not index_names(client, target_alias):
        advice = "fill it with `frontispiece index --rebuild --no-switch` over all your books"
        raise FrontispieceError(
            f"no earlier version of {alias} was kept" if back else f"no other version of {alias} waits: {advice}"
        )
    target = Collection.open_existing(client, target_alias)
    rebuild = IndexMeta.read(client, target.pictures.name).rebuild
    if not back and not rebuild.get("complete"):
        raise FrontispieceError(
            f"the rebuild that began at {rebuild.get('since', '?')} has not ended: run the same `frontispiece index "
            "--rebuild` again, which continues it"
        )
    return target


def switch_collection(client: Elasticsearch, alias: str, *, back: bool, check_lease: Callable[[], None]) -> None:
    """Switch readers to the next version of a collection, or back to the previous one, and keep the other."""
    target = open_target(client, alias, back=back)
    if index_names(client, alias):
        copy_corrections(client, Collection.open_existing(client, alias).pictures, target.pictures)
    previous, following = previous_alias(alias), next_alias(alias)
    origin, kept = (previous, following) if back else (following, previous)
    moves = [
        AliasMove(index_names(client, name), name, new_name)
        for name, new_name in ((kept, ""), (alias, kept), (origin, alias))
    ]
    # Copying may take minutes, in which another run may have taken over.
    check_lease()
    move_collections(client, moves)


def missing_books(client: Elasticsearch, alias: str, target: Collection) -> Iterator[str]:
    """Yield the books that readers of the alias would lose by a switch."""
    for books in _batches_of_books(client, alias):
        found_ids = target.books.get_fields(list(books), "book_id").keys()
        yield from (book_id for id_, book_id in books.items() if id_ not in found_ids)


def books_with_fewer_pictures(client: Elasticsearch, alias: str, target: Collection) -> Iterator[str]:
    """Yield the books of which readers of the alias would lose pictures by a switch, those without any there too."""
    old_name = index_names(client, alias).get("pictures")
    if old_name is None:
        return
    for books in _batches_of_books(client, alias):
        book_ids = list(books.values())
        old_counts, new_counts = (_count_pictures(client, name, book_ids) for name in (old_name, target.pictures.name))
        yield from (book_id for book_id, count in old_counts.items() if new_counts.get(book_id, 0) < count)


def describe_books(book_ids: Sequence[str]) -> str:
    """Return the first `MAX_BOOKS_SHOWN` ids, and whether there are others: `a, b, c, d, e and others`."""
    return ", ".join(book_ids[:MAX_BOOKS_SHOWN]) + (" and others" if len(book_ids) > MAX_BOOKS_SHOWN else "")


def _batches_of_books(client: Elasticsearch, alias: str) -> Iterator[dict[str, str]]:
    """Yield the books of a collection as document id → book id; none if there is no collection."""
    name = index_names(client, alias).get("books")
    if name is None:
        return
    client.indices.refresh(index=name)
    hits = scan(client, index=name, query={"_source": ["book_id"]}, size=DOCUMENTS_PER_REQUEST)
    for batch in batched(hits, DOCUMENTS_PER_REQUEST):
        yield {hit["_id"]: str(hit["_source"]["book_id"]) for hit in batch}


def _count_pictures(client: Elasticsearch, name: str, book_ids: Sequence[str]) -> dict[str, int]:
    """Return book id → number of its pictures in an index; books without pictures are absent."""
    aggregation = {"terms": {"field": "book_id", "include": book_ids, "size": len(book_ids)}}
    response = client.search(
        index=name, size=0, query={"terms": {"book_id": book_ids}}, aggregations={"books": aggregation}
    )
    return {bucket["key"]: bucket["doc_count"] for bucket in response["aggregations"]["books"]["buckets"]}


def copy_corrections(client: Elasticsearch, pictures: BulkIndex, new_pictures: BulkIndex) -> None:
    """Write the labels that librarians gave to other versions of the same pictures."""
    pictures.refresh()
    body = {"query": {"term": {"label.source": LIBRARIAN}}, "_source": list(CORRECTION_FIELDS)}
    hits = scan_hits(client, pictures.name, body, size=DOCUMENTS_PER_REQUEST)
    corrections = ((hit["_id"], Correction.from_source(hit["_source"])) for hit in hits)
    updates = (
        # An update merges objects, so what a classifier wrote beside its label must be cleared.
        {"_id": id_, "doc": {"label": {**CLASSIFIER_FIELDS, **correction.label}, "hidden": correction.hidden}}
        for id_, correction in corrections
        if correction
    )
    if update_pictures(client, new_pictures.alias, updates, ignored_statuses=[NOT_FOUND]):
        new_pictures.refresh()
