"""`python -m specimen.make`: prints, photographs and describes the specimen books."""

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np

from specimen import alto_bnf, alto_docworks, alto_escriptorium, manuscript, mets
from specimen.editions import EDITIONS
from specimen.layout import Compositor
from specimen.pages import Edition, Floats, PictureElement, PrintedPage
from specimen.printing import Skew, impression, scan, scanned
from specimen.truth import page_truth
from specimen.xml import Xml, save

BOOKS = Path(__file__).parent / "books"
QUALITY = 58
"""Of the JPEGs: hatching stays clean, and three books stay below 5 MB."""
TILT = 0.45
"""Degrees by which a page may lie askew on the glass."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one institution writes ALTO, and how it names files."""

    write: Callable[[PrintedPage, str], Xml]
    alto_id: Callable[[PrintedPage, int], str]
    kind: Callable[[PictureElement], str]
    page_name: str
    image: str


DIALECTS = {
    "docworks": Dialect(
        alto_docworks.write, alto_docworks.alto_id, lambda _: alto_docworks.KIND, "{book}_{page:04}", "{name}.tif"
    ),
    "bnf": Dialect(alto_bnf.write, alto_bnf.alto_id, alto_bnf.kind, "{page:08}", "{name}.jp2"),
    "escriptorium": Dialect(
        alto_escriptorium.write, alto_escriptorium.alto_id, alto_escriptorium.kind, "{book}_f{page}", "{name}.jpg"
    ),
}


def make(edition: Edition, folder: Path) -> list[PrintedPage]:
    """One book: scans, ALTO, METS and the truth about them."""
    for name in ("scans", "alto"):
        (folder / name).mkdir(parents=True)
    dialect = DIALECTS[edition.alto]
    pages = Compositor(edition).set(manuscript.read(edition.manuscript))
    prints = [_print(edition, page) for page in pages]
    truth, names = [], []
    for at, (ink, page, skew) in enumerate(prints):
        name = dialect.page_name.format(book=edition.id, page=page.number)
        names.append(name)
        # A leaf's other side is the page before it (of a verso) or after it (of a recto).
        back = at + 1 if page.recto else at - 1
        verso = prints[back][0] if 0 <= back < len(prints) else None
        picture = scan(ink, verso, edition.paper, _seed(edition, page, "scan"), recto=page.recto, skew=skew)
        picture.save(folder / "scans" / f"{name}.jpg", quality=QUALITY, optimize=True, progressive=True, dpi=(400, 400))
        save(dialect.write(page, dialect.image.format(name=name)), folder / "alto" / f"{name}.xml")
        truth += page_truth(page, name, dialect.alto_id, dialect.kind)
    moved = [page for _, page, _ in prints]
    save(mets.write(edition, moved, names), folder / "mets.xml")
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in truth)
    (folder / "truth.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    return moved


def _print(edition: Edition, page: PrintedPage) -> tuple[Floats, PrintedPage, float]:
    seed = _seed(edition, page, "print")
    skew = Skew(float(np.random.default_rng(seed).uniform(-TILT, TILT)), page.width, page.height)
    ink, moved = scanned(page, impression(page, seed), skew)
    return ink, moved, skew.angle


def _seed(edition: Edition, page: PrintedPage, what: str) -> int:
    return crc32(f"{edition.id}/{page.number}/{what}".encode())


def main() -> None:
    """All books anew; the old ones stay until the new ones are whole."""
    fresh = BOOKS.with_name("books.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for edition in EDITIONS:
        pages = make(edition, fresh / edition.id)
        pictures = sum(len(page.pictures) for page in pages)
        sys.stdout.write(f"{edition.title}: {len(pages)} pages, {pictures} pictures\n")
    shutil.rmtree(BOOKS, ignore_errors=True)
    fresh.rename(BOOKS)
    size = sum(path.stat().st_size for path in BOOKS.rglob("*") if path.is_file())
    sys.stdout.write(f"{size / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main()
