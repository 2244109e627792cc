"""What a run does when something is wrong: it goes on and reports; a wrong vector stops it."""

import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from elasticsearch import Elasticsearch
from PIL import Image

from core.encoders.protocols import Encoder, Vectors
from core.errors import WrongVector
from core.settings import Settings
from indexer.documents.pictures import LIBRARIAN
from indexer.elasticsearch.collection import Indices
from indexer.images import fetching
from indexer.images.crops import Crops
from indexer.ingest.pipeline import Pipeline
from indexer.ingest.reader import MIN_SIDE
from indexer.ingest.report import Report
from indexer.sources import volumes
from tests.iiif_server import Answer, iiif_server
from tests.node.test_index import Mean, Siglip
from tests.paths import SPECIMEN

BOOK = next(iter(sorted(SPECIMEN.glob("digibok_*"))))

Run = Callable[..., Report]


class NotUnit(Mean):
    """Right dimensions, wrong length."""

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        return np.full((len(images), self.dimensions), 0.5, np.float32)


@pytest.fixture
def run(client: Elasticsearch, index_name: str, tmp_path: Path) -> Run:
    """Indexes a source into the test's own index."""

    def run(where: Path | str, *given: Encoder) -> Report:
        encoders = given or (Mean(),)
        settings = Settings(data=tmp_path / "data", cache=tmp_path / "cache")
        indices = Indices.current(client, index_name, encoders)
        with Crops(settings) as crops:
            pipeline = Pipeline(
                indices, encoders, crops, folder=settings.crops, batch_size=4, indexed_at="2026-11-24T10:00:00+00:00"
            )
            return pipeline.run(volumes(where, crops.fetch))

    return run


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A copy of one specimen book, to be damaged."""
    return Path(shutil.copytree(BOOK, tmp_path / "library" / BOOK.name))


def test_a_second_run_changes_nothing(run: Run, book: Path) -> None:
    first, second = run(book), run(book)
    assert first.written > 10
    assert (second.written, second.unchanged, second.removed) == (0, first.written, 0)


def sources(client: Elasticsearch, alias: str) -> list[dict[str, Any]]:
    return [hit["_source"] for hit in client.search(index=alias, size=1000, query={"match_all": {}})["hits"]["hits"]]


def test_a_books_record_and_its_pages_are_written_once(
    run: Run, client: Elasticsearch, index_name: str, book: Path
) -> None:
    first = run(book)
    pages, [record] = sources(client, f"{index_name}-pages"), sources(client, f"{index_name}-books")
    assert first.pages_written == len(pages) == len(list((book / "alto").iterdir())) == record["pages"]
    assert record["pictures"] == first.written == sum(page["pictures"] for page in pages)
    for page in pages:
        assert len(page.get("boxes", "").split()) == len(page.get("page_text", {}).get("text", "").split())
    second = run(book)
    assert (second.pages_written, second.books_written, second.pages_removed) == (0, 0, 0)


def test_a_words_box_lies_where_the_scan_has_the_word(
    run: Run, client: Elasticsearch, index_name: str, book: Path
) -> None:
    """The specimen's pages are printed dark on light: a word's box is darker than the page."""
    run(book)
    page = next(page for page in sources(client, f"{index_name}-pages") if len(page.get("boxes", "").split()) > 50)
    scan = Image.open(next(file for file in (book / "scans").iterdir() if file.stem in page["page_id"])).convert("L")
    assert (page["scan"]["width"], page["scan"]["height"]) == scan.size
    inked = 0
    boxes = [[int(number) for number in box.split(",")] for box in page["boxes"].split()]
    for x, y, width, height in boxes:
        inked += min(scan.crop((x, y, x + width, y + height)).tobytes()) < 128
    assert inked > 0.95 * len(boxes)


def test_a_page_that_the_book_no_longer_has_goes_with_its_pictures_and_their_crops(
    run: Run, client: Elasticsearch, index_name: str, book: Path, tmp_path: Path
) -> None:
    run(book)
    crops = len(list((tmp_path / "data" / "crops").rglob("*.jpg")))
    mets = (book / "mets.xml").read_text("utf-8")
    page = re.search(r'<mets:div ID="DIVP00004" TYPE="PAGE".*?</mets:div>', mets, re.DOTALL)
    assert page
    (book / "mets.xml").write_text(mets.replace(page[0], ""), "utf-8")
    for file in (*(book / "alto").glob("*_0004.*"), *(book / "scans").glob("*_0004.*")):
        file.unlink()
    again = run(book)
    assert again.pages_removed == 1, again
    assert again.removed >= 1
    assert len(list((tmp_path / "data" / "crops").rglob("*.jpg"))) < crops, again
    left = {source["image"]["crop"] for source in sources(client, index_name)}
    assert all((tmp_path / "data" / "crops" / crop).exists() for crop in left)


def test_what_others_wrote_to_an_unchanged_picture_stays_and_a_persons_label_stays_on_a_changed_one(
    run: Run, client: Elasticsearch, index_name: str, greys: Path
) -> None:
    run(greys)
    person = {"name": "map", "source": LIBRARIAN, "by": "kari"}
    ids = [hit["_id"] for hit in client.search(index=index_name)["hits"]["hits"]]
    for id_ in ids:
        client.update(
            index=index_name,
            id=id_,
            doc={"hash": "00ff", "family": {"id": "f1", "size": 2}, "label": person, "set_aside": True},
        )
    grey(5).rotate(180).save(greys / "2.png")
    assert run(greys).written == 1
    found = sources(client, index_name)
    assert all(source["label"] == person for source in found)
    assert all(source["set_aside"] for source in found), "without a classifier too"
    assert sum(source.get("hash") == "00ff" and source["family"]["size"] == 2 for source in found) == 5


def test_a_lost_crop_and_those_that_a_stopped_run_left_broken_are_made_again(
    run: Run, book: Path, tmp_path: Path
) -> None:
    run(book)
    lost, empty, half, *_ = sorted((tmp_path / "data" / "crops").rglob("*[!e].jpg"))
    lost.unlink()
    empty.write_bytes(b"")
    half.write_bytes(half.read_bytes()[:-100])
    assert run(book).written == 3
    for file in (lost, empty, half):
        Image.open(file).load()


def test_a_missing_scan_is_named_and_the_book_goes_on(run: Run, book: Path) -> None:
    whole = run(book).written
    next(iter(sorted((book / "scans").glob("*_0004.*")))).unlink()
    again = run(book)
    assert again.removed == 0, "after a failure nothing is known of the pictures that were not seen"
    assert again.unchanged < whole
    told = " ".join(str(each) for each in [*again.problems, *again.warnings])
    assert "0004" in told or "1 of 11" in told


def test_an_unreadable_scan_is_named_and_the_book_goes_on(run: Run, book: Path) -> None:
    scan = next(iter(sorted((book / "scans").glob("*_0004.*"))))
    scan.write_bytes(scan.read_bytes()[:2000])
    report = run(book)
    assert report.written > 10
    assert any(scan.name in problem.file for problem in report.problems)


def test_a_broken_page_is_named_with_its_place_and_the_book_goes_on(run: Run, book: Path) -> None:
    page = next(iter(sorted((book / "alto").glob("*_0004.*"))))
    page.write_bytes(b"\x00\x01 not XML at all")
    report = run(book)
    assert report.written > 10
    assert any(page.name in str(problem) for problem in [*report.problems, *report.warnings])


def test_a_picture_that_the_book_no_longer_has_is_removed(run: Run, book: Path) -> None:
    run(book)
    page = next(iter(sorted((book / "alto").glob("*_0004.*"))))
    text = page.read_text("utf-8")
    start, end = text.index("<ComposedBlock"), text.index("</ComposedBlock>") + len("</ComposedBlock>")
    page.write_text(text[:start] + text[end:], "utf-8")
    assert run(book).removed == 1


def test_one_page_of_a_book_takes_nothing_from_the_others(run: Run, book: Path) -> None:
    whole = run(book).written
    alone = run(next(iter(sorted((book / "alto").glob("*_0004.*")))))
    assert alone.removed == 0
    assert run(book).unchanged + run(book).written >= whole


@pytest.fixture
def greys(tmp_path: Path) -> Path:
    """A folder of plain pictures, each brighter to the right by its own measure."""
    folder = tmp_path / "greys"
    folder.mkdir()
    for number in range(6):
        grey(number).save(folder / f"{number}.png")
    return folder


def grey(number: int) -> Image.Image:
    return Image.linear_gradient("L").rotate(90).point(lambda value: value * number / 6).convert("RGB")


def test_each_picture_has_its_own_vector(run: Run, client: Elasticsearch, index_name: str, greys: Path) -> None:
    run(greys)
    hits = client.search(index=index_name, size=10, fields=["vectors.sscd"], source_includes=["page_id"])["hits"][
        "hits"
    ]
    found = {hit["_source"]["page_id"].rpartition("/")[2][0]: hit["fields"]["vectors.sscd"] for hit in hits}
    assert len(found) == 6
    for number, vector in found.items():
        assert float(np.dot(vector, Mean().encode_images([grey(int(number))])[0])) > 0.9999, number


def test_another_scan_and_another_model_are_reasons_to_write_anew(run: Run, greys: Path) -> None:
    run(greys)
    grey(5).rotate(180).save(greys / "2.png")
    scanned_again = run(greys)
    assert (scanned_again.written, scanned_again.unchanged) == (1, 5)
    assert run(greys, Mean(), Siglip()).written == 6


def test_a_side_of_eight_pixels_is_a_picture_and_one_of_seven_is_counted(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name, height in (("rule", MIN_SIDE - 1), ("ornament", MIN_SIDE)):
        Image.new("RGB", (300, height), "black").save(folder / f"{name}.png")
    report = run(folder)
    assert (report.written, report.too_small, report.problems) == (1, 1, [])


def test_a_vector_that_is_wrong_stops_the_run(run: Run, book: Path) -> None:
    with pytest.raises(WrongVector, match="length"):
        run(book, NotUnit())


def test_a_manifest_is_read_over_the_image_api(run: Run, client: Elasticsearch, index_name: str) -> None:
    """Pages, ALTO by `seeAlso`, crops by region: the same pictures as from the folder."""
    with iiif_server() as server:
        for scan in sorted((BOOK / "scans").iterdir())[:4]:
            server.scans[scan.stem] = Image.open(scan).convert("RGB")
            server.altos[scan.stem] = next((BOOK / "alto").glob(f"{scan.stem}.*")).read_bytes()
        report = run(f"{server.url}/2/manifest")
        assert report.problems == []
        assert report.written >= 4
        hits = client.search(index=index_name, size=100)["hits"]["hits"]
        assert all(hit["_source"]["image"]["region"].startswith(server.url) for hit in hits)
        assert {hit["_source"]["title"] for hit in hits} == {"Fyret : en fortelling"}
        assert all(agent.startswith("Frontispiece/") for agent in server.agents)


def test_a_server_that_is_down_is_told_once_and_takes_no_picture_away(
    run: Run, client: Elasticsearch, index_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "ATTEMPTS", 1)
    with iiif_server() as server:
        for scan in sorted((BOOK / "scans").iterdir()):
            server.scans[scan.stem] = Image.open(scan).convert("RGB")
            server.altos[scan.stem] = next((BOOK / "alto").glob(f"{scan.stem}.*")).read_bytes()
        first = run(f"{server.url}/2/manifest")
        server.trouble("/alto/", *[Answer(500)] * 100)
        second = run(f"{server.url}/2/manifest")
    assert (second.written, second.removed) == (0, 0)
    assert len(second.problems) == fetching.GIVEN_UP_AFTER + 1
    assert second.problems[-1].file == server.url
    assert f"({len(server.scans) - fetching.GIVEN_UP_AFTER} pages and pictures)" in second.problems[-1].reason
    client.indices.refresh(index=index_name)
    assert client.count(index=index_name)["count"] == first.written


class Stopped(Mean):
    """Ctrl-C at the third batch."""

    batches = 0

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        self.batches += 1
        if self.batches == 3:
            raise KeyboardInterrupt
        return super().encode_images(images)


def test_a_run_that_is_stopped_keeps_what_it_encoded_and_the_next_goes_on(run: Run, book: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(book, Stopped())
    again = run(book)
    assert again.unchanged >= 4, "a batch of four, at least"
    assert again.written > 0
