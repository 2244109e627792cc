"""A volume in a process of its own: the ordinary stages of a run, over what is shared with all the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from core.errors import FrontispieceError
from indexer.cluster.encoders import ModelFacts, remote_encoders, round_robin
from indexer.cluster.machines import check_shared_storage, machine_settings
from indexer.cluster.ray_session import load_ray
from indexer.cluster.remote_host import RemoteHost
from indexer.cluster.volume_watcher import VolumeProgress, VolumeWatcher, regular_reports
from indexer.elasticsearch.client import connect, translate_errors
from indexer.elasticsearch.collection import Collection, CollectionPlaces
from indexer.elasticsearch.lease import LeaseWatch
from indexer.elasticsearch.stored_encodings import StoredEncodings
from indexer.images.fetching import Fetcher
from indexer.ingest.ownership import BookOwnership
from indexer.ingest.report import RunReportBuilder
from indexer.ingest.run_job import DocumentRules, open_pipeline
from indexer.ingest.volume_run import RunKey
from indexer.records import Problem, Volume


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerPlan:
    """What every worker of a run needs to know; the handles are those of Ray's actors."""

    run_id: str
    rules: DocumentRules
    url: str
    lease_owner: str
    places: CollectionPlaces
    models: tuple[ModelFacts, ...]
    encoder_servers: Sequence[Any]
    coordinator: Any
    marker: Path
    """A file in the shared data folder; a machine that does not see it has another folder."""
    source_paths: tuple[str, ...]
    is_local: bool
    """Whether all workers are on the machine of the command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeTask:
    """A volume to be read, by one attempt of possibly several."""

    key: RunKey
    attempt: int
    volume: Volume
    earlier_sources: Mapping[str, str]
    """Where this run has read the same book before, by the id of its document."""

    @property
    def owner(self) -> str:
        """The name of this attempt."""
        return f"{'.'.join(map(str, self.key))}/{self.attempt}"


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeOutcome:
    """What became of a volume."""

    report: RunReportBuilder
    progress: VolumeProgress
    problems: tuple[Problem, ...]
    """Why the volume was left out, if it was."""
    sources: Mapping[str, str]
    """Where its book has been read in this run."""
    error: FrontispieceError | None = None
    """Why the run cannot go on."""


class _Session:
    """What a worker process keeps from one volume of a run to the next."""

    def __init__(self, plan: WorkerPlan) -> None:
        ray = load_ray()
        self.settings = machine_settings(plan.rules.settings, is_local=plan.is_local)
        check_shared_storage(plan.marker, plan.source_paths)
        self.client = connect(self.settings, plan.url, is_patient=True)
        self.collection = Collection.from_places(self.client, plan.places)
        self.encoders = remote_encoders(plan.models, round_robin(ray, plan.encoder_servers))
        self.stored_encodings = StoredEncodings(self.client, self.collection, self.encoders.all)
        self.lease = LeaseWatch(self.client, self.settings.alias, plan.lease_owner)

        def ask(method: str, *args: Any) -> Any:
            return ray.get(getattr(plan.coordinator, method).remote(*args))

        def tell(method: str, *args: Any) -> None:
            getattr(plan.coordinator, method).remote(*args)

        self.ask, self.tell = ask, tell


_sessions: dict[str, _Session] = {}


def work_on_volume(plan: WorkerPlan, task: VolumeTask) -> VolumeOutcome:
    """Write a volume and return what became of it; an error that ends the run is part of the outcome."""
    watcher, part = VolumeWatcher(), RunReportBuilder()
    sources: Mapping[str, str] = {}
    error: FrontispieceError | None = None
    try:
        with translate_errors(plan.url):
            session = _sessions.get(plan.run_id) or _sessions.setdefault(plan.run_id, _Session(plan))
            ownership = BookOwnership(session.collection, task.earlier_sources)
            part = _fill(plan, session, task, ownership, watcher)
            sources = ownership.sources_of_run
    except FrontispieceError as run_error:
        error = run_error
    return VolumeOutcome(
        report=part, progress=watcher.progress(), problems=tuple(watcher.problems), sources=sources, error=error
    )


def _fill(
    plan: WorkerPlan, session: _Session, task: VolumeTask, ownership: BookOwnership, watcher: VolumeWatcher
) -> RunReportBuilder:
    report_builder, progress = RunReportBuilder(), watcher.callbacks()
    open_host = partial(RemoteHost, owner=task.owner, ask=session.ask, tell=session.tell)
    with (
        Fetcher(session.settings, meters=progress.meters, open_host=open_host) as fetcher,
        open_pipeline(
            replace(plan.rules, settings=session.settings),
            session.collection,
            session.encoders,
            fetcher,
            progress=progress,
            report_builder=report_builder,
            check_lease=session.lease.check,
            stored_encodings=session.stored_encodings,
            ownership=ownership,
        ) as pipeline,
        regular_reports(session.ask, task.owner, watcher, pipeline.stop),
    ):
        pipeline.fill([[(task.key, task.volume)]])
    return report_builder.open_part(task.key)
