"""A rebuild: new indices are filled beside those that are searched, and replace them in one step.

The new indices have aliases of their own and say in `_meta` what they are filled from, so a rebuild that was stopped or
killed is continued by the next one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from core.encoders.fingerprint import check_fingerprint
from core.encoders.protocols import VectorModel
from core.errors import FingerprintMismatch, FrontispieceError, IncompatibleIndex
from core.timestamps import utc_timestamp
from indexer.elasticsearch.aliases import IndexNames, check_uuids, index_names, index_uuids, next_alias
from indexer.elasticsearch.collection import Collection, check_compatibility, check_ownership, create_indices
from indexer.elasticsearch.index import BulkIndex
from indexer.elasticsearch.index_meta import IndexMeta
from indexer.elasticsearch.mappings import INDEX_KINDS
from indexer.elasticsearch.switching import (
    books_with_fewer_pictures,
    copy_corrections,
    describe_books,
    missing_books,
    replace_collection,
)

FRESH_HINT = "`--fresh` throws it away and begins again"


@contextmanager
def open_rebuild(
    client: Elasticsearch,
    alias: str,
    encoders: Sequence[VectorModel],
    *,
    sources: Sequence[str] = (),
    fresh: bool = False,
    allow_dropped_models: bool = False,
    switch: bool = True,
    confirm_lease: Callable[[], None] = lambda: None,
    first_unread_source: Callable[[], str] = lambda: "",
    warn: Callable[[str], None] = lambda _: None,
) -> Iterator[Collection]:
    """Yield new indices beside the current ones; at the end the aliases move to them in one step, if they are to.

    After an error they stay, and the next rebuild from the same `sources` with the same models continues with them,
    unless it is `fresh`. If the current index has vectors of models that `encoders` lacks, the rebuild starts only with
    `allow_dropped_models`. `confirm_lease` is called before each switch and deletion, and raises an error if another
    run has taken over: that run may have made indices of the same names. If `first_unread_source` returns one at the
    end, and books of the old index are missing or have fewer pictures, the rebuild is complete and `FrontispieceError`
    leaves the switch to the user. `warn` also names the books that readers lose because no source has them any more.
    """
    old_names = index_names(client, alias)
    check_ownership(client, old_names)
    if not allow_dropped_models:
        _check_dropped_models(client, alias, old_names.get("pictures"), encoders)
    if fresh:
        confirm_lease()
        discard_rebuild(client, alias)
    new_names = _open_next_indices(client, alias, encoders, sources, warn=warn)
    uuids = index_uuids(client, [*old_names.values(), *new_names.values()])

    def confirm() -> None:
        confirm_lease()
        check_uuids(client, uuids)

    replaced_pictures = BulkIndex(client, old_names["pictures"], alias) if "pictures" in old_names else None
    collection = Collection.from_names(client, next_alias(alias), new_names, replaced_pictures)
    try:
        yield collection
    except BaseException:
        with suppress(TransportError, ApiError, FrontispieceError):
            if collection.is_empty():
                confirm()
                client.indices.delete(index=list(new_names.values()))
        raise
    confirm()
    collection.refresh()
    if replaced_pictures:
        copy_corrections(client, replaced_pictures, collection.pictures)
    unread_source = first_unread_source()
    lost_books = _lost_books(client, alias, collection, is_complete=not unread_source) if switch else []
    # All this may take minutes, in which another run may have taken over.
    confirm()
    if switch and not (unread_source and lost_books):
        if lost_books:
            warn(f"the new index lacks books of the old one: {len(lost_books):,} ({describe_books(lost_books)})")
        replace_collection(client, alias, old_names, new_names)
        return
    _mark_complete(client, collection.pictures.name, is_complete=True)
    if lost_books:
        raise FrontispieceError(_describe_lost_books(lost_books, unread_source))


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfinishedRebuild:
    """The indices that a rebuild has filled so far."""

    names: Sequence[str]
    since: str
    sources: Sequence[str]
    pictures: int
    is_complete: bool = False
    """Whether it has read everything and waits for a switch."""

    def __str__(self) -> str:
        state = "a rebuild that waits for `frontispiece switch`" if self.is_complete else "an unfinished rebuild"
        return (
            f"{', '.join(self.names)}: {state} of {', '.join(self.sources)}, which began at {self.since} and has "
            f"{self.pictures:,} pictures"
        )


def unfinished_rebuild(client: Elasticsearch, alias: str) -> UnfinishedRebuild | None:
    """Return the rebuild that was begun and has not replaced the collection yet; None if there is none."""
    names = index_names(client, next_alias(alias))
    if "pictures" not in names:
        return None
    rebuild = IndexMeta.read(client, names["pictures"]).rebuild
    pictures = BulkIndex(client, names["pictures"], "")
    pictures.refresh()
    return UnfinishedRebuild(
        names=sorted(names.values()),
        since=rebuild.get("since", "?"),
        sources=rebuild.get("sources", []),
        pictures=pictures.count(),
        is_complete=bool(rebuild.get("complete")),
    )


def open_unfinished_rebuild(client: Elasticsearch, alias: str) -> Collection | None:
    """Return the indices of an unfinished rebuild; None if there is none, or if it lacks a kind of them."""
    names = index_names(client, next_alias(alias))
    return Collection.from_names(client, next_alias(alias), names) if names.keys() == set(INDEX_KINDS) else None


def discard_rebuild(client: Elasticsearch, alias: str) -> list[str]:
    """Delete the indices of an unfinished rebuild and return their names."""
    names = index_names(client, next_alias(alias))
    check_ownership(client, names)
    if names:
        client.indices.delete(index=list(names.values()))
    return sorted(names.values())


def _open_next_indices(
    client: Elasticsearch,
    alias: str,
    encoders: Sequence[VectorModel],
    sources: Sequence[str],
    *,
    warn: Callable[[str], None],
) -> IndexNames:
    """Return the indices of an unfinished rebuild, else new ones."""
    names = index_names(client, next_alias(alias))
    rebuild: Mapping[str, Any] = {"sources": sorted(sources), "since": utc_timestamp()}
    if "pictures" in names:
        rebuild = _check_continuation(client, names, encoders, sorted(sources))
        _mark_complete(client, names["pictures"], is_complete=False)
        warn(f"continuing the rebuild that began at {rebuild.get('since', '?')}; {FRESH_HINT}")
    missing_kinds = [kind for kind in INDEX_KINDS if kind not in names]
    return names | create_indices(client, alias, missing_kinds, encoders, rebuild)


def _check_continuation(
    client: Elasticsearch, names: IndexNames, encoders: Sequence[VectorModel], sources: list[str]
) -> Mapping[str, Any]:
    """Return what an unfinished rebuild was for; raise an error if it was for anything else than this one."""
    meta = IndexMeta.read(client, names["pictures"])
    began = f"an unfinished rebuild, which began at {meta.rebuild.get('since', '?')},"
    try:
        for kind, name in names.items():
            check_compatibility(client, name, kind)
    except IncompatibleIndex as error:
        raise IncompatibleIndex(f"{began} cannot be continued: {error}; {FRESH_HINT}") from error
    if meta.rebuild.get("sources") != sources:
        named = ", ".join(meta.rebuild.get("sources", [])) or "nothing"
        raise IncompatibleIndex(f"{began} was over {named}: name the same to continue it; {FRESH_HINT}")
    if meta.models.keys() != {encoder.name for encoder in encoders}:
        names_of_models = ",".join(meta.models)
        raise FingerprintMismatch(f"{began} has the models {names_of_models}: `--models` names them; {FRESH_HINT}")
    try:
        for encoder in encoders:
            check_fingerprint(meta.models[encoder.name], encoder)
    except FingerprintMismatch as error:
        raise FingerprintMismatch(f"{began} cannot be continued: {error}; {FRESH_HINT}") from error
    return meta.rebuild


def _mark_complete(client: Elasticsearch, name: str, *, is_complete: bool) -> None:
    """Write into the `_meta` of the pictures whether the rebuild has read everything."""
    meta = IndexMeta.read(client, name)
    meta.with_rebuild({**meta.rebuild, "complete": is_complete}).write(client, name)


def _check_dropped_models(
    client: Elasticsearch, alias: str, current_name: str | None, encoders: Sequence[VectorModel]
) -> None:
    models = IndexMeta.read(client, current_name).models if current_name else {}
    if dropped_models := models.keys() - {encoder.name for encoder in encoders}:
        raise FingerprintMismatch(
            f"{alias} also has vectors of {', '.join(sorted(dropped_models))}, which cannot be made here now; "
            "name the models to keep with `--models`, and the others are dropped"
        )


def _lost_books(client: Elasticsearch, alias: str, collection: Collection, *, is_complete: bool) -> list[str]:
    """Return the books that readers would lose; also those with fewer pictures, unless every source was read.

    A later version of the program may leave out pictures on purpose.
    """
    books = dict.fromkeys(missing_books(client, alias, collection))
    if not is_complete:
        books |= dict.fromkeys(books_with_fewer_pictures(client, alias, collection))
    return list(books)


def _describe_lost_books(book_ids: Sequence[str], unread_source: str) -> str:
    return (
        f"not every source could be read ({unread_source}), and books of the old index are missing in the new one or "
        f"have fewer pictures there: {len(book_ids):,} ({describe_books(book_ids)}). Readers keep the old index: run "
        "the same command again when the source is there, or `frontispiece switch`, which gives readers the new index "
        "anyway"
    )
