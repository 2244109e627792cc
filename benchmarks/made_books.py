"""Books of a synthetic collection as files that a library could have: pages of PAGE-XML, scans and a MODS record.

Few scans serve for all pages, as links to the same files; the words and the records are those of the collection.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from os import link
from pathlib import Path
from shutil import rmtree
from xml.sax.saxutils import escape

import numpy as np
from PIL import Image

from benchmarks.collection import SyntheticCollection
from benchmarks.ocr_documents import write_page_xml
from core.batches import batched
from core.geometry import Box
from indexer.documents.pictures import Picture
from indexer.ingest.volume_lane import SourceItem
from indexer.records import Book, Page, PictureBlock, TextBlock, TextLine, Word
from indexer.sources import find_volumes

SCAN_WIDTH, SCAN_HEIGHT = 450, 650
"""Pixels: a quarter of a usual scan each way, because to decode pictures is not what is measured."""
SCANS = 12
WORDS_PER_LINE, WORD_WIDTH, LINE_HEIGHT = 10, 36, 12
PICTURE_SIDES = (200, 150)
BOOKS_KEPT = 24
"""Books whose files stay on disk behind the one that is read: a run has at most 64 pages in flight."""


def write_scans(folder: Path) -> list[Path]:
    """Write the scans that all pages share."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(4)
    paths = [folder / f"scan{number}.jpg" for number in range(SCANS)]
    for path in paths:
        pixels = rng.integers(0, 256, (SCAN_HEIGHT // 10, SCAN_WIDTH // 10), dtype=np.uint8)
        Image.fromarray(pixels).resize((SCAN_WIDTH, SCAN_HEIGHT), Image.Resampling.BICUBIC).save(path, quality=85)
    return paths


def made_volumes(collection: SyntheticCollection, folder: Path) -> Iterator[SourceItem]:
    """Yield the books of a collection as `frontispiece index` reads them; their files come and go on the way."""
    scans, written = write_scans(folder / "scans"), list[Path]()
    for book, pictures in groupby(collection.pictures(), key=lambda picture: picture.book):
        book_folder = folder / book.id
        write_book(book_folder, book, list(pictures), scans)
        written.append(book_folder)
        yield from find_volumes(book_folder)
        if len(written) > BOOKS_KEPT:
            rmtree(written.pop(0))


def write_book(folder: Path, book: Book, pictures: Sequence[Picture], scans: Sequence[Path]) -> None:
    """Write the files of one book; each of its pages has two of the pictures."""
    folder.mkdir(parents=True)
    (folder / "mods.xml").write_text(_mods_record(book), "utf-8")
    for number, page_pictures in enumerate(batched(pictures, 2)):
        name = f"{book.id}_{number:04}"
        (folder / f"{name}.xml").write_bytes(write_page_xml(_page(name, page_pictures)))
        link(scans[number % len(scans)], folder / f"{name}.jpg")


def _page(name: str, pictures: Sequence[Picture]) -> Page:
    """Return a page with its words in two blocks, and each picture with its caption behind one of them."""
    words = pictures[0].element.context.page_text.text.split()
    middle, top = len(words) // 2, 10.0
    blocks, blocks_of_pictures = list[TextBlock](), list[PictureBlock]()
    for index, picture in enumerate(pictures):
        half = words[:middle] if index == 0 else words[middle:]
        blocks.append(_text_block(f"t{index}", half, top))
        top = blocks[-1].box.bottom + LINE_HEIGHT
        width, height = PICTURE_SIDES
        blocks_of_pictures.append(
            PictureBlock(
                id=picture.element.alto_id,
                block_type="Illustration",
                box=Box(100, top, width, height // 2),
                position=len(blocks),
            )
        )
        top += height // 2 + 4
        if caption := picture.element.context.caption.text:
            blocks.append(_text_block(f"c{index}", caption.split(), top, left=100))
            top = blocks[-1].box.bottom + LINE_HEIGHT
    return Page(
        id=name,
        width=SCAN_WIDTH,
        height=SCAN_HEIGHT,
        blocks=tuple(blocks),
        pictures=tuple(blocks_of_pictures),
    )


def _text_block(block_id: str, words: Sequence[str], top: float, left: float = 20) -> TextBlock:
    lines = [
        TextLine(
            Box(left, top + row * LINE_HEIGHT, WORD_WIDTH * len(line), LINE_HEIGHT),
            tuple(
                Word(word, left + column * WORD_WIDTH, top + row * LINE_HEIGHT, WORD_WIDTH - 4, LINE_HEIGHT - 2, 0.9)
                for column, word in enumerate(line)
            ),
        )
        for row, line in enumerate(batched(words, WORDS_PER_LINE))
    ]
    width = max(line.box.width for line in lines)
    return TextBlock(block_id, Box(left, top, width, LINE_HEIGHT * len(lines)), tuple(lines))


def _mods_record(book: Book) -> str:
    subjects = "".join(f"<subject><topic>{escape(subject)}</topic></subject>" for subject in book.subjects)
    authors = "".join(f"<name><namePart>{escape(author)}</namePart></name>" for author in book.authors)
    identifiers = "".join(f'<identifier type="urn">{escape(number)}</identifier>' for number in book.identifiers)
    return (
        '<mods xmlns="http://www.loc.gov/mods/v3">'
        f"<titleInfo><title>{escape(book.title)}</title></titleInfo>{authors}"
        f"<genre>{escape(book.type_of_work)}</genre>"
        f"<originInfo><place><placeTerm>{escape(book.place)}</placeTerm></place>"
        f"<publisher>{escape(book.publisher)}</publisher><dateIssued>{book.year}</dateIssued></originInfo>"
        f"<language><languageTerm>{escape(' '.join(book.languages))}</languageTerm></language>"
        f"{subjects}{identifiers}</mods>\n"
    )
