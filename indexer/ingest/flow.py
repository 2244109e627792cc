"""What the stages of one run share: their tools, and the bounded queues between them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Self

from indexer.classification.model import Classifier
from indexer.documents.places import PlaceTable
from indexer.elasticsearch.collection import Collection
from indexer.elasticsearch.stored_encodings import StoredEncodings
from indexer.images.crops import Cropper
from indexer.ingest.crop_files import CropFiles
from indexer.ingest.encoding import CutPicture
from indexer.ingest.flow_control import RunControl, StageQueue, ThreadGroup
from indexer.ingest.host_pools import LOCAL_HOST, HostPools
from indexer.ingest.ownership import BookOwnership
from indexer.ingest.page_budget import PageBudget
from indexer.ingest.page_reading import LeafDocumentReader
from indexer.ingest.progress import ProgressCallbacks
from indexer.ingest.report import RunReportBuilder
from indexer.ingest.vectors import DocumentEncoders
from indexer.ingest.volume_run import VolumeRun, VolumesInFlight
from indexer.stage_meters import StageMeters

PAGES_PER_REQUEST = 4
"""Pages of a server in flight for each request that it gets at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageLimits:
    """How many of everything a run has at once."""

    batch_size: int
    """Pictures that are encoded together."""
    pages_in_flight: int = 64
    requests_per_host: int = 4
    decoders: int = 2
    bulk_requests: int = 1

    def threads_of_host(self, host: str) -> int:
        """Return how many threads read and fetch from a host."""
        return self.decoders if host == LOCAL_HOST else self.requests_per_host

    def pages_of_host(self, host: str) -> int:
        """Return how many pages may be in flight from one host; a server that hangs leaves room for others."""
        return self.pages_in_flight if host == LOCAL_HOST else PAGES_PER_REQUEST * self.requests_per_host


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTools:
    """What the stages of a run work with."""

    collection: Collection
    encoders: DocumentEncoders
    cropper: Cropper
    crop_files: CropFiles
    leaf_reader: LeafDocumentReader
    ownership: BookOwnership
    report_builder: RunReportBuilder
    progress: ProgressCallbacks
    meters: StageMeters
    indexed_at: str
    check_lease: Callable[[], None]
    classifier: Classifier | None
    places: PlaceTable | None
    stored_encodings: StoredEncodings | None
    limits: StageLimits
    unpacked_folder: Path | None
    """Where archives are unpacked, for as long as their volumes are read; None if that can be anywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedPicture:
    """A picture between two stages, with the volume that it belongs to."""

    run: VolumeRun
    cut_picture: CutPicture


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFlow:
    """The threads of a run and what they pass on."""

    control: RunControl
    lanes: ThreadGroup
    pools: HostPools
    budget: PageBudget
    volumes: VolumesInFlight
    cut_pictures: StageQueue[QueuedPicture]
    writes: StageQueue[Callable[[], None]]
    """Calls that send documents to Elasticsearch or delete some."""
    claiming: Lock
    """Held while a volume gets its book's id."""

    @classmethod
    def from_limits(cls, limits: StageLimits) -> Self:
        """Return the flow of a run that has not begun."""
        control = RunControl()
        return cls(
            control=control,
            lanes=ThreadGroup(control),
            pools=HostPools(control, limits.threads_of_host),
            budget=PageBudget(control, limits.pages_in_flight, limits.pages_of_host),
            volumes=VolumesInFlight(control),
            # One batch is encoded while the next one is cut out.
            cut_pictures=StageQueue(control, 2 * limits.batch_size),
            writes=StageQueue(control, limits.bulk_requests),
            claiming=Lock(),
        )
