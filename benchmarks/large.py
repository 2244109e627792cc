"""Fills an index at the paper's size through the pipeline of `frontispiece index`, and watches its memory.

    python -m benchmarks.large [--pictures 422589] [--keep FOLDER]

Books, pages and words are made, and files of them are read; pictures are few and repeated, and the vectors of three
models are made, so that everything is measured but the networks. Prints Markdown tables: how the run went, and what a
picture takes on disk once its index is merged, as a rebuild does. The folder of `--keep` holds the filled node
afterwards.
"""

import argparse
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL.Image import Image

from benchmarks.collection import CLUSTER_SIZE, LATENT_DIMENSIONS, SyntheticCollection
from benchmarks.made_books import made_volumes
from benchmarks.process_memory import resident_bytes
from benchmarks.source_data import SHARED, SPECIMEN, read_alto_pages
from core.crop_stores import open_crop_store
from core.encoders.protocols import Vectors
from core.encoders.vectors import normalise_vectors
from core.settings import Settings
from indexer.elasticsearch.client import ElasticsearchClient, connect
from indexer.elasticsearch.collection import Collection
from indexer.elasticsearch.segments import merge_segments
from indexer.embedded import ElasticsearchNode
from indexer.images.crops import Cropper
from indexer.images.fetching import Fetcher
from indexer.ingest.flow import StageLimits
from indexer.ingest.pipeline import Pipeline
from indexer.ingest.progress import ProgressCallbacks
from indexer.ingest.vectors import DocumentEncoders
from indexer.run_records import RunReport
from indexer.stage_meters import StageMeters

PICTURES = 422_589
"""Those of the paper (arXiv 2410.14969)."""
DIMENSIONS = {"sscd": 512, "siglip": 768, "vit": 768}
ALIAS = "large"
HEAP = "4g"
PARTS = 10
"""Parts of the run that the table has a row for."""
SAMPLE_SECONDS = 1.0
INDEXED_AT = "2026-01-01T00:00:00Z"


@dataclass
class MadeEncoder:
    """Returns vectors in clusters, like those of real pictures, whatever the picture shows."""

    name: str
    dimensions: int
    model: str = "made"
    revision: str = "1"
    preprocessing: str = "none"
    _rng: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self._rng = np.random.default_rng(self.dimensions)
        self._directions = self._rng.standard_normal((LATENT_DIMENSIONS, self.dimensions), np.float32)
        self._centre = self._rng.standard_normal(LATENT_DIMENSIONS, np.float32)
        self._count = 0

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        """Return a row for each picture, from a new cluster after every `CLUSTER_SIZE` pictures."""
        rows = [self._encode_one() for _ in images]
        return np.concatenate(rows) if rows else np.zeros((0, self.dimensions), np.float32)

    def _encode_one(self) -> Vectors:
        if self._count % CLUSTER_SIZE == 0:
            self._centre = self._rng.standard_normal(LATENT_DIMENSIONS, np.float32)
        self._count += 1
        latent = self._centre + 0.5 * self._rng.standard_normal(LATENT_DIMENSIONS, np.float32)
        noise = 0.5 * self._rng.standard_normal((1, self.dimensions), np.float32)
        return normalise_vectors(latent @ self._directions + noise)


@dataclass(frozen=True, slots=True)
class RunPart:
    """One of the parts of a run."""

    pictures: int
    """Pictures written until its end."""
    seconds: float
    megabytes: float
    """The most memory of the indexer in it."""


@dataclass
class RunWatch:
    """Counts pictures and samples the memory of this process."""

    size: int
    parts: list[RunPart] = field(default_factory=list)

    @contextmanager
    def watch(self, meters: StageMeters) -> Iterator[None]:
        ended = threading.Event()
        thread = threading.Thread(target=self._sample, args=(meters, ended))
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _sample(self, meters: StageMeters, ended: threading.Event) -> None:
        start, highest = time.monotonic(), 0.0
        while True:
            has_ended = ended.wait(SAMPLE_SECONDS)
            highest = max(highest, resident_bytes() / 1e6)
            pictures = meters.figures()["encode"].count
            if has_ended or pictures * PARTS >= self.size * (len(self.parts) + 1):
                now = time.monotonic()
                self.parts.append(RunPart(pictures, now - start, highest))
                print(format_part(self.parts[-1]), flush=True)
                start, highest = now, 0.0
            if has_ended:
                return


def format_part(part: RunPart) -> str:
    return f"| {part.pictures:,} | {part.seconds / 60:.1f} | {part.megabytes:.0f} MB |"


def fill(client: ElasticsearchClient, size: int, folder: Path) -> tuple[RunReport, StageMeters, RunWatch]:
    """Run the pipeline over the made books."""
    encoders = DocumentEncoders([MadeEncoder(name, dimensions) for name, dimensions in DIMENSIONS.items()])
    settings = Settings(data=folder / "data", cache=folder / "cache")
    limits = StageLimits(batch_size=settings.batch_size, bulk_requests=settings.bulk_requests)
    synthetic = SyntheticCollection(size, read_alto_pages(SHARED / "alto", SPECIMEN))
    collection = Collection.open_or_create(client, ALIAS, encoders.all)
    meters, run_watch = StageMeters(), RunWatch(size)
    with Fetcher(settings) as fetcher, Cropper(settings, fetcher) as cropper, run_watch.watch(meters):
        report = Pipeline(
            collection,
            encoders,
            cropper,
            fetcher,
            crop_store=open_crop_store(settings),
            limits=limits,
            indexed_at=INDEXED_AT,
            progress=ProgressCallbacks(meters=meters),
        ).run(made_volumes(synthetic, folder / "books"))
    if report.problems:
        raise RuntimeError(report.problems[:3])
    return report, meters, run_watch


def node_minutes(client: ElasticsearchClient) -> float:
    """Return the minutes of processor time of the node since its start."""
    [node] = client.nodes.stats(metric="process")["nodes"].values()
    return float(node["process"]["cpu"]["total_in_millis"]) / 60_000


def disk_rows(client: ElasticsearchClient, size: int) -> Iterator[str]:
    """Yield what a picture takes on disk, by the parts of the index."""
    usage: dict[str, Any] = (
        client.options(request_timeout=7200).indices.disk_usage(index=ALIAS, run_expensive_tasks=True).body
    )
    for index in usage.values():
        if isinstance(index, dict) and "fields" in index:
            parts = {"everything": index["store_size_in_bytes"], **_field_bytes(index["fields"])}
            yield from (f"| {name} | {count / size / 1000:.2f} kB |" for name, count in parts.items())


def _field_bytes(fields: dict[str, Any]) -> dict[str, int]:
    """Return part of the index → bytes of its fields."""
    parts: dict[str, int] = {}
    for name, usage in fields.items():
        part = next((prefix for prefix in ("vectors", "forms", "_source", "page_text") if name.startswith(prefix)), "")
        part = name if part == "vectors" else part or "other fields"
        parts[part] = parts.get(part, 0) + usage["total_in_bytes"]
    return dict(sorted(parts.items(), key=lambda item: -item[1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=PICTURES)
    parser.add_argument("--keep", type=Path, help="an empty folder for the node; by default it is deleted afterwards")
    options = parser.parse_args()
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    cache = Settings.from_environ().cache
    with tempfile.TemporaryDirectory(dir=options.keep) as name:
        node_folder = options.keep or Path(name) / "node"
        with ElasticsearchNode(node_folder, cache, HEAP) as node, connect(Settings(alias=ALIAS), node.url) as client:
            print("| pictures | minutes | memory of the indexer |\n| ---: | ---: | ---: |", flush=True)
            start = time.monotonic()
            report, meters, _ = fill(client, options.pictures, Path(name))
            seconds = time.monotonic() - start
            figures = meters.figures()
            print(f"\n{report.written:,} documents in {seconds / 3600:.2f} hours; busy seconds of the stages:")
            print(", ".join(f"{stage} {measured.busy_seconds:.0f}" for stage, measured in figures.items()))
            start = time.monotonic()
            before, after = merge_segments(
                client, Collection.open_existing(client, ALIAS), check_lease=lambda: None, report=print
            )
            print(f"{before} segments were merged into {after} in {(time.monotonic() - start) / 60:.1f} minutes")
            print(f"Elasticsearch used its processors for {node_minutes(client):.0f} minutes in all")
            print("\n| part of the index | for a picture |\n| --- | ---: |")
            print("\n".join(disk_rows(client, options.pictures)))


if __name__ == "__main__":
    main()
