"""A run of `frontispiece index`: each stage beside its bare library, and the whole beside its slowest stage.

    python -m benchmarks.pipeline [--count 48] [--rounds 3] [--url http://127.0.0.1:9200]

The pictures are drawn. They are read from disk, and from a IIIF server on loopback that takes 200 ms for each answer.
Without `--url` an embedded node is started. Prints a Markdown table.
"""

import argparse
import statistics
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory

import httpx
from PIL import Image

from benchmarks.encoders import draw_pictures
from benchmarks.slow_server import run_slow_server
from benchmarks.source_data import SHARED, SPECIMEN, read_alto_pages
from benchmarks.timing import BenchmarkRow, TimedPair, markdown_table, measure_seconds, time_alternately
from core.console import print_warning
from core.crop_stores import open_crop_store
from core.encoders.protocols import FeatureEncoder
from core.encoders.selection import load_encoders
from core.settings import Settings
from indexer.context.page_text import words_and_boxes
from indexer.documents.hybrid import HybridDocument, IndexDocument, page_document
from indexer.documents.pictures import OcrPage
from indexer.elasticsearch.client import ElasticsearchClient, connect
from indexer.elasticsearch.collection import Collection
from indexer.embedded import ElasticsearchNode
from indexer.formats import alto
from indexer.images.crops import Cropper
from indexer.images.fetching import Fetcher
from indexer.ingest.encoding import CutPicture, encode
from indexer.ingest.flow import StageLimits
from indexer.ingest.pipeline import Pipeline
from indexer.ingest.vectors import DocumentEncoders
from indexer.records import Book, Leaf
from indexer.sources import find_volumes

DELAY_SECONDS = 0.2
COUNT, ROUNDS = 48, 3
INDEXED_AT = "2026-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class PipelineBenchmark:
    """The tools of one measurement."""

    client: ElasticsearchClient
    encoders: DocumentEncoders
    folder: Path
    rounds: int

    def rows(self) -> list[BenchmarkRow]:
        pictures = [Image.open(path).convert("RGB") for path in sorted((self.folder / "pictures").iterdir())]
        with run_slow_server(self.folder / "pictures", 0) as quick_url:
            fetch_row = self._fetch_row(f"{quick_url}/files/", len(pictures))
        return [
            self._read_row(),
            fetch_row,
            self._encode_row(pictures),
            self._write_row(pictures),
            *self._pipeline_rows(pictures),
        ]

    def _read_row(self) -> BenchmarkRow:
        """Measure pages with their documents beside the parsing alone."""
        files = read_alto_pages(SHARED / "alto" if SHARED.is_dir() else SPECIMEN)[:40]
        pair = time_alternately(
            lambda: [_read_document(data) for data in files],
            lambda: [alto.read_pages(data, "page") for data in files],
            self.rounds,
        )
        return _row(f"read: {len(files)} pages of ALTO, with their documents", pair, len(files), "pages", "the reader")

    def _fetch_row(self, base_url: str, picture_count: int) -> BenchmarkRow:
        """Measure bytes through the polite client beside httpx, four requests at a time."""
        urls = [f"{base_url}{number:03}" for number in range(picture_count)]
        size = sum(path.stat().st_size for path in (self.folder / "pictures").iterdir()) / 1e6

        def fetch_politely() -> None:
            settings = Settings(cache=self.folder / token_hex(4))
            with Fetcher(settings) as fetcher, ThreadPoolExecutor(settings.requests_per_host) as executor:
                list(executor.map(fetcher.get, urls))

        def fetch_plainly() -> None:
            with httpx.Client() as client, ThreadPoolExecutor(4) as executor:
                list(executor.map(lambda url: client.get(url).content, urls))

        pair = time_alternately(fetch_politely, fetch_plainly, self.rounds)
        return _row(f"fetch: {picture_count} files, {size:.1f} MB, from a local server", pair, size, "MB", "bare httpx")

    def _encode_row(self, pictures: Sequence[Image.Image]) -> BenchmarkRow:
        document = HybridDocument(id="d", source={})
        cut_pictures = [CutPicture(document=document, image=picture, digest="") for picture in pictures]
        pair = time_alternately(
            lambda: encode(cut_pictures, self.encoders), partial(self._encode_plainly, pictures), self.rounds
        )
        return _row(f"encode: {len(pictures)} pictures", pair, len(pictures), "pictures", "the encoder alone")

    def _encode_plainly(self, pictures: Sequence[Image.Image]) -> None:
        for encoder in self.encoders.vision:
            encoder.encode_images(pictures)
            if isinstance(encoder, FeatureEncoder):
                encoder.encode_features(pictures)

    def _write_row(self, pictures: Sequence[Image.Image]) -> BenchmarkRow:
        """Measure bulk writes beside the same bytes sent by httpx."""
        with self._new_collection() as collection:
            self._run_pipeline(self.folder / "pictures", collection)
            hits = self.client.search(index=collection.pictures.name, size=len(pictures))["hits"]["hits"]
            documents = [IndexDocument(id=hit["_id"], source=hit["_source"]) for hit in hits] * 5
            numbers = count()
            url = str(next(iter(self.client.transport.node_pool.all())).base_url)
            lines = [
                self.client.transport.serializers.dumps(document.source, "application/json") for document in documents
            ]

            def write() -> None:
                list(collection.pictures.write(documents, INDEXED_AT))

            def write_plainly() -> None:
                body = b"".join(b'{"index":{"_id":"%d"}}\n%s\n' % (next(numbers) % 50, line) for line in lines)
                headers = {"content-type": "application/x-ndjson"}
                httpx.post(f"{url}/{collection.pictures.alias}/_bulk", content=body, headers=headers, timeout=60)

            pair = time_alternately(write, write_plainly, self.rounds)
        return _row(f"write: {len(documents)} documents", pair, len(documents), "documents", "bare httpx")

    def _pipeline_rows(self, pictures: Sequence[Image.Image]) -> Iterator[BenchmarkRow]:
        """Measure whole runs from disk and from the slow server beside the slowest stage, the encoder."""
        local, remote, bare = [], [], []
        for _ in range(self.rounds):
            with self._new_collection() as collection:
                local.append(measure_seconds(lambda: self._run_pipeline(self.folder / "pictures", collection)))
            bare.append(measure_seconds(lambda: self._encode_plainly(pictures)))
            with (
                self._new_collection() as collection,
                run_slow_server(self.folder / "pictures", DELAY_SECONDS) as url,
            ):
                remote.append(measure_seconds(lambda: self._run_pipeline(f"{url}/3/manifest", collection)))
        description = f"`frontispiece index`, {len(pictures)} pictures"
        limit = "the slowest stage, the encoder, alone"
        yield _row(f"{description} on disk", TimedPair(local, bare), len(pictures), "pictures", limit)
        server = f"from a IIIF server that takes {DELAY_SECONDS * 1000:.0f} ms"
        yield _row(f"{description} {server}", TimedPair(remote, bare), len(pictures), "pictures", limit)
        yield _row(f"{description} {server}", TimedPair(remote, local), len(pictures), "pictures", "the same on disk")

    def _run_pipeline(self, source: str | Path, collection: Collection) -> None:
        settings = Settings(data=self.folder / token_hex(4), cache=self.folder / token_hex(4))
        with Fetcher(settings) as fetcher, Cropper(settings, fetcher) as cropper:
            pipeline = Pipeline(
                collection,
                self.encoders,
                cropper,
                fetcher,
                crop_store=open_crop_store(settings),
                limits=StageLimits(batch_size=settings.batch_size),
                indexed_at=INDEXED_AT,
            )
            report = pipeline.run(find_volumes(source, fetcher.get))
        if report.problems or not report.written:
            raise RuntimeError(report.problems or "nothing was written")

    @contextmanager
    def _new_collection(self) -> Iterator[Collection]:
        alias = f"bench-{token_hex(6)}"
        collection = Collection.open_or_create(self.client, alias, self.encoders.all)
        try:
            yield collection
        finally:
            self.client.indices.delete(index=[index.name for index in collection.all_indices()])


def _read_document(data: bytes) -> list[IndexDocument]:
    documents = []
    for page in alto.read_pages(data, "page"):
        text, boxes = words_and_boxes(page, 1)
        ocr_page = OcrPage(
            book=Book(id="b"), leaf=Leaf(id="b_1", number=1), text=text, word_boxes=boxes, width=1, height=1
        )
        documents.append(page_document(ocr_page))
    return documents


def _row(description: str, pair: TimedPair, amount: float, unit: str, limit: str) -> BenchmarkRow:
    ours, bare = (amount / statistics.median(times) for times in (pair.ours, pair.bare))
    return BenchmarkRow(description, f"{ours:,.1f} {unit}/s", f"{limit} {bare:,.1f} {unit}/s", pair.ratio)


def pipeline_rows(picture_count: int = COUNT, rounds: int = ROUNDS, url: str = "") -> list[BenchmarkRow]:
    """Return the rows of every stage and of whole runs."""
    settings = Settings.from_environ().model_copy(update={"models": "sscd"})
    encoders = DocumentEncoders(load_encoders(settings, warn=print_warning))
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pictures").mkdir()
        for number, picture in enumerate(draw_pictures(picture_count)):
            picture.save(folder / "pictures" / f"{number:03}.jpg", quality=90)
        with _node(url, folder, settings) as node_url, connect(settings, node_url) as client:
            return PipelineBenchmark(client, encoders, folder, rounds).rows()


@contextmanager
def _node(url: str, folder: Path, settings: Settings) -> Iterator[str]:
    if url:
        yield url
    else:
        with ElasticsearchNode(folder / "node", settings.cache) as node:
            yield node.url


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=COUNT, help="number of pictures")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--url", default="", help="an Elasticsearch node; by default an embedded one is started")
    options = parser.parse_args()
    print(markdown_table(pipeline_rows(options.count, options.rounds, options.url)))


if __name__ == "__main__":
    main()
