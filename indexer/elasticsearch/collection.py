"""The three indices as one: made, accepted and rebuilt together, versions behind aliases, the models' contract."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

from elasticsearch import Elasticsearch

from core.encoders.fingerprint import agrees, contract
from core.encoders.protocols import Encoder
from core.errors import ContractBroken
from indexer.documents.pictures import LIBRARIAN
from indexer.elasticsearch.index import Index
from indexer.elasticsearch.mappings import KINDS, Kind, alias_of, mapping

REBUILD = "run `frontispiece index --rebuild` over all your books"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indices:
    """Pictures, pages and books of one collection."""

    pictures: Index
    pages: Index
    books: Index
    before: Index | None = None
    """The pictures that a rebuild replaces."""

    @classmethod
    def current(cls, client: Elasticsearch, alias: str, encoders: Sequence[Encoder]) -> Self:
        """Those behind the aliases, made where there are none; `ContractBroken` where one is not ours to fill."""
        names = _behind_all(client, alias)
        for kind, name in names.items():
            _accept(client, name, kind)
        if pictures := names.get("pictures"):
            _accept_models(client, pictures, encoders)
        made = _create(client, alias, [kind for kind in KINDS if kind not in names], encoders)
        _move(client, alias, made, {})
        return cls._of(client, names | made)

    @classmethod
    def existing(cls, client: Elasticsearch, alias: str) -> Self:
        """Those behind the aliases, whatever models filled them."""
        names = _behind_all(client, alias)
        if missing := set(KINDS) - names.keys():
            lacking = ", ".join(alias_of(alias, kind) for kind in KINDS if kind in missing)
            raise ContractBroken(f"there is no index behind {lacking}: {REBUILD}")
        for kind, name in names.items():
            _accept(client, name, kind)
        return cls._of(client, names)

    @classmethod
    @contextmanager
    def rebuilt(
        cls, client: Elasticsearch, alias: str, encoders: Sequence[Encoder], *, may_drop: bool = False
    ) -> Iterator[Self]:
        """New ones beside the current ones: the aliases move at once when all went well, else the new are deleted.

        With fewer models than the current one it is begun only where that is meant (`may_drop`).
        """
        old = _behind_all(client, alias)
        for name in old.values():
            _ours(name, _meta(client, name))
        _may_lose(client, alias, old.get("pictures"), encoders, may_drop=may_drop)
        made = _create(client, alias, KINDS, encoders)
        indices = cls._of(client, made, before=old.get("pictures"))
        try:
            yield indices
        except BaseException:
            client.indices.delete(index=list(made.values()))
            raise
        indices.refresh()
        old = _behind_all(client, alias)
        _move(client, alias, made, old)
        if old:
            client.indices.delete(index=list(old.values()))

    @classmethod
    def _of(cls, client: Elasticsearch, names: Mapping[Kind, str], before: str | None = None) -> Self:
        pictures, pages, books = (Index(client, names[kind]) for kind in KINDS)
        return cls(pictures=pictures, pages=pages, books=books, before=Index(client, before) if before else None)

    def all(self) -> tuple[Index, Index, Index]:
        return self.pictures, self.pages, self.books

    def corrections(self, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """The `label` that a person gave each of these pictures here, and its `set_aside`: no run may lose them."""
        found = (self.before or self.pictures).read(ids, "label", "set_aside")
        return {id_: said for id_, said in found.items() if said.get("label", {}).get("source") == LIBRARIAN}

    def refresh(self) -> None:
        for index in self.all():
            index.refresh()


def _create(client: Elasticsearch, alias: str, kinds: Sequence[Kind], encoders: Sequence[Encoder]) -> dict[Kind, str]:
    """New indices of these kinds: all or none."""
    made: dict[Kind, str] = {}
    try:
        for kind in kinds:
            body = mapping(kind)
            if kind == "pictures":
                body["mappings"]["_meta"]["models"] = {encoder.name: contract(encoder) for encoder in encoders}
            name = f"{alias_of(alias, kind)}-v{_latest(client, alias_of(alias, kind)) + 1}"
            client.indices.create(index=name, settings=body["settings"], mappings=body["mappings"])
            made[kind] = name
    except BaseException:
        if made:
            client.indices.delete(index=list(made.values()))
        raise
    return made


def _move(client: Elasticsearch, alias: str, new: Mapping[Kind, str], old: Mapping[Kind, str]) -> None:
    """All aliases in one step, so that no reader sees pictures of one version beside pages of another."""
    actions: list[dict[str, Any]] = [
        {"remove": {"index": name, "alias": alias_of(alias, kind)}} for kind, name in old.items()
    ]
    actions += [{"add": {"index": name, "alias": alias_of(alias, kind)}} for kind, name in new.items()]
    if actions:
        client.indices.update_aliases(actions=actions)


def _ours(name: str, meta: Mapping[str, Any]) -> None:
    if meta.get("written_by") != mapping("books")["mappings"]["_meta"]["written_by"]:
        raise ContractBroken(f"the index {name} was not made by Frontispiece; choose another --alias")


def _accept(client: Elasticsearch, name: str, kind: Kind) -> None:
    """Refuses what somebody else made, another version of the mapping, and pictures where pages should be."""
    meta, ours = _meta(client, name), mapping(kind)["mappings"]["_meta"]
    _ours(name, meta)
    if meta.get("version") != ours["version"]:
        raise ContractBroken(
            f"the index {name} has version {meta.get('version')} of the mapping, this is version "
            f"{ours['version']}: {REBUILD}"
        )
    if meta.get("kind") != kind:
        raise ContractBroken(f"the index {name} has {meta.get('kind')} and not {kind}; choose another --alias")


def _accept_models(client: Elasticsearch, name: str, encoders: Sequence[Encoder]) -> None:
    """Refuses other weights; writes down the models that are new here."""
    meta = _meta(client, name)
    models = dict(meta.get("models", {}))
    if missing := models.keys() - {encoder.name for encoder in encoders}:
        raise ContractBroken(
            f"the index {name} also has vectors of {', '.join(sorted(missing))}, which would be lost: "
            "use these models too (`--models`), or `frontispiece index --rebuild` over all your books"
        )
    for encoder in encoders:
        if encoder.name in models:
            agrees(models[encoder.name], encoder)
    new = {encoder.name: contract(encoder) for encoder in encoders if encoder.name not in models}
    if new:
        client.indices.put_mapping(index=name, meta={**meta, "models": models | new})


def _may_lose(
    client: Elasticsearch, alias: str, current: str | None, encoders: Sequence[Encoder], *, may_drop: bool
) -> None:
    models = _meta(client, current).get("models", {}) if current else {}
    lost = models.keys() - {encoder.name for encoder in encoders}
    if lost and not may_drop:
        raise ContractBroken(
            f"{alias} also has vectors of {', '.join(sorted(lost))}, which cannot be made here now; "
            "name the models to go on with, `--models`, and the others are dropped"
        )


def _behind_all(client: Elasticsearch, alias: str) -> dict[Kind, str]:
    found = ((kind, _behind(client, alias_of(alias, kind))) for kind in KINDS)
    return {kind: name for kind, name in found if name}


def _behind(client: Elasticsearch, alias: str) -> str | None:
    """The index that an alias names; None where there is no such alias."""
    if client.indices.exists_alias(name=alias):
        names = list(client.indices.get_alias(name=alias).keys())
        if len(names) > 1:
            raise ContractBroken(f"the alias {alias} names several indices ({', '.join(sorted(names))}); leave it one")
        return str(names[0])
    if client.indices.exists(index=alias):
        raise ContractBroken(f"{alias} is an index and not an alias; choose another --alias")
    return None


def _meta(client: Elasticsearch, index: str) -> Mapping[str, Any]:
    """What an index says of itself: who made it, from which version of the mapping, with which models."""
    meta: Mapping[str, Any] = client.indices.get_mapping(index=index)[index]["mappings"].get("_meta", {})
    return meta


def _latest(client: Elasticsearch, alias: str) -> int:
    """The highest N of the indices `<alias>-vN`, 0 where there is none."""
    names = client.indices.get(index=f"{alias}-v*", features=["aliases"], allow_no_indices=True).keys()
    numbers = (re.fullmatch(rf"{re.escape(alias)}-v(\d+)", name) for name in names)
    return max((int(number[1]) for number in numbers if number), default=0)
