"""What the README's table says: each figure beside its physical limit, measured in turn in one run.

`--write` puts the table into the README.
"""

import argparse
import os
import platform
import re
import statistics
from collections.abc import Callable

from lxml import etree

from benchmarks import search
from benchmarks.encoders import Job, measured
from benchmarks.material import ROOT, SHARED, SPECIMEN, pages
from benchmarks.timing import Row, in_turn, table
from core.errors import AltoError
from indexer.formats import alto

MARKS = re.compile(r"(<!-- measured -->\n).*?(<!-- /measured -->)", re.DOTALL)
ALTO_ROUNDS = 7


def alto_row() -> Row:
    files = [data for data in pages(SHARED / "alto" if SHARED.is_dir() else SPECIMEN) if _well_formed(data)]
    pair = in_turn(lambda: _each(alto.read_page, files), lambda: _each(etree.fromstring, files), ALTO_ROUNDS)
    megabytes = sum(map(len, files)) / len(files) / 1e6
    return Row(
        f"`alto.read_page` ({len(files)} pages, {megabytes:.2f} MB each)",
        f"{len(files) / statistics.median(pair.ours):,.0f} pages/s",
        f"bare lxml parse {len(files) / statistics.median(pair.bare):,.0f} pages/s",
        pair.ratio,
    )


def _well_formed(data: bytes) -> bool:
    try:
        etree.fromstring(data)
        alto.read_page(data, "page")
    except (etree.XMLSyntaxError, AltoError):
        return False
    return True


def _each(read: Callable[[bytes], object], files: list[bytes]) -> None:
    """One after another, as the pipeline reads them: no page is kept."""
    for data in files:
        read(data)


def sscd_row() -> Row:
    folder = SHARED / "images" if SHARED.is_dir() else None
    speed = measured(Job("sscd", full_size=False, folder=folder, count=64, rounds=7))
    return Row(
        "`sscd`, a picture to its vector",
        f"{speed.ours:.0f} pictures/s",
        f"bare onnxruntime {speed.bare:.0f} pictures/s",
        speed.bare / speed.ours,
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into README.md")
    parser.add_argument("--pictures", type=int, default=search.PICTURES, help="size of the collection that is searched")
    given = parser.parse_args()
    written = table([alto_row(), sscd_row(), *search.rows(given.pictures)])
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    written += f"\nMeasured with `make bench` ({machine}).\n"
    print(written)
    if given.write:
        readme = ROOT / "README.md"
        readme.write_text(MARKS.sub(lambda found: found[1] + written + found[2], readme.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
