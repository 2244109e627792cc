"""The three indices as one: made, accepted and rebuilt together, versions behind aliases, the models' contract."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

from elasticsearch import Elasticsearch

from core.encoders.fingerprint import ModelFingerprint, check_fingerprint
from core.encoders.protocols import Encoder
from core.errors import FingerprintMismatch
from indexer.documents.pictures import LIBRARIAN
from indexer.elasticsearch.index import BulkIndex
from indexer.elasticsearch.mappings import INDEX_KINDS, IndexKind, index_alias, index_body

REBUILD_HINT = "run `frontispiece index --rebuild` over all your books"


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """Pictures, pages and books of one collection."""

    pictures: BulkIndex
    pages: BulkIndex
    books: BulkIndex
    replaced_pictures: BulkIndex | None = None
    """The pictures that a rebuild replaces."""

    @classmethod
    def open_or_create(cls, client: Elasticsearch, alias: str, encoders: Sequence[Encoder]) -> Self:
        """Those behind the aliases, made where there are none; `ContractBroken` where one is not ours to fill."""
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
        """Those behind the aliases, whatever models filled them."""
        index_names = _current_index_names(client, alias)
        if missing_kinds := set(INDEX_KINDS) - index_names.keys():
            missing_aliases = ", ".join(index_alias(alias, kind) for kind in INDEX_KINDS if kind in missing_kinds)
            raise FingerprintMismatch(f"there is no index behind {missing_aliases}: {REBUILD_HINT}")
        for kind, name in index_names.items():
            _check_compatibility(client, name, kind)
        return cls._from_names(client, index_names)

    @classmethod
    @contextmanager
    def rebuild(
        cls, client: Elasticsearch, alias: str, encoders: Sequence[Encoder], *, allow_dropped_models: bool = False
    ) -> Iterator[Self]:
        """New ones beside the current ones: the aliases move at once when all went well, else the new are deleted.

        With fewer models than the current one it is begun only where that is meant (`may_drop`).
        """
        old_names = _current_index_names(client, alias)
        for name in old_names.values():
            _check_ownership(name, index_meta(client, name))
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

    def corrections(self, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """The `label` that a person gave each of these pictures here, and its `hidden`: no run may lose them."""
        sources = (self.replaced_pictures or self.pictures).get_fields(ids, "label", "hidden")
        return {id_: source for id_, source in sources.items() if source.get("label", {}).get("source") == LIBRARIAN}

    def refresh(self) -> None:
        for index in self.all_indices():
            index.refresh()


def _create_indices(
    client: Elasticsearch, alias: str, kinds: Sequence[IndexKind], encoders: Sequence[Encoder]
) -> dict[IndexKind, str]:
    """New indices of these kinds: all or none."""
    created_names: dict[IndexKind, str] = {}
    try:
        for kind in kinds:
            body = index_body(kind)
            if kind == "pictures":
                body["mappings"]["_meta"]["models"] = _models_meta(encoders)
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
    """All aliases in one step, so that no reader sees pictures of one version beside pages of another."""
    actions: list[dict[str, Any]] = [
        {"remove": {"index": name, "alias": index_alias(alias, kind)}} for kind, name in old_names.items()
    ]
    actions += [{"add": {"index": name, "alias": index_alias(alias, kind)}} for kind, name in new_names.items()]
    if actions:
        client.indices.update_aliases(actions=actions)


def _check_ownership(name: str, meta: Mapping[str, Any]) -> None:
    if meta.get("written_by") != index_body("books")["mappings"]["_meta"]["written_by"]:
        raise FingerprintMismatch(f"the index {name} was not made by Frontispiece; choose another --alias")


def _check_compatibility(client: Elasticsearch, name: str, kind: IndexKind) -> None:
    """Refuses what somebody else made, another version of the mapping, and pictures where pages should be."""
    meta, expected_meta = index_meta(client, name), index_body(kind)["mappings"]["_meta"]
    _check_ownership(name, meta)
    if meta.get("version") != expected_meta["version"]:
        raise FingerprintMismatch(
            f"the index {name} has version {meta.get('version')} of the mapping, this is version "
            f"{expected_meta['version']}: {REBUILD_HINT}"
        )
    if meta.get("kind") != kind:
        raise FingerprintMismatch(f"the index {name} has {meta.get('kind')} and not {kind}; choose another --alias")


def _register_models(client: Elasticsearch, name: str, encoders: Sequence[Encoder]) -> None:
    """Refuses other weights; writes down the models that are new here."""
    meta = index_meta(client, name)
    models = dict(meta.get("models", {}))
    if missing_models := models.keys() - {encoder.name for encoder in encoders}:
        raise FingerprintMismatch(
            f"the index {name} also has vectors of {', '.join(sorted(missing_models))}, which would be lost: "
            "use these models too (`--models`), or `frontispiece index --rebuild` over all your books"
        )
    for encoder in encoders:
        if encoder.name in models:
            check_fingerprint(ModelFingerprint.from_meta(models[encoder.name]), encoder)
    new_models = _models_meta([encoder for encoder in encoders if encoder.name not in models])
    if new_models:
        client.indices.put_mapping(index=name, meta={**meta, "models": models | new_models})


def _models_meta(encoders: Sequence[Encoder]) -> dict[str, Any]:
    """Return the fingerprints of the encoders as they are kept in a mapping's `_meta.models`."""
    return {encoder.name: ModelFingerprint.from_encoder(encoder).to_meta() for encoder in encoders}


def _check_dropped_models(
    client: Elasticsearch,
    alias: str,
    current_name: str | None,
    encoders: Sequence[Encoder],
    *,
    allow_dropped_models: bool,
) -> None:
    models = index_meta(client, current_name).get("models", {}) if current_name else {}
    dropped_models = models.keys() - {encoder.name for encoder in encoders}
    if dropped_models and not allow_dropped_models:
        raise FingerprintMismatch(
            f"{alias} also has vectors of {', '.join(sorted(dropped_models))}, which cannot be made here now; "
            "name the models to go on with, `--models`, and the others are dropped"
        )


def _current_index_names(client: Elasticsearch, alias: str) -> dict[IndexKind, str]:
    index_names = ((kind, _index_behind_alias(client, index_alias(alias, kind))) for kind in INDEX_KINDS)
    return {kind: name for kind, name in index_names if name}


def _index_behind_alias(client: Elasticsearch, alias: str) -> str | None:
    """The index that an alias names; None where there is no such alias."""
    if client.indices.exists_alias(name=alias):
        names = list(client.indices.get_alias(name=alias).keys())
        if len(names) > 1:
            raise FingerprintMismatch(
                f"the alias {alias} names several indices ({', '.join(sorted(names))}); leave it one"
            )
        return str(names[0])
    if client.indices.exists(index=alias):
        raise FingerprintMismatch(f"{alias} is an index and not an alias; choose another --alias")
    return None


def index_meta(client: Elasticsearch, index: str) -> Mapping[str, Any]:
    """What an index says of itself: who made it, from which version of the mapping, with which models."""
    meta: Mapping[str, Any] = client.indices.get_mapping(index=index)[index]["mappings"].get("_meta", {})
    return meta


def _latest_version(client: Elasticsearch, alias: str) -> int:
    """The highest N of the indices `<alias>-vN`, 0 where there is none."""
    names = client.indices.get(index=f"{alias}-v*", features=["aliases"], allow_no_indices=True).keys()
    matches = (re.fullmatch(rf"{re.escape(alias)}-v(\d+)", name) for name in names)
    return max((int(match[1]) for match in matches if match), default=0)
