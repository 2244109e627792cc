"""One ingest run: sources → volumes → documents in the three indices, and a report of what happened."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from core.console import print_message, print_warning
from core.crop_stores import open_crop_store
from core.encoders.protocols import VectorModel
from core.encoders.selection import load_encoders, load_meaning_encoder
from core.encoders.tuning import tune_encoders
from core.errors import FrontispieceError, ProblemCode
from core.settings import Settings
from indexer import sources
from indexer.classification.labelling import load_classifier
from indexer.documents.places import PlaceTable
from indexer.elasticsearch.aliases import index_names
from indexer.elasticsearch.client import ElasticsearchClient, connect, translate_errors
from indexer.elasticsearch.collection import Collection, check_ownership
from indexer.elasticsearch.lease import Lease, WhenHeld, hold_lease
from indexer.elasticsearch.rebuilding import open_rebuild
from indexer.elasticsearch.runs import record_run
from indexer.elasticsearch.segments import merge_or_warn
from indexer.elasticsearch.stored_encodings import StoredEncodings
from indexer.images.fetching import Fetcher
from indexer.ingest.host_pools import LOCAL_HOST, host_in_url
from indexer.ingest.pipeline import LaneItems
from indexer.ingest.progress import NO_PROGRESS, ProgressCallbacks
from indexer.ingest.report import RunReportBuilder
from indexer.ingest.run_job import DocumentRules, IngestJob, RunEngine, RunModels, open_pipeline
from indexer.ingest.vectors import DocumentEncoders
from indexer.records import is_url
from indexer.run_records import IngestRun, RunReport

UNREAD_SOURCE_CODES = frozenset(
    (
        ProblemCode.NOT_FOUND,
        ProblemCode.EMPTY,
        ProblemCode.UNREADABLE,
        ProblemCode.MALFORMED,
        ProblemCode.UNAVAILABLE,
        ProblemCode.NO_SCAN,
        ProblemCode.NO_FILES,
    )
)
"""Codes of problems that a folder has which is not mounted, a server that is down, or a file that is half copied."""


class LocalEngine:
    """Carries out a run in this process."""

    def load_models(self, settings: Settings, warn: Callable[[str], None]) -> RunModels:
        return load_models(settings, warn, print_message)

    def fill(self, job: IngestJob, locations: Sequence[str]) -> None:
        settings = job.rules.settings
        with (
            Fetcher(settings, meters=job.progress.meters) as fetcher,
            open_pipeline(
                job.rules,
                job.collection,
                job.encoders,
                fetcher,
                progress=job.progress,
                report_builder=job.report_builder,
                check_lease=job.lease.check,
                stored_encodings=StoredEncodings(job.client, job.collection, job.encoders.all),
            ) as pipeline,
        ):
            pipeline.fill(find_lanes(locations, fetcher, settings.unpacked_folder))


LOCAL_ENGINE = LocalEngine()


def load_models(settings: Settings, warn: Callable[[str], None], report: Callable[[str], None]) -> RunModels:
    """Return the models of the settings, each in its fastest form; `report` gets a sentence about each trial."""
    vision_encoders = tune_encoders(load_encoders(settings, warn=warn), report)
    encoders = DocumentEncoders(vision_encoders, load_meaning_encoder(settings, warn=warn))
    return RunModels(encoders=encoders, batch_size=encoders.batch_size(settings))


def index_sources(
    settings: Settings,
    url: str,
    locations: Sequence[str],
    *,
    rebuild: bool = False,
    fresh: bool = False,
    switch: bool = True,
    merge: bool = True,
    when_held: WhenHeld = "refuse",
    progress: ProgressCallbacks = NO_PROGRESS,
    warn: Callable[[str], None] = print_warning,
    engine: RunEngine = LOCAL_ENGINE,
) -> RunReport:
    """Read every source, write its pictures, pages and books, and return the report of the run.

    `url` is the cluster's address. With `rebuild` the documents go into new indices, and the aliases move to them at
    the end; a rebuild that writes nothing, or that lacks books or pictures of the old indices while a source could not
    be read, raises an error and leaves these in place. One that was stopped is continued, unless it is to be `fresh`;
    without `switch` the aliases stay as they are, and without `merge` the new indices keep their segments. `when_held`
    says what to do while another run writes into the collection. `engine` is where the stages work.
    """
    open_crop_store(settings).check_writable()
    places = PlaceTable.read(settings.places)
    models = engine.load_models(settings, warn)
    encoders, classifier = models.encoders, load_classifier(settings, models.encoders.vision)
    report_builder, run = RunReportBuilder(), IngestRun.start(locations, encoders.all, rebuild=rebuild)
    rules = DocumentRules(
        settings=settings,
        batch_size=models.batch_size,
        indexed_at=run.started_at.isoformat(timespec="seconds"),
        classifier=classifier,
        places=places,
    )
    progress.on_run(run)
    with (
        connect(settings, url, is_patient=True) as client,
        record_run(client, settings.alias, run, report_builder.build, url=url, warn=warn),
        translate_errors(url),
        open_collection_for_writing(
            client,
            settings,
            run,
            encoders.all,
            fresh=fresh,
            switch=switch,
            when_held=when_held,
            first_unread_source=lambda: _first_unread_source(report_builder.build()),
            warn=warn,
        ) as (collection, lease),
    ):
        job = IngestJob(
            rules=rules,
            url=url,
            client=client,
            collection=collection,
            encoders=encoders,
            lease=lease,
            progress=progress,
            report_builder=report_builder,
            warn=warn,
        )
        collection.refresh()
        engine.fill(job, locations)
        if rebuild:
            lease.confirm()
        collection.refresh()
        report = report_builder.build()
        if rebuild and collection.is_empty():
            cause = f": {report.problems[0]}" if report.problems else ""
            raise FrontispieceError(f"there was nothing to write, so the old index stays in place{cause}")
        if rebuild and merge:
            merge_or_warn(client, collection, check_lease=lease.check, report=print_message, warn=warn)
        progress.on_run_end(report)
        return report


@contextmanager
def open_collection_for_writing(
    client: ElasticsearchClient,
    settings: Settings,
    run: IngestRun,
    encoders: Sequence[VectorModel],
    *,
    fresh: bool,
    switch: bool,
    when_held: WhenHeld,
    first_unread_source: Callable[[], str],
    warn: Callable[[str], None],
) -> Iterator[tuple[Collection, Lease]]:
    """Hold the lease of the collection and yield the indices that the run fills."""
    alias = settings.alias
    # An alias of another program gets no lease.
    check_ownership(client, index_names(client, alias))
    command = " ".join(["frontispiece index", *(["--rebuild"] if run.rebuild else []), *run.sources])
    with hold_lease(client, alias, command, when_held=when_held, warn=warn) as lease:
        if not run.rebuild:
            yield Collection.open_or_create(client, alias, encoders), lease
            return
        with open_rebuild(
            client,
            alias,
            encoders,
            sources=[_absolute_location(location) for location in distinct_locations(run.sources)],
            fresh=fresh,
            switch=switch,
            allow_dropped_models=bool(settings.models),
            confirm_lease=lease.confirm,
            first_unread_source=first_unread_source,
            warn=warn,
        ) as collection:
            yield collection, lease


def _first_unread_source(report: RunReport) -> str:
    """Return the first problem because of which books may be missing; empty if every source was there."""
    return next((str(problem) for problem in report.problems if problem.code in UNREAD_SOURCE_CODES), "")


def distinct_locations(locations: Sequence[str]) -> tuple[str, ...]:
    """Return the locations without those that are named again, by any path: their files would be counted twice."""
    locations_by_place: dict[str, str] = {}
    for location in locations:
        locations_by_place.setdefault(_absolute_location(location), location)
    return tuple(locations_by_place.values())


def _absolute_location(location: str) -> str:
    return location if is_url(location) else str(Path(location).resolve())


def find_lanes(locations: Sequence[str], fetcher: Fetcher, work_folder: Path) -> list[LaneItems]:
    """Return what the sources of each host yield, and what those on disk do; each item with its place in the run."""
    numbers_by_host: dict[str, list[int]] = {}
    places = distinct_locations(locations)
    for number, location in enumerate(places):
        host = host_in_url(location) if is_url(location) else LOCAL_HOST
        numbers_by_host.setdefault(host, []).append(number)
    return [
        (
            ((number, position), item)
            for number in numbers
            for position, item in enumerate(sources.find_volumes(places[number], fetcher.get, work_folder))
        )
        for numbers in numbers_by_host.values()
    ]
