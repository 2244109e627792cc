"""The index of ingest runs, which Kibana shows beside the collection."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk, scan

from core.errors import FrontispieceError, IncompatibleIndex
from core.timestamps import utc_now
from indexer.documents.runs import RunDocument, format_timestamp, run_documents
from indexer.elasticsearch.client import translate_errors
from indexer.elasticsearch.index_meta import IndexMeta
from indexer.elasticsearch.mappings import index_alias, index_body
from indexer.run_records import IngestRun, RunReport

MAX_RUNS, MAX_RUN_AGE = 500, timedelta(days=365)
"""Runs that are kept: one each night for a year, and some by hand."""

WRITE_TIMEOUT_SECONDS = 30
"""A finished run does not wait longer for a node that is down."""


@contextmanager
def record_run(
    client: Elasticsearch,
    alias: str,
    run: IngestRun,
    build_report: Callable[[], RunReport],
    *,
    url: str,
    warn: Callable[[str], None],
) -> Iterator[None]:
    """Write a record of the run into Elasticsearch when the block ends, with an error or without.

    If the record cannot be written, `warn` gets a sentence and the outcome of the run stays what it is.
    """
    error: BaseException | None = None
    entered_at = time.monotonic()
    try:
        yield
    except BaseException as run_error:
        error = run_error
        raise
    finally:
        # The calendar clock may have been set during the run.
        ended_at = run.started_at + timedelta(seconds=time.monotonic() - entered_at)
        documents = run_documents(run, build_report(), error, ended_at)
        try:
            with translate_errors(url):
                # After a fingerprint mismatch the user chooses another alias; this one gets no index of runs.
                write_run(client, alias, documents, allow_create=not isinstance(error, IncompatibleIndex))
        except (Exception, KeyboardInterrupt) as write_error:  # noqa: BLE001 the run itself has not failed
            warn(f"Kibana will not show this run: {str(write_error) or 'stopped'}")


def write_run(
    client: Elasticsearch, alias: str, documents: Mapping[str, RunDocument], *, allow_create: bool = True
) -> None:
    """Write the documents of one run and delete old runs; without `allow_create` only into an existing index."""
    client, name = client.options(request_timeout=WRITE_TIMEOUT_SECONDS, max_retries=0), index_alias(alias, "runs")
    mappings = index_body("runs")["mappings"]
    if _has_runs_index(client, name):
        # An index of an earlier version lacks the counters that were added since.
        client.indices.put_mapping(index=name, properties=mappings["properties"])
    elif allow_create:
        client.indices.create(index=f"{name}-v1", aliases={name: {}}, mappings=mappings)
    else:
        return
    actions = ({"_id": id_, "_source": source} for id_, source in documents.items())
    _, rejections = bulk(client, actions, index=name, require_alias=True, raise_on_error=False, refresh=True)
    delete_old_runs(client, name)
    if isinstance(rejections, list) and rejections:
        reason = rejections[0]["index"]["error"]["reason"]
        raise FrontispieceError(
            f"Elasticsearch refused {len(rejections)} of {len(documents)} documents of the run, the first because "
            f"of: {reason}"
        )


def _has_runs_index(client: Elasticsearch, name: str) -> bool:
    if not client.indices.exists_alias(name=name):
        return False
    expected_writer = IndexMeta.for_kind("runs").written_by
    for index, definition in client.indices.get_mapping(index=name).items():
        if IndexMeta.from_mapping(definition["mappings"]).written_by != expected_writer:
            raise IncompatibleIndex(f"the index {index} was not made by Frontispiece")
    return True


def delete_old_runs(client: Elasticsearch, name: str, max_runs: int = MAX_RUNS) -> None:
    """Delete the runs older than `MAX_RUN_AGE` or beyond the newest `max_runs`, each with its problems."""
    oldest_hits = client.search(
        index=name,
        query={"term": {"document": "run"}},
        sort=[{"started": "desc"}],
        from_=max_runs - 1,
        size=1,
        source_includes=["started"],
    )["hits"]["hits"]
    cutoff = max([utc_now() - MAX_RUN_AGE, *(datetime.fromisoformat(hit["_source"]["started"]) for hit in oldest_hits)])
    older_than_cutoff = {"lt": format_timestamp(cutoff)}
    old_documents = {
        "bool": {"should": [{"range": {"started": older_than_cutoff}}, {"range": {"at": older_than_cutoff}}]}
    }
    hits = scan(client, query={"query": old_documents, "_source": False}, index=name)
    bulk(client, ({"_op_type": "delete", "_id": hit["_id"]} for hit in hits), index=name, raise_on_error=False)
