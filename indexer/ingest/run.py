"""One ingest run: sources → volumes → documents in the three indices, and a report of what happened."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path

from core.console import print_warning
from core.encoders.selection import load_encoders, load_meaning_encoder
from core.errors import FrontispieceError
from core.settings import Settings
from indexer import sources
from indexer.classification.labelling import load_classifier
from indexer.documents.places import PlaceTable
from indexer.elasticsearch.client import connect, translate_errors
from indexer.elasticsearch.collection import Collection
from indexer.elasticsearch.runs import record_run
from indexer.images.crops import Cropper
from indexer.images.fetching import Fetcher
from indexer.ingest.pipeline import Pipeline
from indexer.ingest.progress import NO_PROGRESS, ProgressCallbacks
from indexer.ingest.report import RunReportBuilder
from indexer.ingest.vectors import DocumentEncoders
from indexer.records import Problem, Volume, is_url
from indexer.run_records import FileAccount, IngestRun, RunReport


def index_sources(
    settings: Settings,
    url: str,
    locations: Sequence[str],
    *,
    rebuild: bool = False,
    progress: ProgressCallbacks = NO_PROGRESS,
    warn: Callable[[str], None] = print_warning,
) -> RunReport:
    """Read every source, write its pictures, pages and books, and return the report of the run.

    `url` is the cluster's address. With `rebuild` the documents go into new indices, and the aliases move to them at
    the end; a rebuild that writes nothing raises an error and leaves the old indices in place.
    """
    places = PlaceTable.read(settings.places)
    vision_encoders = load_encoders(settings, warn=warn)
    encoders = DocumentEncoders(vision_encoders, load_meaning_encoder(settings, warn=warn))
    classifier = load_classifier(settings, vision_encoders)
    report_builder, run = RunReportBuilder(), IngestRun.start(locations, encoders.all, rebuild=rebuild)
    with (
        connect(settings, url) as client,
        record_run(client, settings.alias, run, report_builder.build, url=url, warn=warn),
        translate_errors(url),
        Fetcher(settings) as fetcher,
        Cropper(settings, fetcher) as crops,
        Collection.rebuild(client, settings.alias, encoders.all, allow_dropped_models=bool(settings.models))
        if rebuild
        else nullcontext(Collection.open_or_create(client, settings.alias, encoders.all)) as collection,
    ):
        pipeline = Pipeline(
            collection,
            encoders,
            crops,
            fetcher,
            crops_folder=settings.crops_folder,
            batch_size=settings.batch_size,
            indexed_at=run.started_at.isoformat(timespec="seconds"),
            progress=progress,
            report_builder=report_builder,
            classifier=classifier,
            places=places,
        )
        report = pipeline.run(_find_volumes(locations, fetcher, settings.unpacked_folder))
        if rebuild and not (report.written or report.pages_written):
            cause = f": {report.problems[0]}" if report.problems else ""
            raise FrontispieceError(f"there was nothing to write, so the old index stays in place{cause}")
        return report


def distinct_locations(locations: Sequence[str]) -> tuple[str, ...]:
    """Return the locations without those that are named again, by any path: their files would be counted twice."""
    locations_by_place: dict[str, str] = {}
    for location in locations:
        locations_by_place.setdefault(location if is_url(location) else str(Path(location).resolve()), location)
    return tuple(locations_by_place.values())


def _find_volumes(
    locations: Sequence[str], fetcher: Fetcher, work_folder: Path
) -> Iterator[Volume | Problem | FileAccount]:
    for location in distinct_locations(locations):
        yield from sources.find_volumes(location, fetcher.get, work_folder)
