"""The three indices of a collection: created, checked and rebuilt together, as versions behind aliases."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

from elasticsearch import Elasticsearch

from core.encoders.fingerprint import ModelFingerprint, check_fingerprint
from core.encoders.protocols import VectorModel
from core.errors import FingerprintMismatch, IncompatibleIndex
from core.identifiers import document_id
from indexer.documents.stored import BOOK_FIELDS, CORRECTION_FIELDS, Correction, StoredBook
from indexer.elasticsearch.index import BulkIndex
from indexer.elasticsearch.index_meta import IndexMeta
from indexer.elasticsearch.mappings import INDEX_KINDS, IndexKind, index_alias, index_body

REBUILD_HINT = "run `frontispiece index --rebuild` over all your books"


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
        index_names = _current_index_names(client, alias)
        for kind, name in index_names.items():
            _check_compatibility(client, name, kind)
        if pictures_name := index_names.get("pictures"):
            _register_models(client, pictures_name, encoders)
        created_names = _create_indices(
            client, alias, [kind for kind in INDEX_KINDS if kind not in index_names], encoders
        )
        _move_aliases(client, alias, created_names, {})
        return cls._from_names(client, index_names | created_names)

    @classmethod
    def open_existing(cls, client: Elasticsearch, alias: str) -> Self:
        """Open the indices behind the aliases, without a check of the models that filled them."""
        index_names = _current_index_names(client, alias)
        if missing_kinds := set(INDEX_KINDS) - index_names.keys():
            missing_aliases = ", ".join(index_alias(alias, kind) for kind in INDEX_KINDS if kind in missing_kinds)
            raise IncompatibleIndex(f"there is no index behind {missing_aliases}: {REBUILD_HINT}")
        for kind, name in index_names.items():
            _check_compatibility(client, name, kind)
        return cls._from_names(client, index_names)

    @classmethod
    @contextmanager
    def rebuild(
        cls, client: Elasticsearch, alias: str, encoders: Sequence[VectorModel], *, allow_dropped_models: bool = False
    ) -> Iterator[Self]:
        """Create new indices beside the current ones; at the end the aliases move to them in one step.

        After an error the new indices are deleted. If the current index has vectors of models that `encoders` lacks,
        the rebuild starts only with `allow_dropped_models`.
        """
        old_names = _current_index_names(client, alias)
        for kind, name in old_names.items():
            _check_ownership(name, kind, IndexMeta.read(client, name))
        _check_dropped_models(
            client, alias, old_names.get("pictures"), encoders, allow_dropped_models=allow_dropped_models
        )
        created_names = _create_indices(client, alias, INDEX_KINDS, encoders)
        collection = cls._from_names(client, created_names, replaced_name=old_names.get("pictures"))
        try:
            yield collection
        except BaseException:
            client.indices.delete(index=list(created_names.values()))
            raise
        collection.refresh()
        old_names = _current_index_names(client, alias)
        _move_aliases(client, alias, created_names, old_names)
        if old_names:
            client.indices.delete(index=list(old_names.values()))

    @classmethod
    def _from_names(
        cls, client: Elasticsearch, index_names: Mapping[IndexKind, str], replaced_name: str | None = None
    ) -> Self:
        pictures, pages, books = (BulkIndex(client, index_names[kind]) for kind in INDEX_KINDS)
        return cls(
            pictures=pictures,
            pages=pages,
            books=books,
            replaced_pictures=BulkIndex(client, replaced_name) if replaced_name else None,
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


def _create_indices(
    client: Elasticsearch, alias: str, kinds: Sequence[IndexKind], encoders: Sequence[VectorModel]
) -> dict[IndexKind, str]:
    """Create an index of each kind; after an error none of them is left."""
    created_names: dict[IndexKind, str] = {}
    try:
        for kind in kinds:
            body = index_body(kind)
            if kind == "pictures":
                models = {encoder.name: ModelFingerprint.from_encoder(encoder) for encoder in encoders}
                body["mappings"]["_meta"] = IndexMeta.for_kind(kind).with_models(models).to_dict()
            name = f"{index_alias(alias, kind)}-v{_latest_version(client, index_alias(alias, kind)) + 1}"
            client.indices.create(index=name, settings=body["settings"], mappings=body["mappings"])
            created_names[kind] = name
    except BaseException:
        if created_names:
            client.indices.delete(index=list(created_names.values()))
        raise
    return created_names


def _move_aliases(
    client: Elasticsearch, alias: str, new_names: Mapping[IndexKind, str], old_names: Mapping[IndexKind, str]
) -> None:
    """Move all aliases in one step, so that no reader sees pictures of one version and pages of another."""
    actions: list[dict[str, Any]] = [
        {"remove": {"index": name, "alias": index_alias(alias, kind)}} for kind, name in old_names.items()
    ]
    actions += [{"add": {"index": name, "alias": index_alias(alias, kind)}} for kind, name in new_names.items()]
    if actions:
        client.indices.update_aliases(actions=actions)


def _check_ownership(name: str, kind: IndexKind, meta: IndexMeta) -> None:
    if meta.written_by != IndexMeta.for_kind(kind).written_by:
        raise IncompatibleIndex(f"the index {name} was not made by Frontispiece; choose another --alias")


def _check_compatibility(client: Elasticsearch, name: str, kind: IndexKind) -> None:
    """Refuse an index of another program, of another version of the mapping, or of another kind."""
    meta, expected_meta = IndexMeta.read(client, name), IndexMeta.for_kind(kind)
    _check_ownership(name, kind, meta)
    if meta.version != expected_meta.version:
        raise IncompatibleIndex(
            f"the index {name} has version {meta.version} of the mapping, but this program needs version "
            f"{expected_meta.version}: {REBUILD_HINT}"
        )
    if meta.kind != kind:
        raise IncompatibleIndex(f"the index {name} contains {meta.kind}, not {kind}; choose another --alias")


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


def _check_dropped_models(
    client: Elasticsearch,
    alias: str,
    current_name: str | None,
    encoders: Sequence[VectorModel],
    *,
    allow_dropped_models: bool,
) -> None:
    models = IndexMeta.read(client, current_name).models if current_name else {}
    dropped_models = models.keys() - {encoder.name for encoder in encoders}
    if dropped_models and not allow_dropped_models:
        raise FingerprintMismatch(
            f"{alias} also has vectors of {', '.join(sorted(dropped_models))}, which cannot be made here now; "
            "name the models to keep with `--models`, and the others are dropped"
        )


def _current_index_names(client: Elasticsearch, alias: str) -> dict[IndexKind, str]:
    index_names = ((kind, _index_behind_alias(client, index_alias(alias, kind))) for kind in INDEX_KINDS)
    return {kind: name for kind, name in index_names if name}


def _index_behind_alias(client: Elasticsearch, alias: str) -> str | None:
    """Return the index that an alias names; None if there is no such alias."""
    if client.indices.exists_alias(name=alias):
        names = list(client.indices.get_alias(name=alias).keys())
        if len(names) > 1:
            raise IncompatibleIndex(
                f"the alias {alias} names several indices ({', '.join(sorted(names))}); it must name one"
            )
        return str(names[0])
    if client.indices.exists(index=alias):
        raise IncompatibleIndex(f"{alias} is an index and not an alias; choose another --alias")
    return None


def _latest_version(client: Elasticsearch, alias: str) -> int:
    """Return the highest N of the indices `<alias>-vN`, 0 if there is none."""
    names = client.indices.get(index=f"{alias}-v*", features=["aliases"], allow_no_indices=True).keys()
    matches = (re.fullmatch(rf"{re.escape(alias)}-v(\d+)", name) for name in names)
    return max((int(match[1]) for match in matches if match), default=0)
