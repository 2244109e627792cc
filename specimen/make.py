"""`python -m specimen.make`: generates scans, ALTO, METS and ground truth of the specimen books."""

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np

from specimen import alto_bnf, alto_docworks, alto_escriptorium, manuscript, mets
from specimen.compositor import Compositor
from specimen.editions import EDITIONS
from specimen.ground_truth import page_ground_truth
from specimen.pages import Edition, FloatArray, PictureElement, TypesetPage
from specimen.printing import Skew, impression, photograph_page, scan_ink
from specimen.xml_builder import XmlElement, write_xml

BOOKS_FOLDER = Path(__file__).parent / "books"
TRUTH_FOLDER = Path(__file__).parent / "truth"
JPEG_QUALITY = 58
"""Hatching stays clean, and three books stay below 5 MB."""
MAX_TILT = 0.45
"""The largest rotation of a page on the scanner, in degrees."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """The ALTO dialect of one institution, and its file names."""

    write: Callable[[TypesetPage, str], XmlElement]
    alto_id: Callable[[TypesetPage, int], str]
    block_type: Callable[[PictureElement], str]
    page_name: str
    image_name: str


DIALECTS = {
    "docworks": Dialect(
        alto_docworks.build_alto,
        alto_docworks.alto_id,
        lambda _: alto_docworks.BLOCK_TYPE,
        "{book}_{page:04}",
        "{name}.tif",
    ),
    "bnf": Dialect(alto_bnf.build_alto, alto_bnf.alto_id, alto_bnf.block_type, "{page:08}", "{name}.jp2"),
    "escriptorium": Dialect(
        alto_escriptorium.build_alto,
        alto_escriptorium.alto_id,
        alto_escriptorium.block_type,
        "{book}_f{page}",
        "{name}.jpg",
    ),
}


def make_book(edition: Edition, folder: Path, truth_file: Path) -> list[TypesetPage]:
    """Write the scans, ALTO, METS and ground truth of one book; return its pages."""
    for name in ("scans", "alto"):
        (folder / name).mkdir(parents=True)
    dialect = DIALECTS[edition.alto_dialect]
    pages = Compositor(edition).compose(manuscript.read_manuscript(edition.manuscript))
    printed_pages = [_print_page(edition, page) for page in pages]
    truth_entries, page_names = [], []
    for index, (ink, page, skew) in enumerate(printed_pages):
        name = dialect.page_name.format(book=edition.id, page=page.number)
        page_names.append(name)
        # The other side of a leaf is the next page for a recto and the previous page for a verso.
        reverse_index = index + 1 if page.is_recto else index - 1
        reverse_ink = printed_pages[reverse_index][0] if 0 <= reverse_index < len(printed_pages) else None
        picture = photograph_page(
            ink, reverse_ink, edition.paper, _seed(edition, page, "scan"), recto=page.is_recto, skew=skew
        )
        picture.save(
            folder / "scans" / f"{name}.jpg", quality=JPEG_QUALITY, optimize=True, progressive=True, dpi=(400, 400)
        )
        write_xml(dialect.write(page, dialect.image_name.format(name=name)), folder / "alto" / f"{name}.xml")
        truth_entries += page_ground_truth(page, name, dialect.alto_id, dialect.block_type)
    scanned_pages = [page for _, page, _ in printed_pages]
    write_xml(mets.build_mets(edition, scanned_pages, page_names), folder / "mets.xml")
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in truth_entries)
    truth_file.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    return scanned_pages


def _print_page(edition: Edition, page: TypesetPage) -> tuple[FloatArray, TypesetPage, float]:
    seed = _seed(edition, page, "print")
    skew = Skew(float(np.random.default_rng(seed).uniform(-MAX_TILT, MAX_TILT)), page.width, page.height)
    ink, scanned_page = scan_ink(page, impression(page, seed), skew)
    return ink, scanned_page, skew.angle


def _seed(edition: Edition, page: TypesetPage, purpose: str) -> int:
    return crc32(f"{edition.id}/{page.number}/{purpose}".encode())


def main() -> None:
    """Generate all books; the old ones are replaced when the new ones are complete."""
    new_folder = BOOKS_FOLDER.with_name("books.new")
    shutil.rmtree(new_folder, ignore_errors=True)
    for edition in EDITIONS:
        pages = make_book(edition, new_folder / edition.id, TRUTH_FOLDER / f"{edition.id}.json")
        pictures = sum(len(page.pictures) for page in pages)
        sys.stdout.write(f"{edition.title}: {len(pages)} pages, {pictures} pictures\n")
    shutil.rmtree(BOOKS_FOLDER, ignore_errors=True)
    new_folder.rename(BOOKS_FOLDER)
    total_bytes = sum(path.stat().st_size for path in BOOKS_FOLDER.rglob("*") if path.is_file())
    sys.stdout.write(f"{total_bytes / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main()
