"""An indexing run with faulty input continues and reports; a wrong vector stops it."""

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
from indexer.context.element_size import MIN_PICTURE_SIDE
from indexer.documents.pictures import LIBRARIAN
from indexer.images import fetching, hosts
from indexer.run_records import RunReport
from indexer.sources import find_volumes
from tests.iiif_server import CannedResponse, run_iiif_server
from tests.node.pipelines import open_pipeline
from tests.node.test_index import FakeSiglipEncoder, MeanGreyEncoder
from tests.paths import CASES, SPECIMEN

SPECIMEN_BOOK = next(iter(sorted(SPECIMEN.glob("digibok_*"))))

RunPipeline = Callable[..., RunReport]


class UnnormalisedEncoder(MeanGreyEncoder):
    """Returns vectors with the right dimensions whose length is not 1."""

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        return np.full((len(images), self.dimensions), 0.5, np.float32)


@pytest.fixture
def run_pipeline(client: Elasticsearch, index_name: str, tmp_path: Path) -> RunPipeline:
    """Return a function that indexes a source into the test's own index."""

    def run_pipeline(source: Path | str, *chosen_encoders: Encoder) -> RunReport:
        encoders = chosen_encoders or (MeanGreyEncoder(),)
        settings = Settings(data=tmp_path / "data", cache=tmp_path / "cache")
        with open_pipeline(client, index_name, encoders, settings) as (pipeline, fetcher):
            return pipeline.run(find_volumes(source, fetcher.get))

    return run_pipeline


@pytest.fixture
def book_folder(tmp_path: Path) -> Path:
    """Return a copy of one specimen book, which tests may damage."""
    return Path(shutil.copytree(SPECIMEN_BOOK, tmp_path / "library" / SPECIMEN_BOOK.name))


def test_a_second_run_changes_no_document(run_pipeline: RunPipeline, book_folder: Path) -> None:
    first_report, second_report = run_pipeline(book_folder), run_pipeline(book_folder)
    assert first_report.written > 10
    assert (second_report.written, second_report.unchanged, second_report.removed) == (0, first_report.written, 0)


def test_archive_of_a_book_takes_the_place_of_its_folder(run_pipeline: RunPipeline, book_folder: Path) -> None:
    first_report = run_pipeline(book_folder)
    archive = Path(shutil.make_archive(str(book_folder), "gztar", book_folder.parent, book_folder.name))
    archive_report = run_pipeline(archive)
    assert (archive_report.removed, archive_report.problems) == (0, ())
    assert archive_report.written + archive_report.unchanged == first_report.written
    assert archive_report.files == archive_report.files_read == first_report.files
    assert run_pipeline(archive).written == 0


def all_sources(client: Elasticsearch, alias: str) -> list[dict[str, Any]]:
    return [hit["_source"] for hit in client.search(index=alias, size=1000, query={"match_all": {}})["hits"]["hits"]]


def test_a_books_record_and_its_pages_are_written_once(
    run_pipeline: RunPipeline, client: Elasticsearch, index_name: str, book_folder: Path
) -> None:
    first_report = run_pipeline(book_folder)
    pages, [record] = all_sources(client, f"{index_name}-pages"), all_sources(client, f"{index_name}-books")
    assert first_report.pages_written == len(pages) == len(list((book_folder / "alto").iterdir())) == record["pages"]
    assert record["pictures"] == first_report.written == sum(page["pictures"] for page in pages)
    for page in pages:
        assert len(page.get("boxes", "").split()) == len(page.get("page_text", {}).get("text", "").split())
    second_report = run_pipeline(book_folder)
    assert (second_report.pages_written, second_report.books_written, second_report.pages_removed) == (0, 0, 0)


def test_box_of_a_word_matches_its_place_on_the_scan(
    run_pipeline: RunPipeline, client: Elasticsearch, index_name: str, book_folder: Path
) -> None:
    """The specimen's pages are printed dark on light: a word's box is darker than the page."""
    run_pipeline(book_folder)
    page = next(page for page in all_sources(client, f"{index_name}-pages") if len(page.get("boxes", "").split()) > 50)
    scan = Image.open(next(file for file in (book_folder / "scans").iterdir() if file.stem in page["page_id"])).convert(
        "L"
    )
    assert (page["scan"]["width"], page["scan"]["height"]) == scan.size
    dark_boxes = 0
    boxes = [[int(number) for number in box.split(",")] for box in page["boxes"].split()]
    for x, y, width, height in boxes:
        dark_boxes += min(scan.crop((x, y, x + width, y + height)).tobytes()) < 128
    assert dark_boxes > 0.95 * len(boxes)


def test_removed_page_is_deleted_with_its_pictures_and_crops(
    run_pipeline: RunPipeline, client: Elasticsearch, index_name: str, book_folder: Path, tmp_path: Path
) -> None:
    run_pipeline(book_folder)
    crop_count = len(list((tmp_path / "data" / "crops").rglob("*.jpg")))
    mets = (book_folder / "mets.xml").read_text("utf-8")
    page_div = re.search(r'<mets:div ID="DIVP00004" TYPE="PAGE".*?</mets:div>', mets, re.DOTALL)
    assert page_div
    (book_folder / "mets.xml").write_text(mets.replace(page_div[0], ""), "utf-8")
    for file in (*(book_folder / "alto").glob("*_0004.*"), *(book_folder / "scans").glob("*_0004.*")):
        file.unlink()
    report = run_pipeline(book_folder)
    assert report.pages_removed == 1, report
    assert report.removed >= 1
    assert len(list((tmp_path / "data" / "crops").rglob("*.jpg"))) < crop_count, report
    remaining_crops = {source["image"]["crop"] for source in all_sources(client, index_name)}
    assert all((tmp_path / "data" / "crops" / crop).exists() for crop in remaining_crops)


def test_other_fields_and_librarians_labels_survive_a_second_run(
    run_pipeline: RunPipeline, client: Elasticsearch, index_name: str, grey_pictures_folder: Path
) -> None:
    run_pipeline(grey_pictures_folder)
    librarian_label = {"name": "map", "source": LIBRARIAN, "by": "kari"}
    ids = [hit["_id"] for hit in client.search(index=index_name)["hits"]["hits"]]
    for id_ in ids:
        client.update(
            index=index_name,
            id=id_,
            doc={"hash": "00ff", "family": {"id": "f1", "size": 2}, "label": librarian_label, "hidden": True},
        )
    grey_picture(5).rotate(180).save(grey_pictures_folder / "2.png")
    assert run_pipeline(grey_pictures_folder).written == 1
    picture_sources = all_sources(client, index_name)
    assert all(source["label"] == librarian_label for source in picture_sources)
    assert all(source["hidden"] for source in picture_sources), "without a classifier too"
    assert sum(source.get("hash") == "00ff" and source["family"]["size"] == 2 for source in picture_sources) == 5


def test_missing_and_incomplete_crops_are_made_again(
    run_pipeline: RunPipeline, book_folder: Path, tmp_path: Path
) -> None:
    run_pipeline(book_folder)
    lost_crop, empty_crop, truncated_crop, *_ = sorted((tmp_path / "data" / "crops").rglob("*[!e].jpg"))
    lost_crop.unlink()
    empty_crop.write_bytes(b"")
    truncated_crop.write_bytes(truncated_crop.read_bytes()[:-100])
    assert run_pipeline(book_folder).written == 3
    for file in (lost_crop, empty_crop, truncated_crop):
        Image.open(file).load()


def test_missing_scan_is_reported_and_the_book_continues(run_pipeline: RunPipeline, book_folder: Path) -> None:
    full_count = run_pipeline(book_folder).written
    next(iter(sorted((book_folder / "scans").glob("*_0004.*")))).unlink()
    report = run_pipeline(book_folder)
    assert report.removed == 0, "after a failure nothing is known of the pictures that were not seen"
    assert report.unchanged < full_count
    messages = " ".join(str(problem) for problem in [*report.problems, *report.warnings])
    assert "0004" in messages or "1 of 11" in messages


def test_unreadable_scan_is_reported_and_the_book_continues(run_pipeline: RunPipeline, book_folder: Path) -> None:
    scan = next(iter(sorted((book_folder / "scans").glob("*_0004.*"))))
    scan.write_bytes(scan.read_bytes()[:2000])
    report = run_pipeline(book_folder)
    assert report.written > 10
    assert any(scan.name in problem.file for problem in report.problems)


def test_broken_alto_is_reported_and_the_book_continues(run_pipeline: RunPipeline, book_folder: Path) -> None:
    page = next(iter(sorted((book_folder / "alto").glob("*_0004.*"))))
    page.write_bytes(b"\x00\x01 not XML at all")
    report = run_pipeline(book_folder)
    assert report.written > 10
    assert any(page.name in str(problem) for problem in [*report.problems, *report.warnings])


def test_picture_missing_from_the_files_is_deleted(run_pipeline: RunPipeline, book_folder: Path) -> None:
    run_pipeline(book_folder)
    page = next(iter(sorted((book_folder / "alto").glob("*_0004.*"))))
    text = page.read_text("utf-8")
    start, end = text.index("<ComposedBlock"), text.index("</ComposedBlock>") + len("</ComposedBlock>")
    page.write_text(text[:start] + text[end:], "utf-8")
    assert run_pipeline(book_folder).removed == 1


def test_indexing_one_page_keeps_the_other_pages(run_pipeline: RunPipeline, book_folder: Path) -> None:
    full_count = run_pipeline(book_folder).written
    page_report = run_pipeline(next(iter(sorted((book_folder / "alto").glob("*_0004.*")))))
    assert page_report.removed == 0
    assert run_pipeline(book_folder).unchanged + run_pipeline(book_folder).written >= full_count


@pytest.fixture
def grey_pictures_folder(tmp_path: Path) -> Path:
    """Return a folder of pictures with gradients of different strengths."""
    folder = tmp_path / "greys"
    folder.mkdir()
    for number in range(6):
        grey_picture(number).save(folder / f"{number}.png")
    return folder


def grey_picture(number: int) -> Image.Image:
    return Image.linear_gradient("L").rotate(90).point(lambda value: value * number / 6).convert("RGB")


def test_pictures_get_different_vectors(
    run_pipeline: RunPipeline, client: Elasticsearch, index_name: str, grey_pictures_folder: Path
) -> None:
    run_pipeline(grey_pictures_folder)
    response = client.search(index=index_name, size=10, fields=["vectors.sscd"], source_includes=["page"])
    vectors_by_number = {hit["_source"]["page"] - 1: hit["fields"]["vectors.sscd"] for hit in response["hits"]["hits"]}
    assert len(vectors_by_number) == 6
    for number, vector in vectors_by_number.items():
        assert float(np.dot(vector, MeanGreyEncoder().encode_images([grey_picture(number)])[0])) > 0.9999, number


def test_new_scan_or_new_model_rewrites_the_document(run_pipeline: RunPipeline, grey_pictures_folder: Path) -> None:
    run_pipeline(grey_pictures_folder)
    grey_picture(5).rotate(180).save(grey_pictures_folder / "2.png")
    report = run_pipeline(grey_pictures_folder)
    assert (report.written, report.unchanged) == (1, 5)
    assert run_pipeline(grey_pictures_folder, MeanGreyEncoder(), FakeSiglipEncoder()).written == 6


def test_pictures_below_eight_pixels_are_counted_as_too_small(run_pipeline: RunPipeline, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name, height in (("rule", MIN_PICTURE_SIDE - 1), ("ornament", MIN_PICTURE_SIDE)):
        Image.new("RGB", (300, height), "black").save(folder / f"{name}.png")
    report = run_pipeline(folder)
    assert (report.written, report.too_small, report.problems) == (1, 1, ())


@pytest.mark.parametrize("file_format", ["hocr", "page"])
def test_pictures_and_words_of_hocr_and_page_xml_are_indexed(
    run_pipeline: RunPipeline, client: Elasticsearch, index_name: str, tmp_path: Path, file_format: str
) -> None:
    folder = tmp_path / "book"
    folder.mkdir()
    grey_picture(3).resize((400, 600)).save(folder / "bok_0001.png")
    line = "<TextLine><Coords points='20,450 380,450 380,480 20,480'/><TextEquiv><Unicode>Fig. 3. Fyret</Unicode>"
    if file_format == "hocr":
        (folder / "bok_0001.hocr").write_text(
            "<html><body><div class='ocr_page' title='bbox 0 0 400 600'>"
            "<div class='ocr_photo' id='p' title='bbox 40 100 360 440'></div>"
            "<span class='ocr_caption' title='bbox 20 450 380 480'>Fig. 3. Fyret</span></div></body></html>"
        )
    else:
        (folder / "bok_0001.xml").write_text(
            "<PcGts><Page imageWidth='400' imageHeight='600'>"
            "<ImageRegion id='p'><Coords points='40,100 360,100 360,440 40,440'/></ImageRegion>"
            f"<TextRegion id='t' type='caption'>{line}</TextEquiv></TextLine></TextRegion></Page></PcGts>"
        )
    assert run_pipeline(folder).written == 1
    (hit,) = client.search(index=index_name)["hits"]["hits"]
    assert hit["_source"]["caption"]["text"] == "Fig. 3. Fyret"
    assert hit["_source"]["box"] == {"x": 40, "y": 100, "width": 320, "height": 340}


def test_wrong_vector_stops_the_run(run_pipeline: RunPipeline, book_folder: Path) -> None:
    with pytest.raises(WrongVector, match="length"):
        run_pipeline(book_folder, UnnormalisedEncoder())


def test_a_manifest_is_read_over_the_image_api(
    run_pipeline: RunPipeline, client: Elasticsearch, index_name: str
) -> None:
    """Pages, ALTO by `seeAlso`, crops by region: the same pictures as from the folder."""
    with run_iiif_server() as server:
        for scan in sorted((SPECIMEN_BOOK / "scans").iterdir())[:4]:
            server.scans[scan.stem] = Image.open(scan).convert("RGB")
            server.alto_files[scan.stem] = next((SPECIMEN_BOOK / "alto").glob(f"{scan.stem}.*")).read_bytes()
        report = run_pipeline(f"{server.url}/2/manifest")
        assert report.problems == ()
        assert report.written >= 4
        hits = client.search(index=index_name, size=100)["hits"]["hits"]
        assert all(hit["_source"]["image"]["region"].startswith(server.url) for hit in hits)
        assert {hit["_source"]["title"] for hit in hits} == {"Fyret : en fortelling"}
        assert all(agent.startswith("Frontispiece/") for agent in server.user_agents)


def test_each_image_of_a_canvas_is_written_once(
    run_pipeline: RunPipeline, client: Elasticsearch, index_name: str
) -> None:
    """The case `iiif-several-images-on-a-canvas`: two pictures of one page, found again by the second run."""
    manifest = (CASES / "iiif-several-images-on-a-canvas" / "multi.json").read_text("utf-8")
    with run_iiif_server() as server:
        for name, scan in zip(("p7", "p8"), sorted((SPECIMEN_BOOK / "scans").iterdir()), strict=False):
            server.scans[name] = Image.open(scan).convert("RGB")
        local_manifest = manifest.replace("http://127.0.0.1:8190/l2", f"{server.url}/image")
        server.documents["/multi.json"] = local_manifest.encode()
        reports = [run_pipeline(f"{server.url}/multi.json") for _ in range(2)]
    assert [(report.written, report.unchanged, report.problems) for report in reports] == [(2, 0, ()), (0, 2, ())]
    client.indices.refresh(index=index_name)
    sources = all_sources(client, index_name)
    assert {source["page"] for source in sources} == {1}
    assert len({source["page_id"] for source in sources}) == 1
    assert {source["image"]["region"].split("/image/")[1][:2] for source in sources} == {"p7", "p8"}


def test_server_that_is_down_is_reported_once_and_pictures_stay(
    run_pipeline: RunPipeline, client: Elasticsearch, index_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "MAX_ATTEMPTS", 1)
    monkeypatch.setattr(hosts, "MIN_PAUSE", 0.0)
    with run_iiif_server() as server:
        for scan in sorted((SPECIMEN_BOOK / "scans").iterdir()):
            server.scans[scan.stem] = Image.open(scan).convert("RGB")
            server.alto_files[scan.stem] = next((SPECIMEN_BOOK / "alto").glob(f"{scan.stem}.*")).read_bytes()
        first_report = run_pipeline(f"{server.url}/2/manifest")
        server.queue_responses("/alto/", *[CannedResponse(503)] * 100)
        second_report = run_pipeline(f"{server.url}/2/manifest")
    assert (second_report.written, second_report.removed) == (0, 0)
    assert len(second_report.problems) == hosts.MAX_FAILURES + 1
    (server_problem,) = [problem for problem in second_report.problems if problem.file == server.url]
    assert f"({len(server.scans) - hosts.MAX_FAILURES} pages and pictures)" in server_problem.reason
    client.indices.refresh(index=index_name)
    assert client.count(index=index_name)["count"] == first_report.written


class InterruptedEncoder(MeanGreyEncoder):
    """Raises KeyboardInterrupt at the third batch."""

    batches = 0

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        self.batches += 1
        if self.batches == 3:
            raise KeyboardInterrupt
        return super().encode_images(images)


def test_interrupted_run_keeps_its_work_and_the_next_continues(run_pipeline: RunPipeline, book_folder: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run_pipeline(book_folder, InterruptedEncoder())
    report = run_pipeline(book_folder)
    assert report.unchanged >= 4, "a batch of four, at least"
    assert report.written > 0
