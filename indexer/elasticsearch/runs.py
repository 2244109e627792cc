"""What each run of `index` did and could not do, kept beside the collection for Kibana."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from itertools import islice
from secrets import token_hex
from typing import Any, Self

from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk, scan

from core.encoders.protocols import Encoder
from core.errors import FingerprintMismatch, FrontispieceError
from indexer.elasticsearch.client import translate_errors
from indexer.elasticsearch.mappings import index_alias, index_body
from indexer.ingest.report import RunReport, RunReportBuilder
from indexer.records import Problem

Body = dict[str, Any]

MAX_PROBLEMS = 10_000
"""Of one run; a folder of scans that is not mounted has as many as it has pages."""

MAX_RUNS, MAX_RUN_AGE = 500, timedelta(days=365)
"""A run each night for a year, and some by hand."""

WRITE_TIMEOUT_SECONDS = 30
"""A run that is over should not wait longer for a node that is away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestRun:
    """One call of `index`."""

    id: str
    started_at: datetime
    sources: tuple[str, ...]
    models: tuple[str, ...]
    rebuild: bool

    @classmethod
    def start(cls, sources: Sequence[str], encoders: Sequence[Encoder], *, rebuild: bool) -> Self:
        now = datetime.now(UTC)
        return cls(
            id=f"{now:%Y%m%dT%H%M%S}-{token_hex(4)}",
            started_at=now,
            sources=tuple(sources),
            models=tuple(f"{encoder.name}@{encoder.revision}" for encoder in encoders),
            rebuild=rebuild,
        )


@contextmanager
def record_run(
    client: Elasticsearch,
    alias: str,
    run: IngestRun,
    report_builder: RunReportBuilder,
    *,
    url: str,
    warn: Callable[[str], None],
) -> Iterator[None]:
    """Writes a run down however it ends; where that fails it is a warning, and the run goes its way."""
    error: BaseException | None = None
    try:
        yield
    except BaseException as run_error:
        error = run_error
        raise
    finally:
        documents = run_documents(run, report_builder.build(), error, datetime.now(UTC))
        try:
            with translate_errors(url):
                # Whoever is told to choose another alias should not find an index of that name.
                write_run(client, alias, documents, allow_create=not isinstance(error, FingerprintMismatch))
        except (Exception, KeyboardInterrupt) as write_error:  # noqa: BLE001 a run that did its work has not failed
            warn(f"this run will be missing in Kibana: {str(write_error) or 'stopped'}")


def run_documents(
    run: IngestRun, report: RunReport, error: BaseException | None, ended_at: datetime, max_problems: int = MAX_PROBLEMS
) -> dict[str, Body]:
    """By id: the run, and each of its problems, the worst first, as far as there is room."""
    problems = list(_problems_by_severity(report, error))
    run_document = {
        "document": "run",
        "run": run.id,
        "started": _timestamp(run.started_at),
        "ended": _timestamp(ended_at),
        "outcome": _outcome(error),
        "rebuild": run.rebuild,
        "sources": [_redact(source) for source in run.sources],
        "models": list(run.models),
        "version": version("frontispiece"),
        "counts": {report_field.name: _count(getattr(report, report_field.name)) for report_field in fields(report)},
        "unlisted": max(0, len(problems) - max_problems),
    }
    common_fields = {"document": "problem", "run": run.id, "at": _timestamp(run.started_at)}
    documents: dict[str, Body] = {run.id: run_document}
    for number, (severity, problem) in enumerate(islice(problems, max_problems)):
        details = {"file": _redact(problem.file), "reason": _redact(problem.reason), "severity": severity}
        documents[f"{run.id}-{number}"] = common_fields | {name: value for name, value in details.items() if value}
    return documents


def write_run(client: Elasticsearch, alias: str, documents: dict[str, Body], *, allow_create: bool = True) -> None:
    """Adds what one run has, and takes away what is old."""
    client, name = client.options(request_timeout=WRITE_TIMEOUT_SECONDS, max_retries=0), index_alias(alias, "runs")
    if not _has_runs_index(client, name):
        if not allow_create:
            return
        body = index_body("runs")
        client.indices.create(index=f"{name}-v1", aliases={name: {}}, mappings=body["mappings"])
    actions = ({"_id": id_, "_source": source} for id_, source in documents.items())
    _, rejections = bulk(client, actions, index=name, raise_on_error=False, refresh=True)
    delete_old_runs(client, name)
    if isinstance(rejections, list) and rejections:
        reason = rejections[0]["index"]["error"]["reason"]
        raise FrontispieceError(
            f"{len(rejections)} of its {len(documents)} documents were refused, the first for: {reason}"
        )


def _has_runs_index(client: Elasticsearch, name: str) -> bool:
    if not client.indices.exists_alias(name=name):
        return False
    expected_writer = index_body("runs")["mappings"]["_meta"]["written_by"]
    for index, definition in client.indices.get_mapping(index=name).items():
        if definition["mappings"].get("_meta", {}).get("written_by") != expected_writer:
            raise FingerprintMismatch(f"the index {index} was not made by Frontispiece")
    return True


def delete_old_runs(client: Elasticsearch, name: str, max_runs: int = MAX_RUNS) -> None:
    """Deletes the runs that are older than a year or than the newest `runs`, each with its problems."""
    oldest_hits = client.search(
        index=name,
        query={"term": {"document": "run"}},
        sort=[{"started": "desc"}],
        from_=max_runs - 1,
        size=1,
        source_includes=["started"],
    )["hits"]["hits"]
    cutoff = max(
        [datetime.now(UTC) - MAX_RUN_AGE, *(datetime.fromisoformat(hit["_source"]["started"]) for hit in oldest_hits)]
    )
    older_than_cutoff = {"lt": _timestamp(cutoff)}
    old_documents = {
        "bool": {"should": [{"range": {"started": older_than_cutoff}}, {"range": {"at": older_than_cutoff}}]}
    }
    hits = scan(client, query={"query": old_documents, "_source": False}, index=name)
    bulk(client, ({"_op_type": "delete", "_id": hit["_id"]} for hit in hits), index=name, raise_on_error=False)


def _problems_by_severity(report: RunReport, error: BaseException | None) -> Iterator[tuple[str, Problem]]:
    """The worst first: what ended the run, what Elasticsearch refused, what was left out, what is only odd."""
    if error is not None and not isinstance(error, KeyboardInterrupt):
        yield "ended the run", Problem("", str(error) or type(error).__name__)
    problem_lists = {"refused": report.rejected, "left out": report.problems, "warning": report.warnings}
    for severity, problems in problem_lists.items():
        yield from ((severity, problem) for problem in problems)


def _outcome(error: BaseException | None) -> str:
    if error is None:
        return "finished"
    return "stopped" if isinstance(error, KeyboardInterrupt) else "failed"


def _count(value: int | list[Problem]) -> int:
    return value if isinstance(value, int) else len(value)


def _timestamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def _redact(text: str) -> str:
    """Without the password of an address, and without bytes of a file's name that are no letter."""
    readable = text.encode("utf-8", "replace").decode("utf-8")
    return re.sub(r"(https?://)[^/@\s]+@", r"\1", readable)
