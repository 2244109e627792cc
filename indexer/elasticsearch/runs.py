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
from core.errors import ContractBroken, FrontispieceError
from indexer.elasticsearch.index import explained
from indexer.elasticsearch.mappings import alias_of, mapping
from indexer.ingest.report import Ledger, Report
from indexer.records import Problem

Body = dict[str, Any]

MOST_PROBLEMS = 10_000
"""Of one run; a folder of scans that is not mounted has as many as it has pages."""

KEPT_RUNS, KEPT = 500, timedelta(days=365)
"""A run each night for a year, and some by hand."""

SECONDS = 30
"""A run that is over should not wait longer for a node that is away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One call of `index`."""

    id: str
    started: datetime
    sources: tuple[str, ...]
    models: tuple[str, ...]
    rebuild: bool

    @classmethod
    def begun(cls, sources: Sequence[str], encoders: Sequence[Encoder], *, rebuild: bool) -> Self:
        now = datetime.now(UTC)
        return cls(
            id=f"{now:%Y%m%dT%H%M%S}-{token_hex(4)}",
            started=now,
            sources=tuple(sources),
            models=tuple(f"{each.name}@{each.revision}" for each in encoders),
            rebuild=rebuild,
        )


@contextmanager
def noted(
    client: Elasticsearch, alias: str, run: Run, ledger: Ledger, *, url: str, warn: Callable[[str], None]
) -> Iterator[None]:
    """Writes a run down however it ends; where that fails it is a warning, and the run goes its way."""
    error: BaseException | None = None
    try:
        yield
    except BaseException as raised:
        error = raised
        raise
    finally:
        documents = run_documents(run, ledger.closed(), error, datetime.now(UTC))
        try:
            with explained(url):
                # Whoever is told to choose another alias should not find an index of that name.
                write(client, alias, documents, may_make=not isinstance(error, ContractBroken))
        except (Exception, KeyboardInterrupt) as failed:  # noqa: BLE001 a run that did its work has not failed
            warn(f"this run will be missing in Kibana: {str(failed) or 'stopped'}")


def run_documents(
    run: Run, report: Report, error: BaseException | None, ended: datetime, most: int = MOST_PROBLEMS
) -> dict[str, Body]:
    """By id: the run, and each of its problems, the worst first, as far as there is room."""
    problems = list(_problems(report, error))
    of_run = {
        "document": "run",
        "run": run.id,
        "started": _time(run.started),
        "ended": _time(ended),
        "outcome": _outcome(error),
        "rebuild": run.rebuild,
        "sources": [_shown(each) for each in run.sources],
        "models": list(run.models),
        "version": version("frontispiece"),
        "counts": {each.name: _count(getattr(report, each.name)) for each in fields(report)},
        "unlisted": max(0, len(problems) - most),
    }
    of_problem = {"document": "problem", "run": run.id, "at": _time(run.started)}
    documents: dict[str, Body] = {run.id: of_run}
    for number, (severity, problem) in enumerate(islice(problems, most)):
        named = {"file": _shown(problem.file), "reason": _shown(problem.reason), "severity": severity}
        documents[f"{run.id}-{number}"] = of_problem | {name: value for name, value in named.items() if value}
    return documents


def write(client: Elasticsearch, alias: str, documents: dict[str, Body], *, may_make: bool = True) -> None:
    """Adds what one run has, and takes away what is old."""
    client, name = client.options(request_timeout=SECONDS, max_retries=0), alias_of(alias, "runs")
    if not _is_there(client, name):
        if not may_make:
            return
        body = mapping("runs")
        client.indices.create(index=f"{name}-v1", aliases={name: {}}, mappings=body["mappings"])
    actions = ({"_id": id_, "_source": source} for id_, source in documents.items())
    _, refused = bulk(client, actions, index=name, raise_on_error=False, refresh=True)
    forget(client, name)
    if isinstance(refused, list) and refused:
        why = refused[0]["index"]["error"]["reason"]
        raise FrontispieceError(f"{len(refused)} of its {len(documents)} documents were refused, the first for: {why}")


def _is_there(client: Elasticsearch, name: str) -> bool:
    if not client.indices.exists_alias(name=name):
        return False
    ours = mapping("runs")["mappings"]["_meta"]["written_by"]
    for index, found in client.indices.get_mapping(index=name).items():
        if found["mappings"].get("_meta", {}).get("written_by") != ours:
            raise ContractBroken(f"the index {index} was not made by Frontispiece")
    return True


def forget(client: Elasticsearch, name: str, runs: int = KEPT_RUNS) -> None:
    """Deletes the runs that are older than a year or than the newest `runs`, each with its problems."""
    oldest = client.search(
        index=name,
        query={"term": {"document": "run"}},
        sort=[{"started": "desc"}],
        from_=runs - 1,
        size=1,
        source_includes=["started"],
    )["hits"]["hits"]
    since = max([datetime.now(UTC) - KEPT, *(datetime.fromisoformat(each["_source"]["started"]) for each in oldest)])
    before = {"lt": _time(since)}
    old = {"bool": {"should": [{"range": {"started": before}}, {"range": {"at": before}}]}}
    hits = scan(client, query={"query": old, "_source": False}, index=name)
    bulk(client, ({"_op_type": "delete", "_id": hit["_id"]} for hit in hits), index=name, raise_on_error=False)


def _problems(report: Report, error: BaseException | None) -> Iterator[tuple[str, Problem]]:
    """The worst first: what ended the run, what Elasticsearch refused, what was left out, what is only odd."""
    if error is not None and not isinstance(error, KeyboardInterrupt):
        yield "ended the run", Problem("", str(error) or type(error).__name__)
    of_severity = {"refused": report.rejected, "left out": report.problems, "warning": report.warnings}
    for severity, problems in of_severity.items():
        yield from ((severity, each) for each in problems)


def _outcome(error: BaseException | None) -> str:
    if error is None:
        return "finished"
    return "stopped" if isinstance(error, KeyboardInterrupt) else "failed"


def _count(value: int | list[Problem]) -> int:
    return value if isinstance(value, int) else len(value)


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def _shown(text: str) -> str:
    """Without the password of an address, and without bytes of a file's name that are no letter."""
    readable = text.encode("utf-8", "replace").decode("utf-8")
    return re.sub(r"(https?://)[^/@\s]+@", r"\1", readable)
