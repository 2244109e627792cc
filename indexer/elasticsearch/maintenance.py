"""What runs that went wrong leave behind: indices that no alias names, and aliases that name several."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from elasticsearch import Elasticsearch

from core.errors import IncompatibleIndex
from indexer.elasticsearch.aliases import (
    all_versions,
    keep_one_index,
    names_behind_alias,
    next_alias,
    previous_alias,
)
from indexer.elasticsearch.index_meta import IndexMeta
from indexer.elasticsearch.mappings import INDEX_KINDS, IndexKind, index_alias


@dataclass(frozen=True, slots=True, kw_only=True)
class OrphanIndex:
    """An index of the collection that is not searched: no alias names it, or that of the previous version."""

    name: str
    documents: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasFault:
    """An alias that names several indices."""

    alias: str
    documents: Mapping[str, int]
    """The number of documents of each index."""
    kept: str
    """The index that the alias will name: of those made by Frontispiece, the one with most documents."""

    @property
    def others(self) -> list[str]:
        return sorted(self.documents.keys() - {self.kept})


def find_orphans(client: Elasticsearch, alias: str) -> list[OrphanIndex]:
    """Return the indices `<alias>-vN` and those of pages and books that are not in use, except other programs'."""
    orphans = (orphan for kind in INDEX_KINDS for orphan in _find_orphans_of_kind(client, alias, kind))
    return sorted(orphans, key=lambda orphan: orphan.name)


def delete_orphans(client: Elasticsearch, orphans: list[OrphanIndex]) -> None:
    """Delete these indices."""
    if orphans:
        client.indices.delete(index=[orphan.name for orphan in orphans], ignore_unavailable=True)


def find_alias_faults(client: Elasticsearch, alias: str) -> list[AliasFault]:
    """Return the aliases of the collection, and of a rebuild, that name several indices."""
    collections = (alias, next_alias(alias), previous_alias(alias))
    aliases = [index_alias(collection, kind) for collection in collections for kind in INDEX_KINDS]
    names_by_alias = {alias: names_behind_alias(client, alias) for alias in aliases}
    return [_describe_fault(client, alias, names) for alias, names in names_by_alias.items() if len(names) > 1]


def repair_alias(client: Elasticsearch, fault: AliasFault) -> None:
    """Let the alias name the index that is kept; the others become orphans."""
    keep_one_index(client, fault.alias, fault.kept, fault.others)


def _find_orphans_of_kind(client: Elasticsearch, alias: str, kind: IndexKind) -> Iterator[OrphanIndex]:
    expected_writer = IndexMeta.for_kind(kind).written_by
    for name, aliases in all_versions(client, index_alias(alias, kind)).items():
        writer = IndexMeta.read(client, name).written_by
        is_previous = aliases == {index_alias(previous_alias(alias), kind)}
        if (aliases and not is_previous) or writer not in ("", expected_writer):
            continue
        if is_previous:
            reason = "the version before the last switch, which `frontispiece switch --back` needs"
        elif writer:
            reason = "no alias names it: an earlier version, or what a killed run left"
        else:
            reason = "it has not the mapping of Frontispiece: a program wrote into it after it was deleted"
        yield OrphanIndex(name=name, documents=_count(client, name), reason=reason)


def _describe_fault(client: Elasticsearch, alias: str, names: list[str]) -> AliasFault:
    documents = {name: _count(client, name) for name in names}
    expected_writer = IndexMeta.for_kind("pictures").written_by
    own_names = [name for name in names if IndexMeta.read(client, name).written_by == expected_writer]
    if not own_names:
        raise IncompatibleIndex(
            f"the alias {alias} names {', '.join(names)}, which Frontispiece did not make; choose another --alias"
        )
    return AliasFault(
        alias=alias,
        documents=documents,
        kept=max(own_names, key=lambda name: (documents[name], len(name), name)),
    )


def _count(client: Elasticsearch, name: str) -> int:
    client.indices.refresh(index=name)
    return int(client.count(index=name)["count"])
