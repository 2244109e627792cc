"""The output of `frontispiece inspect`."""

import json
from pathlib import Path

import pytest

from indexer.formats.inspection import describe, find_files, inspect
from tests.paths import SHARED

ALTO = SHARED / "alto"


def test_a_page_is_reported_in_its_unit_and_coordinate_space() -> None:
    report = inspect(ALTO / "nb_2014062307158_0001.xml")
    assert report == {
        "file": str(ALTO / "nb_2014062307158_0001.xml"),
        "pages": [
            {
                "id": "P1", "width": 1510, "height": 2576, "unit": "mm10", "scale": 1.5748, "lines": 0, "words": 0,
                "confidence": None, "warnings": [],
                "pictures": [
                    {"id": "P1_CB00001", "block_type": "Illustration", "box": [171.38, 182.25, 1161.38, 2242.88]}
                ],
            }
        ],
    }  # fmt: skip


def test_whole_numbers_are_written_without_decimals() -> None:
    report = inspect(ALTO / "kb_dutch.xml")
    assert json.dumps(report["pages"][0]["pictures"][0]["box"]) == "[80, 481, 633, 514]"
    assert json.dumps(report["pages"][0]["width"]) == "3239"
    assert (report["pages"][0]["words"], report["pages"][0]["lines"]) == (2733, 303)


def test_every_real_file_is_reported_as_json() -> None:
    alto_files = list(find_files([ALTO]))
    assert len(alto_files) == 75
    for path in alto_files:
        report = inspect(path)
        assert "error" not in report
        assert json.loads(json.dumps(report)) == report
        assert describe(report).startswith(str(path))


@pytest.mark.parametrize("content", [b"", b"<html/>", b"<alto/>"])
def test_error_of_an_unreadable_file_is_reported(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "page.xml"
    path.write_bytes(content)
    report = inspect(path)
    assert report.keys() == {"file", "error"}
    assert str(path) not in report["error"]
    assert describe(report) == f"{path}\n  cannot be read: {report['error']}"


def test_text_report() -> None:
    lines = describe(inspect(ALTO / "nb_2014062307158_0001.xml")).splitlines()
    assert lines[1:] == [
        "  page P1: 1510 × 2576 mm10, 1.5748 pixels a unit",
        "    0 words in 0 lines",
        "    1 picture",
        "      Illustration P1_CB00001 at 171.38, 182.25, 1161.38, 2242.88",
    ]
    assert "    warning: " in describe(inspect(ALTO / "kraken_dims.xml"))


def test_folders_are_searched_and_files_are_read_with_any_suffix(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    for name in ("b.xml", "a.XML", "c.xml.gz", "deep/d.alto", "deep/er/e.xml", "scan.jpg"):
        (tmp_path / name).touch()
    (tmp_path / "folder.xml").mkdir()
    named_file = tmp_path / "page.txt"
    relative_paths = [path.relative_to(tmp_path).as_posix() for path in find_files([named_file, tmp_path])]
    assert relative_paths == ["page.txt", "a.XML", "b.xml", "c.xml.gz", "deep/d.alto", "deep/er/e.xml"]
