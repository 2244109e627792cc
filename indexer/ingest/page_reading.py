"""The stage that reads: a leaf → the documents of its pages and pictures. No pixels, and nothing of the index."""

from dataclasses import dataclass

from core.picture_classes import ClassSet
from indexer.classification.labelling import name_catalogue_label
from indexer.documents.hybrid import HybridDocument, IndexDocument, page_document
from indexer.documents.pictures import Picture
from indexer.documents.places import PlaceTable
from indexer.images.crops import Cropper
from indexer.images.fetching import Fetcher
from indexer.ingest.reader import LeafReader, PageContents
from indexer.ingest.report import RunReportBuilder
from indexer.records import Leaf, Volume


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureDocument:
    """A picture, and its document without vectors."""

    picture: Picture
    document: HybridDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """A page with its documents."""

    contents: PageContents
    file: str
    """What problems call the page."""
    document: IndexDocument | None
    """None for a plain picture, which has no text."""
    pictures: tuple[PictureDocument, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLeaf:
    """What a leaf has: usually one page; a whole issue may be one file."""

    pages: tuple[ReadPage, ...]
    report: RunReportBuilder
    """What was counted and what was wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafDocumentReader:
    """Reads leaves in any thread."""

    cropper: Cropper
    fetcher: Fetcher
    model_versions: str
    """The models of the run, as a part of a document's fingerprint."""
    class_set: ClassSet
    places: PlaceTable | None

    def read(self, volume: Volume, leaf: Leaf) -> ReadLeaf:
        """Return what a leaf of a volume has; what cannot be read is in its report."""
        report = RunReportBuilder()
        reader = LeafReader(self.cropper, self.fetcher, report)
        file = leaf.alto or leaf.scan or leaf.image_service or volume.source
        pages = tuple(self._read_page(contents, file) for contents in reader.read_pages(volume.book, leaf))
        return ReadLeaf(pages=pages, report=report)

    def _read_page(self, contents: PageContents, file: str) -> ReadPage:
        return ReadPage(
            contents=contents,
            file=file,
            document=page_document(contents.ocr_page, self.places) if contents.ocr_page else None,
            pictures=tuple(map(self._make_document, contents.pictures)),
        )

    def _make_document(self, picture: Picture) -> PictureDocument:
        provenance = f"{self.cropper.scan_signature(picture.leaf)} {self.model_versions}"
        document = HybridDocument.from_picture(picture, provenance, self.places)
        return PictureDocument(picture=picture, document=name_catalogue_label(document, self.class_set))
