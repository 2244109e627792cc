"""How much memory and time it takes to list a folder of books, before the first of them is read.

    python -m benchmarks.listing [--pages 30000]

The books are folders of empty ALTO pages with their scans. Prints rows of the table in docs/scaling.md: for one folder
of all books, as `frontispiece index FOLDER` lists it, and for the same books named one by one.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.process_memory import resident_bytes
from indexer.sources import find_volumes

PAGES_OF_BOOK = 100
EMPTY_PAGE = (
    '<alto xmlns="http://www.loc.gov/standards/alto/ns-v3#">'
    '<Layout><Page ID="P" WIDTH="100" HEIGHT="100"/></Layout></alto>'
)
EMPTY_SCAN = b"\xff\xd8\xff\xe0" + bytes(100)


def write_books(folder: Path, pages: int) -> list[Path]:
    """Write the books and return their folders; all their scans are one file."""
    scan = folder / "scan.jpg"
    scan.write_bytes(EMPTY_SCAN)
    books = [folder / "books" / f"digibok_{number:06}" for number in range(pages // PAGES_OF_BOOK)]
    for book in books:
        for name in ("alto", "jpg"):
            (book / name).mkdir(parents=True)
        for page in range(PAGES_OF_BOOK):
            (book / "alto" / f"{book.name}_{page:04}.xml").write_text(EMPTY_PAGE, "ascii")
            os.link(scan, book / "jpg" / f"{book.name}_{page:04}.jpg")
    return books


def measure(folders: list[Path]) -> tuple[float, float]:
    """List folders one after another and return the seconds, and the bytes that this took at most."""
    at_start, start, most = resident_bytes(), time.perf_counter(), 0
    for folder in folders:
        for _ in find_volumes(folder):
            most = max(most, resident_bytes() - at_start)
    return time.perf_counter() - start, most


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=30_000)
    parser.add_argument("--listed", type=Path, nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.listed:
        seconds, most = measure(options.listed)
        print(f"{seconds * 1000 / options.pages:.1f} ms and {most / options.pages / 1000:.2f} kB a page")
        return
    with tempfile.TemporaryDirectory() as name:
        books = write_books(Path(name), options.pages)
        for description, folders in (("one folder", [books[0].parent]), ("book by book", books)):
            # A process of its own: memory that was freed is not always given back.
            command = [sys.executable, "-m", "benchmarks.listing", "--pages", str(options.pages), "--listed"]
            output = subprocess.run([*command, *folders], check=True, capture_output=True, text=True)  # noqa: S603 our own command
            print(f"| {description} | {options.pages:,} pages | {output.stdout.strip()} |", flush=True)


if __name__ == "__main__":
    main()
