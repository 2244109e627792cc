"""Documents of unchanged files are equal in every process, or each run would write them again."""

import os
import subprocess
import sys

import pytest

from tests.paths import ROOT, SPECIMEN

PROGRAM = """
import sys
from pathlib import Path
from core.settings import Settings
from core.words.forms import index_forms
from core.words.pairs import read_pairs
from indexer.documents.hybrid import HybridDocument, book_document, page_document
from indexer.images.crops import Cropper
from indexer.images.fetching import Fetcher
from indexer.ingest.reader import LeafReader
from indexer.ingest.report import RunReportBuilder
from indexer.records import Volume
from indexer.sources import find_volumes

print(*(word for pair in read_pairs() for word in index_forms(pair.old, pair.languages)))
settings = Settings(data=Path(sys.argv[2]))
with Fetcher(settings) as fetcher, Cropper(settings, fetcher) as cropper:
    reader = LeafReader(cropper, fetcher, RunReportBuilder())
    for volume in find_volumes(sys.argv[1], fetcher.get):
        if isinstance(volume, Volume):
            print(book_document(volume.book, pages=1, pictures=1, source=volume.source).source)
            for page in (page for leaf in volume.leaves[:4] for page in reader.read_pages(volume.book, leaf)):
                print(page.ocr_page and page_document(page.ocr_page).source)
                print([HybridDocument.from_picture(picture, "scan").source for picture in page.pictures])
"""


@pytest.mark.slow
def test_documents_do_not_depend_on_the_seed_of_hashes(tmp_path: object) -> None:
    """The order of a set of strings differs from process to process."""
    command = [sys.executable, "-c", PROGRAM, str(SPECIMEN / "sange-1891"), str(tmp_path)]
    outputs = [
        subprocess.run(
            command, env={**os.environ, "PYTHONHASHSEED": seed}, cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("0", "1")
    ]
    assert "'document': 'picture'" in outputs[0]
    assert outputs[0] == outputs[1]
