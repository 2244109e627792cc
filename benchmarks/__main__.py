"""The benchmarks of the README: each figure beside its lower bound, measured alternately in one run.

`--write` puts the table into the README.
"""

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from lxml import etree

from benchmarks import search
from benchmarks.encoders import EncoderJob, measure_speed
from benchmarks.marked_tables import write_marked_table
from benchmarks.ocr_documents import write_hocr, write_page_xml
from benchmarks.pipeline import pipeline_rows
from benchmarks.source_data import ROOT, SHARED, SPECIMEN, read_alto_pages, read_mets_files
from benchmarks.timing import BenchmarkRow, markdown_rows, markdown_table, time_alternately
from core.errors import AltoError
from indexer.formats import alto, hocr, mets, page_xml, xml_loader

READING_ROUNDS = 7


def reading_rows() -> list[BenchmarkRow]:
    """Return a row for each format of pages; PAGE-XML and hOCR are the same pages as ALTO, written in their shapes."""
    alto_files = [
        data for data in read_alto_pages(SHARED / "alto" if SHARED.is_dir() else SPECIMEN) if _is_well_formed(data)
    ]
    pages = [alto.read_page(data) for data in alto_files]
    return [
        _reading_row("alto.read_page", alto.read_page, alto_files),
        _reading_row("page_xml.read_pages", page_xml.read_pages, [write_page_xml(page) for page in pages]),
        _reading_row("hocr.read_pages", hocr.read_pages, [write_hocr(page) for page in pages]),
        _reading_row("mets.parse_mets", _read_mets, read_mets_files(), unit="files"),
    ]


def _read_mets(data: bytes) -> object:
    return mets.parse_mets(xml_loader.parse(data, "mets.xml"), "mets.xml")


def _reading_row(name: str, read: Callable[[bytes], object], files: list[bytes], unit: str = "pages") -> BenchmarkRow:
    pair = time_alternately(
        lambda: _parse_each(read, files),
        lambda: _parse_each(etree.fromstring, files),
        READING_ROUNDS,
        # Reading is work of one processor alone, so the time of other processes does not count.
        clock=time.process_time,
    )
    megabytes = sum(map(len, files)) / len(files) / 1e6
    return BenchmarkRow(
        f"`{name}` ({len(files)} {unit}, {megabytes:.2f} MB each)",
        f"{len(files) / statistics.median(pair.ours):,.0f} {unit}/s of CPU",
        f"bare lxml parse {len(files) / statistics.median(pair.bare):,.0f} {unit}/s",
        pair.ratio,
    )


def _is_well_formed(data: bytes) -> bool:
    try:
        etree.fromstring(data)
        alto.read_page(data, "page")
    except (etree.XMLSyntaxError, AltoError):
        return False
    return True


def _parse_each(parse: Callable[[bytes], object], files: list[bytes]) -> None:
    """Parse the files one after another, without keeping a page, as the pipeline does."""
    for data in files:
        parse(data)


def encoding_rows() -> list[BenchmarkRow]:
    """Return a row for the vector alone, and one for all that indexing makes of a picture."""
    folder = SHARED / "images" if SHARED.is_dir() else None
    job = EncoderJob("sscd", full_size=False, folder=folder, count=16, rounds=3)
    return [
        _encoding_row("vector of a picture", "its two passes", job),
        _encoding_row("vector and features of a picture", "its four passes", replace(job, indexing=True)),
    ]


def _encoding_row(result: str, passes: str, job: EncoderJob) -> BenchmarkRow:
    speed = measure_speed(job)
    return BenchmarkRow(
        f"`{job.name}`, {result}",
        f"{speed.ours:.1f} pictures/s of CPU",
        f"{passes} in bare onnxruntime {speed.bare:.1f} pictures/s",
        speed.bare / speed.ours,
    )


def replace_rows(readme: str, rows: list[str]) -> str:
    """Return the README with these rows in place of earlier ones of the same measurement; the count may differ."""
    names = tuple(row.partition(" (")[0].partition(" | ")[0] for row in rows)
    lines = readme.splitlines(keepends=True)
    top = next(number for number, line in enumerate(lines) if line.startswith("<!-- measured -->")) + 3
    start = next((number for number, line in enumerate(lines) if line.startswith(names)), top)
    return "".join([*lines[:start], *rows, *(line for line in lines[start:] if not line.startswith(names))])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into README.md")
    parser.add_argument("--pictures", type=int, default=search.PICTURES, help="number of pictures in the collection")
    parser.add_argument("--keep", type=Path, help="the folder of the collection, see `benchmarks.search`")
    parser.add_argument("--reading", action="store_true", help="measure only the reading of files, and keep other rows")
    parser.add_argument("--encoding", action="store_true", help="measure only the encoder, and keep other rows")
    options = parser.parse_args()
    if options.reading or options.encoding:
        rows = markdown_rows(
            [*(reading_rows() if options.reading else []), *(encoding_rows() if options.encoding else [])]
        )
        print("".join(rows))
        if options.write:
            readme = ROOT / "README.md"
            readme.write_text(replace_rows(readme.read_text("utf-8"), rows), "utf-8")
        return
    readme_table = markdown_table(
        [*reading_rows(), *encoding_rows(), *pipeline_rows(), *search.search_rows(options.pictures, options.keep)]
    )
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    readme_table += f"\nMeasured with `make bench` ({machine}).\n"
    print(readme_table)
    if options.write:
        write_marked_table(ROOT / "README.md", "measured", readme_table)


if __name__ == "__main__":
    main()
