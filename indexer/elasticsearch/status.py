"""The state of a collection: its versions, how many pictures each model has filled, and who writes into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from elasticsearch import Elasticsearch

from indexer.elasticsearch.aliases import index_names, next_alias, previous_alias
from indexer.elasticsearch.index_meta import IndexMeta
from indexer.elasticsearch.lease_store import LeaseStore
from indexer.elasticsearch.maintenance import find_orphans
from indexer.elasticsearch.mappings import IndexKind
from indexer.elasticsearch.rebuilding import unfinished_rebuild


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCoverage:
    """How many pictures of an index have a model's vector."""

    revision: str
    pictures: int
    share: float
    """From 0 to 1; of a text model less than 1, as pictures without words have no vector."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionStatus:
    """One version of a collection."""

    alias: str
    indices: Mapping[IndexKind, str]
    documents: Mapping[IndexKind, int]
    models: Mapping[str, ModelCoverage]


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionStatus:
    """All versions of a collection, and what happens with it."""

    current: VersionStatus | None
    next: VersionStatus | None
    previous: VersionStatus | None
    rebuild: str
    """What the next version is, in words; empty if there is none."""
    writer: str
    """The run that writes into the collection; empty if there is none."""
    orphans: Sequence[str]
    """Indices that `frontispiece index --clean` deletes."""


def read_version(client: Elasticsearch, alias: str) -> VersionStatus | None:
    """Return the state of the indices behind the aliases; None if there are none."""
    names = index_names(client, alias)
    if not names:
        return None
    documents = {kind: int(client.count(index=name)["count"]) for kind, name in names.items()}
    models = _read_coverage(client, names["pictures"]) if "pictures" in names else {}
    return VersionStatus(alias=alias, indices=names, documents=documents, models=models)


def read_status(client: Elasticsearch, alias: str) -> CollectionStatus:
    """Return the state of a collection."""
    lease, rebuild = LeaseStore(client, alias).read(), unfinished_rebuild(client, alias)
    return CollectionStatus(
        current=read_version(client, alias),
        next=read_version(client, next_alias(alias)),
        previous=read_version(client, previous_alias(alias)),
        rebuild=str(rebuild or ""),
        writer=str(lease.holder) if lease else "",
        orphans=[orphan.name for orphan in find_orphans(client, alias)],
    )


def _read_coverage(client: Elasticsearch, name: str) -> dict[str, ModelCoverage]:
    """Return model → how many pictures have its vector."""
    models = IndexMeta.read(client, name).models
    filters = {model: {"exists": {"field": f"vectors.{model}"}} for model in models}
    aggs = {"models": {"filters": {"filters": filters}}} if filters else {}
    response = client.search(index=name, size=0, track_total_hits=True, aggs=aggs)
    total = response["hits"]["total"]["value"]
    buckets = response["aggregations"]["models"]["buckets"] if filters else {}
    return {
        model: ModelCoverage(
            revision=models[model].identity.revision,
            pictures=bucket["doc_count"],
            share=round(bucket["doc_count"] / total, 4) if total else 0.0,
        )
        for model, bucket in buckets.items()
    }
