"""What an operator watches of the collection: its documents, and the last run of `frontispiece index`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from elasticsearch import AsyncElasticsearch, AuthorizationException, NotFoundError

from api.elasticsearch.queries.collection import DOCUMENT_COUNTS, document_counts_query, last_run_query

FINISHED = "finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """The run of `frontispiece index` that started last."""

    started: datetime
    ended: datetime
    outcome: str
    """`finished`, `stopped` or `failed`."""
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunState:
    """The last run, and when the last one that finished has ended; None if there was none."""

    last: LastRun | None = None
    last_finished: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionState:
    """The documents of each type, and the runs that have written them."""

    documents: Mapping[str, int] = field(default_factory=dict)
    runs: RunState = field(default_factory=RunState)


async def read_document_counts(client: AsyncElasticsearch, index: str) -> dict[str, int]:
    """Return the number of documents of each type in these indices; one that does not exist has none."""
    response = await client.search(index=index, body=document_counts_query(), ignore_unavailable=True)
    buckets = response.body.get("aggregations", {}).get(DOCUMENT_COUNTS, {}).get("buckets", [])
    return {str(bucket["key"]): int(bucket["doc_count"]) for bucket in buckets}


async def read_runs(client: AsyncElasticsearch, alias: str) -> RunState:
    """Return the last runs; none if no run was recorded, or if the key is older than this privilege."""
    header = {"index": f"{alias}-runs", "ignore_unavailable": True}
    searches = [header, last_run_query(), header, last_run_query(FINISHED)]
    try:
        response = await client.msearch(searches=searches)
    except (NotFoundError, AuthorizationException):
        return RunState()
    last, finished = ([_read_run(hit["_source"]) for hit in _hits(part)] for part in response["responses"])
    return RunState(last=next(iter(last), None), last_finished=next((run.ended for run in finished), None))


def _hits(response: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return the hits of one search of several; none of a refused one."""
    hits: Sequence[Mapping[str, Any]] = response.get("hits", {}).get("hits", [])
    return hits


def _read_run(source: Mapping[str, Any]) -> LastRun:
    return LastRun(
        started=datetime.fromisoformat(source["started"]),
        ended=datetime.fromisoformat(source["ended"]),
        outcome=str(source["outcome"]),
        counts={str(name): int(count) for name, count in source.get("counts", {}).items()},
    )
