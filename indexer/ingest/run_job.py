"""What one run has to do, and what carries it out: this process, or the machines of a cluster."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from core.crop_stores import open_crop_store
from core.settings import Settings
from indexer.classification.model import Classifier
from indexer.documents.places import PlaceTable
from indexer.elasticsearch.client import ElasticsearchClient
from indexer.elasticsearch.collection import Collection
from indexer.elasticsearch.lease import Lease
from indexer.elasticsearch.stored_encodings import StoredEncodings
from indexer.images.crops import Cropper
from indexer.images.fetching import Fetcher
from indexer.ingest.flow import StageLimits
from indexer.ingest.ownership import BookOwnership
from indexer.ingest.pipeline import Pipeline
from indexer.ingest.progress import ProgressCallbacks
from indexer.ingest.report import RunReportBuilder
from indexer.ingest.vectors import DocumentEncoders


@dataclass(frozen=True, slots=True, kw_only=True)
class RunModels:
    """The models of a run, and how many pictures they get at a time."""

    encoders: DocumentEncoders
    batch_size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRules:
    """What decides on the content of documents, beside their sources and the models; it can be sent to a worker."""

    settings: Settings
    batch_size: int
    indexed_at: str
    classifier: Classifier | None
    places: PlaceTable | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestJob:
    """One run whose indices are open and whose lease is held."""

    rules: DocumentRules
    url: str
    """The cluster of Elasticsearch."""
    client: ElasticsearchClient
    collection: Collection
    encoders: DocumentEncoders
    lease: Lease
    progress: ProgressCallbacks
    report_builder: RunReportBuilder
    warn: Callable[[str], None]


class RunEngine(Protocol):
    """Carries out a run."""

    def load_models(self, settings: Settings, warn: Callable[[str], None]) -> RunModels:
        """Return the models of the settings; `warn` gets a sentence for each that cannot be loaded."""
        ...

    def fill(self, job: IngestJob, locations: Sequence[str]) -> None:
        """Write the volumes of all sources, and add to the report of the job what became of them."""
        ...


@contextmanager
def open_pipeline(
    rules: DocumentRules,
    collection: Collection,
    encoders: DocumentEncoders,
    fetcher: Fetcher,
    *,
    progress: ProgressCallbacks,
    report_builder: RunReportBuilder,
    check_lease: Callable[[], None],
    stored_encodings: StoredEncodings,
    ownership: BookOwnership | None = None,
) -> Iterator[Pipeline]:
    """Yield the stages of a run in this process."""
    settings = rules.settings
    with Cropper(settings, fetcher) as cropper:
        yield Pipeline(
            collection,
            encoders,
            cropper,
            fetcher,
            crop_store=open_crop_store(settings),
            limits=StageLimits(
                batch_size=rules.batch_size,
                pages_in_flight=settings.pages_in_flight,
                requests_per_host=settings.requests_per_host,
                decoders=settings.decoders,
                bulk_requests=settings.bulk_requests,
            ),
            indexed_at=rules.indexed_at,
            progress=progress,
            report_builder=report_builder,
            classifier=rules.classifier,
            places=rules.places,
            check_lease=check_lease,
            stored_encodings=stored_encodings,
            unpacked_folder=settings.unpacked_folder,
            ownership=ownership,
        )
