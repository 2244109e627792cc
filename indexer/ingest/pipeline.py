"""Volumes → documents: stages that overlap, with bounded queues between them, and a report of what was left out.

Lanes read volumes, threads of each host fetch and cut out pictures, one thread encodes them, and others write.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from core.crop_stores import CropStore
from core.picture_classes import read_classes
from indexer.classification.labelling import add_labels
from indexer.classification.model import Classifier
from indexer.documents.places import PlaceTable
from indexer.elasticsearch.collection import Collection
from indexer.elasticsearch.stored_encodings import StoredEncodings
from indexer.images.crops import Cropper
from indexer.images.fetching import Fetcher
from indexer.ingest.crop_files import CropFiles
from indexer.ingest.document_writer import DocumentWriter
from indexer.ingest.encoding import encode, find_equal_pictures
from indexer.ingest.flow import QueuedPicture, RunFlow, RunTools, StageLimits
from indexer.ingest.flow_control import RunStopped
from indexer.ingest.ownership import BookOwnership
from indexer.ingest.page_reading import LeafDocumentReader
from indexer.ingest.progress import NO_PROGRESS, ProgressCallbacks
from indexer.ingest.report import RunReportBuilder
from indexer.ingest.vectors import DocumentEncoders
from indexer.ingest.volume_lane import SourceItem, VolumeLane
from indexer.ingest.volume_run import RunKey
from indexer.run_records import RunReport

IDLE_SECONDS = 1.0
"""If no further picture arrives in this time, those that wait are encoded; the encoder has nothing else to do."""

LaneItems = Iterable[tuple[RunKey, SourceItem]]
"""What the sources of one lane yield, each with its place in the run."""


class Pipeline:
    """Fills the indices from volumes; a limited number of pages is in memory at a time."""

    def __init__(
        self,
        collection: Collection,
        encoders: DocumentEncoders,
        cropper: Cropper,
        fetcher: Fetcher,
        *,
        crop_store: CropStore,
        limits: StageLimits,
        indexed_at: str,
        progress: ProgressCallbacks = NO_PROGRESS,
        report_builder: RunReportBuilder | None = None,
        classifier: Classifier | None = None,
        places: PlaceTable | None = None,
        check_lease: Callable[[], None] = lambda: None,
        stored_encodings: StoredEncodings | None = None,
        unpacked_folder: Path | None = None,
        ownership: BookOwnership | None = None,
    ) -> None:
        self._flow: RunFlow | None = None
        class_set = classifier.class_set if classifier else read_classes(None)
        self._tools = RunTools(
            collection=collection,
            encoders=encoders,
            cropper=cropper,
            crop_files=CropFiles(crop_store),
            leaf_reader=LeafDocumentReader(
                cropper=cropper, fetcher=fetcher, model_versions=encoders.versions, class_set=class_set, places=places
            ),
            ownership=ownership or BookOwnership(collection),
            report_builder=report_builder or RunReportBuilder(),
            progress=progress,
            meters=progress.meters,
            indexed_at=indexed_at,
            check_lease=check_lease,
            classifier=classifier,
            places=places,
            stored_encodings=stored_encodings,
            limits=limits,
            unpacked_folder=unpacked_folder,
        )

    def run(self, volumes: Iterable[SourceItem]) -> RunReport:
        """Write every volume and return the report; a bad file becomes a problem, a wrong vector stops the run."""
        return self.run_lanes([(((number,), item) for number, item in enumerate(volumes))])

    def run_lanes(self, lanes: Sequence[LaneItems]) -> RunReport:
        """Do the same for volumes of several hosts, each in a lane of its own."""
        self._tools.collection.refresh()
        self.fill(lanes)
        self._tools.collection.refresh()
        return self._tools.report_builder.build()

    def fill(self, lanes: Sequence[LaneItems]) -> None:
        """Write the volumes of each lane; what earlier runs wrote must be visible, and nothing is made visible."""
        flow = self._flow = RunFlow.from_limits(self._tools.limits)
        try:
            self._run_stages(flow, lanes)
        except RunStopped:
            flow.control.raise_error()
        finally:
            flow.control.stop()
            flow.control.join()

    def stop(self, error: BaseException) -> None:
        """Let `fill`, which another thread has called, raise an error as soon as what is being written has been."""
        if self._flow:
            self._flow.control.stop(error)

    def _run_stages(self, flow: RunFlow, lanes: Sequence[LaneItems]) -> None:
        writer = DocumentWriter(self._tools, flow)
        readers = [VolumeLane(number, self._tools, flow, writer) for number in range(len(lanes))]
        for reader, items in zip(readers, lanes, strict=True):
            flow.lanes.start("read", partial(reader.run, items))
        flow.control.start("encode", lambda: self._encode_pictures(flow, writer), writes=True)
        for _ in range(self._tools.limits.bulk_requests):
            flow.control.start("write", writer.work, writes=True)
        flow.lanes.wait()
        flow.volumes.wait_until_cut()
        flow.cut_pictures.close()
        flow.volumes.wait_until_empty()
        flow.writes.close()
        flow.control.wait_for_end()

    def _encode_pictures(self, flow: RunFlow, writer: DocumentWriter) -> None:
        """Encode until no more pictures come, in batches across volumes."""
        while batch := flow.cut_pictures.get_batch(self._tools.limits.batch_size, IDLE_SECONDS):
            self._encode_batch(batch, writer)
            flow.cut_pictures.finish(len(batch))

    def _encode_batch(self, batch: Sequence[QueuedPicture], writer: DocumentWriter) -> None:
        tools = self._tools
        pictures = [queued.cut_picture for queued in batch]
        if tools.stored_encodings:
            pictures = find_equal_pictures(pictures, tools.stored_encodings)
        for queued, picture in zip(batch, pictures, strict=True):
            queued.run.report.count("reused", tools.encoders.covers(picture.stored))
        with tools.meters.measure("encode"):
            documents = encode(pictures, tools.encoders)
            if tools.classifier:
                documents = add_labels(documents, tools.classifier, tools.indexed_at)
        tools.meters.count("encode", len(documents))
        writer.write_pictures(batch, documents)
