"""The three indices of a collection: opened, created and checked together, as versions behind aliases."""

from collections.abc import Collection as IndexKinds
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from elasticsearch import Elasticsearch

from core.encoders.fingerprint import ModelFingerprint, check_fingerprint
from core.encoders.protocols import VectorModel
from core.errors import FingerprintMismatch, IncompatibleIndex
from core.identifiers import document_id
from indexer.documents.stored import BOOK_FIELDS, CORRECTION_FIELDS, Correction, StoredBook
from indexer.elasticsearch.aliases import IndexNames, index_names, next_alias, next_version_name
from indexer.elasticsearch.index import BulkIndex, IndexPlace
from indexer.elasticsearch.index_meta import IndexMeta
from indexer.elasticsearch.mappings import INDEX_KINDS, IndexKind, index_alias, index_body

REBUILD_HINT = "run `frontispiece index --rebuild` over all your books"


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionPlaces:
    """The name and the alias of each index of a collection, which another process can open."""

    pictures: IndexPlace
    pages: IndexPlace
    books: IndexPlace
    replaced_pictures: IndexPlace | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """Pictures, pages and books of one collection."""

    pictures: BulkIndex
    pages: BulkIndex
    books: BulkIndex
    replaced_pictures: BulkIndex | None = None
    """The index of pictures that a rebuild replaces."""

    @classmethod
    def open_or_create(cls, client: Elasticsearch, alias: str, encoders: Sequence[VectorModel]) -> Self:
        """Open the indices behind the aliases and create missing ones; `IncompatibleIndex` if one is not ours."""
        names = index_names(client, alias)
        for kind, name in names.items():
            check_compatibility(client, name, kind)
        if pictures_name := names.get("pictures"):
            _register_models(client, pictures_name, encoders)
        missing_kinds = [kind for kind in INDEX_KINDS if kind not in names]
        return cls.from_names(client, alias, names | create_indices(client, alias, missing_kinds, encoders))

    @classmethod
    def open_existing(cls, client: Elasticsearch, alias: str) -> Self:
        """Open the indices behind the aliases, without a check of the models that filled them."""
        names = index_names(client, alias)
        if missing_kinds := set(INDEX_KINDS) - names.keys():
            missing_aliases = ", ".join(index_alias(alias, kind) for kind in INDEX_KINDS if kind in missing_kinds)
            raise IncompatibleIndex(f"there is no index behind {missing_aliases}: {REBUILD_HINT}")
        for kind, name in names.items():
            check_compatibility(client, name, kind)
        return cls.from_names(client, alias, names)

    @classmethod
    def from_names(
        cls, client: Elasticsearch, alias: str, names: IndexNames, replaced_pictures: BulkIndex | None = None
    ) -> Self:
        """Return the collection of these indices, which are written through the aliases."""
        pictures, pages, books = (BulkIndex(client, names[kind], index_alias(alias, kind)) for kind in INDEX_KINDS)
        return cls(pictures=pictures, pages=pages, books=books, replaced_pictures=replaced_pictures)

    @classmethod
    def from_places(cls, client: Elasticsearch, places: CollectionPlaces) -> Self:
        """Return the same collection in another process, with a client of that process."""
        return cls(
            pictures=BulkIndex(client, *places.pictures),
            pages=BulkIndex(client, *places.pages),
            books=BulkIndex(client, *places.books),
            replaced_pictures=BulkIndex(client, *places.replaced_pictures) if places.replaced_pictures else None,
        )

    @property
    def places(self) -> CollectionPlaces:
        """Where its indices are."""
        return CollectionPlaces(
            pictures=self.pictures.place,
            pages=self.pages.place,
            books=self.books.place,
            replaced_pictures=self.replaced_pictures.place if self.replaced_pictures else None,
        )

    def all_indices(self) -> tuple[BulkIndex, BulkIndex, BulkIndex]:
        return self.pictures, self.pages, self.books

    def corrections(self, ids: Sequence[str]) -> dict[str, Correction]:
        """Return what librarians decided about these pictures, which no run may lose."""
        sources = (self.replaced_pictures or self.pictures).get_fields(ids, *CORRECTION_FIELDS)
        corrections = ((id_, Correction.from_source(source)) for id_, source in sources.items())
        return {id_: correction for id_, correction in corrections if correction}

    def stored_book(self, book_id: str) -> StoredBook | None:
        """Return what an earlier run wrote of a book; None if there is no record of it."""
        sources = self.books.get_fields([document_id(book_id)], *BOOK_FIELDS)
        return next(map(StoredBook.from_source, sources.values()), None)

    def refresh(self) -> None:
        for index in self.all_indices():
            index.refresh()

    def is_empty(self) -> bool:
        """Return whether no picture and no page has been written yet."""
        self.refresh()
        return not (self.pictures.count() or self.pages.count())


def create_indices(
    client: Elasticsearch,
    alias: str,
    kinds: IndexKinds[IndexKind],
    encoders: Sequence[VectorModel],
    rebuild: Mapping[str, Any] | None = None,
) -> IndexNames:
    """Create an index of each kind behind its alias; after an error none of them is left.

    `rebuild` describes a rebuild, whose indices get the aliases of `next_alias`.
    """
    created_names: IndexNames = {}
    try:
        for kind in kinds:
            body = index_body(kind)
            meta = IndexMeta.for_kind(kind).with_rebuild(rebuild or {})
            if kind == "pictures":
                meta = meta.with_models({encoder.name: ModelFingerprint.from_encoder(encoder) for encoder in encoders})
            body["mappings"]["_meta"] = meta.to_dict()
            name = next_version_name(client, index_alias(alias, kind))
            alias_of_index = index_alias(alias if rebuild is None else next_alias(alias), kind)
            client.indices.create(index=name, aliases={alias_of_index: {}}, **body)
            created_names[kind] = name
    except BaseException:
        if created_names:
            client.indices.delete(index=list(created_names.values()))
        raise
    return created_names


def check_ownership(client: Elasticsearch, names: IndexNames) -> None:
    """Refuse the indices of another program."""
    for kind, name in names.items():
        _check_writer(name, kind, IndexMeta.read(client, name))


def check_compatibility(client: Elasticsearch, name: str, kind: IndexKind) -> None:
    """Refuse an index of another program, of another version of the mapping, or of another kind."""
    meta, expected_meta = IndexMeta.read(client, name), IndexMeta.for_kind(kind)
    _check_writer(name, kind, meta)
    if meta.version != expected_meta.version:
        raise IncompatibleIndex(
            f"the index {name} has version {meta.version} of the mapping, but this program needs version "
            f"{expected_meta.version}: {REBUILD_HINT}"
        )
    if meta.kind != kind:
        raise IncompatibleIndex(f"the index {name} contains {meta.kind}, not {kind}; choose another --alias")


def _check_writer(name: str, kind: IndexKind, meta: IndexMeta) -> None:
    if meta.written_by != IndexMeta.for_kind(kind).written_by:
        raise IncompatibleIndex(f"the index {name} was not made by Frontispiece; choose another --alias")


def _register_models(client: Elasticsearch, name: str, encoders: Sequence[VectorModel]) -> None:
    """Refuse models with other weights than the index was filled with; add new models to its `_meta`."""
    meta = IndexMeta.read(client, name)
    if missing_models := meta.models.keys() - {encoder.name for encoder in encoders}:
        raise FingerprintMismatch(
            f"the index {name} also has vectors of {', '.join(sorted(missing_models))}, which would be lost: "
            "use these models too (`--models`), or `frontispiece index --rebuild` over all your books"
        )
    for encoder in encoders:
        if encoder.name in meta.models:
            check_fingerprint(meta.models[encoder.name], encoder)
    new_models = {
        encoder.name: ModelFingerprint.from_encoder(encoder) for encoder in encoders if encoder.name not in meta.models
    }
    if new_models:
        meta.with_models(new_models).write(client, name)
