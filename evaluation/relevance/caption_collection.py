"""A collection of captions: pictures without pixels, to measure what words find of them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from core.encoders.protocols import MeaningEncoder
from core.geometry import PixelBox
from core.settings import Settings
from indexer.documents.hybrid import HybridDocument
from indexer.documents.pictures import Picture
from indexer.elasticsearch.client import connect, translate_errors
from indexer.elasticsearch.collection import Collection
from indexer.ingest.vectors import DocumentEncoders
from indexer.records import Book, Context, GraphicalElement, Leaf, TextPassage

BATCH_SIZE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """The words of a picture."""

    id: str
    language: str
    text: str
    is_title: bool = False
    """Whether it is the title of a catalogue record, and nothing is printed around the picture."""

    def to_document(self) -> HybridDocument:
        title, caption = (self.text, "") if self.is_title else ("", self.text)
        picture = Picture(
            book=Book(id=self.id, title=title, languages=(self.language,)),
            leaf=Leaf(id=self.id, number=1),
            element=GraphicalElement(
                alto_id="picture",
                block_type="Illustration",
                box=PixelBox(0, 0, 500, 500),
                context=Context(caption=TextPassage(caption)),
            ),
            scan_width=1000,
            scan_height=1000,
        )
        return HybridDocument.from_picture(picture, "no scan")


@contextmanager
def open_caption_collection(
    settings: Settings, url: str, captions: Sequence[Caption], encoder: MeaningEncoder
) -> Iterator[Settings]:
    """Write the captions into a temporary collection; yield its settings and delete it afterwards."""
    # The indexer's API key only allows index names that start with the alias and say that they are an evaluation's.
    collection_settings = settings.model_copy(update={"alias": f"{settings.alias}-evaluation-{uuid4().hex}"})
    encoders = DocumentEncoders((), encoder)
    with connect(settings, url) as client, translate_errors(url):
        collection = Collection.open_or_create(client, collection_settings.alias, encoders.all)
        try:
            documents = encoders.encode([], [caption.to_document() for caption in captions])
            rejections = list(collection.pictures.write(documents, datetime.now(UTC).isoformat()))
            if rejected := [rejection for rejection in rejections if rejection]:
                raise ValueError(f"Elasticsearch refused {len(rejected)} captions: {rejected[0].reason}")
            collection.refresh()
            yield collection_settings
        finally:
            client.indices.delete(index=[index.name for index in collection.all_indices()])
