"""A dozen pictures in three books whose neighbours are known beforehand, and the smallest encoders that know them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from elasticsearch import Elasticsearch
from PIL import Image, ImageColor

from core import image_api
from core.encoders.protocols import Encoder, Vectors, unit
from core.geometry import PixelBox
from indexer.documents.hybrid import Document, HybridDocument, book_document, page_document
from indexer.documents.pictures import Picture, PrintedPage
from indexer.elasticsearch.collection import Indices
from indexer.records import Book, Context, GraphicalElement, Leaf, Passage


class Blocks:
    """A picture is its 8 x 8 colours: a scaled copy has a cosine near 1, another picture one near 0."""

    name, model, revision, preprocessing, dimensions = "sscd", "tests/blocks", "1", "8 x 8 colours", 512

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        rows = np.zeros((len(images), self.dimensions), np.float32)
        for row, image in zip(rows, images, strict=True):
            row[:192] = np.asarray(image.convert("RGB").resize((8, 8), Image.Resampling.BOX), np.float32).ravel() - 128
        return unit(rows + 1e-3)


class Colours(Blocks):
    """Knows words too: a text is the picture of the colour that it names."""

    name, model = "clip", "tests/colours"

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        return self.encode_images([Image.new("RGB", (8, 8), self._colour(text)) for text in texts])

    def _colour(self, text: str) -> str:
        return text if text in ImageColor.colormap else "grey"


def drawing(number: int) -> Image.Image:
    """The picture of the document of that number; number 11 is all red."""
    if number == 11:
        return Image.new("RGB", (64, 64), "red")
    pixels = np.random.default_rng(number).choice([0, 255], size=(8, 8, 3)).astype(np.uint8)
    return Image.fromarray(pixels).resize((64, 64), Image.Resampling.NEAREST)


def _book(title: str, year: int, *others: str) -> Book:
    publisher, place, language, author, urn = others
    return Book(
        id=urn,
        title=title,
        year=year,
        publisher=publisher,
        place=place,
        languages=(language,),
        authors=(author,),
        identifiers=(urn,),
    )


KYST = _book("Norges kyst & havner", 1885, "Aschehoug", "Kristiania", "nob", "Anna Moe", "URN:NBN:no-nb_digibok_1")
BIRDS = _book("Birds of the Fjords", 1893, "Macmillan", "London", "eng", "John Gould", "URN:NBN:no-nb_digibok_2")
MASKIN = _book("Maskinlære", 1901, "Cammermeyer", "Kristiania", "nob", "Per Lie", "URN:NBN:no-nb_digibok_3")

PICTURES: list[tuple[Book, str, str, str, str]] = [
    # book, caption, before, page text beside these, label
    (KYST, "Fyrtårnet ved Lindesnes", "Sjøen slår mot fjellet.", "og havet er stort", "Illustration"),
    (KYST, "Havnen", "Skipene ligger i havnen.", "og havet er stort, fyrtårnet lyser", "Illustration"),
    (KYST, "", "", "og kartet viser havet", "Map"),
    (KYST, "Kart over Bergen", "", "og kartet viser Bergen", "Map"),
    (BIRDS, "The white-tailed eagle", "It nests on the cliffs.", "eagles and the sea", "Illustration"),
    (BIRDS, "A puffin", "", "the sea and the eagle", "Illustration"),
    (BIRDS, "", "", "", "Ornament"),
    (BIRDS, "Nests", "<b>Eggs & shells</b>", "the eggs", "Illustration"),
    (MASKIN, "Dampmaskinen", "Kjelen er av jern.", "og dampen driver maskinen", "Illustration"),
    (MASKIN, "Et tannhjul", "Dampmaskinens hjul.", "og hjulet driver maskinen", "Illustration"),
    (MASKIN, "", "", "og maskinen", "Ornament"),
    (MASKIN, "", "", "", "Illustration"),
]

INDEXED_AT = "2026-01-01T00:00:00Z"
SIDE = 64
"""Pixels of each picture, and of the page that has nothing else on it."""


def picture_id(number: int) -> str:
    return picture(number).id


def picture(number: int) -> Picture:
    """The only one of its page, in a library that has the scan."""
    book, caption, before, beside, label = PICTURES[number]
    leaf, box = _leaf(number, label), PixelBox(0, 0, SIDE, SIDE)
    context = Context(caption=_read(caption), before=_read(before), page_text=_read(caption, before, beside))
    return Picture(
        book=book,
        leaf=leaf,
        element=GraphicalElement(alto_id=f"GE{number}", kind="Illustration", box=box, context=context),
        scan_width=SIDE,
        scan_height=SIDE,
        region=image_api.region_url(f"https://iiif.example.org/{number}", box),
    )


def document(number: int, encoders: Sequence[Encoder]) -> HybridDocument:
    vectors = {each.name: each.encode_images([drawing(number)])[0] for each in encoders}
    return HybridDocument.of(picture(number), made_from="").with_vectors(vectors)


def page(number: int) -> Document:
    """The words around the picture of that number, in one line below each other."""
    book, caption, before, beside, _ = PICTURES[number]
    text = _read(caption, before, beside)
    boxes = " ".join(f"0,{place},{SIDE},1" for place, _ in enumerate(text.text.split()))
    leaf = _leaf(number)
    return page_document(PrintedPage(book=book, leaf=leaf, text=text, boxes=boxes, width=SIDE, height=SIDE, pictures=1))


def _leaf(number: int, label: str = "") -> Leaf:
    return Leaf(id=f"page_{number:04}", number=number + 1, catalogue_label=label)


def _read(*texts: str) -> Passage:
    return Passage(" ".join(text for text in texts if text), 0.9)


@contextmanager
def filled(client: Elasticsearch, alias: str, encoders: Sequence[Encoder]) -> Iterator[Indices]:
    """The dozen behind its alias; in the end whatever stands behind that is deleted."""
    try:
        yield fill(client, alias, encoders)
    finally:
        if left := list(client.indices.get(index=f"{alias}*", features=["aliases"])):
            client.indices.delete(index=left)


def fill(client: Elasticsearch, alias: str, encoders: Sequence[Encoder]) -> Indices:
    """The dozen as the indexer writes it: pictures, pages and books."""
    indices = Indices.current(client, alias, encoders)
    numbers = range(len(PICTURES))
    books = [book_document(book, pages=4, pictures=4) for book in (KYST, BIRDS, MASKIN)]
    written = [
        *indices.pictures.write([document(number, encoders) for number in numbers], INDEXED_AT),
        *indices.pages.write([page(number) for number in numbers], INDEXED_AT),
        *indices.books.write(books, INDEXED_AT),
    ]
    assert not any(written)
    indices.refresh()
    return indices
