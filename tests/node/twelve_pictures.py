"""Twelve pictures in three books with known nearest neighbours, and two tiny encoders for them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from elasticsearch import Elasticsearch
from PIL import Image, ImageColor

from core import image_api
from core.dates import YearRange
from core.encoders.protocols import Encoder, Vectors
from core.encoders.vectors import normalise_vectors
from core.geometry import PixelBox
from indexer.documents.hybrid import HybridDocument, IndexDocument, book_document, page_document
from indexer.documents.pictures import OcrPage, Picture
from indexer.elasticsearch.collection import Collection
from indexer.records import Book, Context, GraphicalElement, Leaf, TextPassage


class ColourGridEncoder:
    """Encodes a picture as its 8 × 8 colours: a scaled copy has a cosine near 1, another picture near 0."""

    name, model, revision, preprocessing, dimensions = "sscd", "tests/blocks", "1", "8 x 8 colours", 512

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        rows = np.zeros((len(images), self.dimensions), np.float32)
        for row, image in zip(rows, images, strict=True):
            row[:192] = np.asarray(image.convert("RGB").resize((8, 8), Image.Resampling.BOX), np.float32).ravel() - 128
        return normalise_vectors(rows + 1e-3)


class ColourNameEncoder(ColourGridEncoder):
    """Encodes texts too: a text has the vector of a picture in the colour that it names."""

    name, model = "clip", "tests/colours"

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        return self.encode_images([Image.new("RGB", (8, 8), self._colour(text)) for text in texts])

    def _colour(self, text: str) -> str:
        return text if text in ImageColor.colormap else "grey"


def drawing(number: int) -> Image.Image:
    """Return the picture of this number; number 11 is entirely red."""
    if number == 11:
        return Image.new("RGB", (64, 64), "red")
    pixels = np.random.default_rng(number).choice([0, 255], size=(8, 8, 3)).astype(np.uint8)
    return Image.fromarray(pixels).resize((64, 64), Image.Resampling.NEAREST)


def _make_book(title: str, year: int, *details: str) -> Book:
    publisher, place, language, author, urn = details
    return Book(
        id=urn,
        title=title,
        years=YearRange(year, year),
        publisher=publisher,
        place=place,
        languages=(language,),
        authors=(author,),
        identifiers=(urn,),
    )


KYST = _make_book("Norges kyst & havner", 1885, "Aschehoug", "Kristiania", "nob", "Anna Moe", "URN:NBN:no-nb_digibok_1")
BIRDS = _make_book("Birds of the Fjords", 1893, "Macmillan", "London", "eng", "John Gould", "URN:NBN:no-nb_digibok_2")
MASKIN = _make_book("Maskinlære", 1901, "Cammermeyer", "Kristiania", "nob", "Per Lie", "URN:NBN:no-nb_digibok_3")

PICTURE_DATA: list[tuple[Book, str, str, str, str]] = [
    # book, caption, before, page text beside these, label
    (KYST, "Fyrtårnet ved Lindesnes", "Sjøen slår mot fjellet.", "og havet er stort", "Illustration"),
    (KYST, "Havnen", "Skipene ligger i havnen.", "og havet er stort, fyrtårnet lyser", "Illustration"),
    (KYST, "", "", "og kartet viser havet", "Map"),
    (KYST, "Kart over Bergen", "", "og kartet viser Bergen", "Map"),
    (BIRDS, "The white-tailed eagle", "It nests on the cliffs.", "eagles and the sea", "Illustration"),
    (BIRDS, "A puffin", "", "the sea and the eagle", "Illustration"),
    (BIRDS, "", "", "", "Vignette"),
    (BIRDS, "Nests", "<b>Eggs & shells</b>", "the eggs", "Illustration"),
    (MASKIN, "Dampmaskinen", "Kjelen er av jern.", "og dampen driver maskinen", "Illustration"),
    (MASKIN, "Et tannhjul", "Dampmaskinens hjul.", "og hjulet driver maskinen", "Illustration"),
    (MASKIN, "", "", "og maskinen", "Vignette"),
    (MASKIN, "", "", "", "Illustration"),
]

INDEXED_AT = "2026-01-01T00:00:00Z"
PICTURE_SIZE = 64
"""Pixels of each picture, and of its page, which holds nothing else."""


def picture_id(number: int) -> str:
    return picture(number).id


def picture(number: int) -> Picture:
    """Return the document of the picture, which is the only one on its page; the page has a scan."""
    book, caption, before, page_words, label = PICTURE_DATA[number]
    leaf, box = _make_leaf(number, label), PixelBox(0, 0, PICTURE_SIZE, PICTURE_SIZE)
    context = Context(
        caption=_make_passage(caption),
        before=_make_passage(before),
        page_text=_make_passage(caption, before, page_words),
    )
    return Picture(
        book=book,
        leaf=leaf,
        element=GraphicalElement(alto_id=f"GE{number}", block_type="Illustration", box=box, context=context),
        scan_width=PICTURE_SIZE,
        scan_height=PICTURE_SIZE,
        region=image_api.region_url(f"https://iiif.example.org/{number}", box),
    )


def picture_document(number: int, encoders: Sequence[Encoder]) -> HybridDocument:
    vectors = {encoder.name: encoder.encode_images([drawing(number)])[0] for encoder in encoders}
    return HybridDocument.from_picture(picture(number), provenance="").with_vectors(vectors)


def text_page_document(number: int) -> IndexDocument:
    """Return the document of the picture's page: its caption, the words before it and the other words, line by line."""
    book, caption, before, page_words, _ = PICTURE_DATA[number]
    text = _make_passage(caption, before, page_words)
    boxes = " ".join(f"0,{line_number},{PICTURE_SIZE},1" for line_number, _ in enumerate(text.text.split()))
    leaf = _make_leaf(number)
    return page_document(
        OcrPage(
            book=book, leaf=leaf, text=text, word_boxes=boxes, width=PICTURE_SIZE, height=PICTURE_SIZE, picture_count=1
        )
    )


def _make_leaf(number: int, label: str = "") -> Leaf:
    return Leaf(id=f"page_{number:04}", number=number + 1, catalogue_label=label)


def _make_passage(*texts: str) -> TextPassage:
    return TextPassage(" ".join(text for text in texts if text), 0.9)


@contextmanager
def temporary_collection(client: Elasticsearch, alias: str, encoders: Sequence[Encoder]) -> Iterator[Collection]:
    """Index the twelve pictures under the alias; delete every index behind the alias afterwards."""
    try:
        yield fill_collection(client, alias, encoders)
    finally:
        if remaining_indices := list(client.indices.get(index=f"{alias}*", features=["aliases"])):
            client.indices.delete(index=remaining_indices)


def fill_collection(client: Elasticsearch, alias: str, encoders: Sequence[Encoder]) -> Collection:
    """Write the twelve pictures with their pages and books, as the indexer does."""
    collection = Collection.open_or_create(client, alias, encoders)
    picture_numbers = range(len(PICTURE_DATA))
    books = [book_document(book, pages=4, pictures=4) for book in (KYST, BIRDS, MASKIN)]
    errors = [
        *collection.pictures.write([picture_document(number, encoders) for number in picture_numbers], INDEXED_AT),
        *collection.pages.write([text_page_document(number) for number in picture_numbers], INDEXED_AT),
        *collection.books.write(books, INDEXED_AT),
    ]
    assert not any(errors)
    collection.refresh()
    return collection
