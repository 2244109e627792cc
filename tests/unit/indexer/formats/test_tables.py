"""The reader of CSV and TSV files: encodings, delimiters, uneven rows, errors."""

from pathlib import Path

import pytest

from core.errors import ProblemCode, SourceError
from indexer.formats import tables
from indexer.formats.tables import read_table

ROWS = "Path;Label of it\n a.jpg ;kjærlighet\n\nb.jpg;kart\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_encoding_of_spreadsheets_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_bytes(ROWS.encode(encoding))
    table = read_table(path)
    assert table.headings == ("path", "label_of_it")
    assert [(row.line, dict(row.values)) for row in table.rows] == [
        (2, {"path": "a.jpg", "label_of_it": "kjærlighet"}),
        (4, {"path": "b.jpg", "label_of_it": "kart"}),
    ]


def test_big_endian_utf16_is_read(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_bytes(b"\xfe\xff" + ROWS.encode("utf-16-be"))
    assert len(read_table(path).rows) == 2


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_delimiter_and_line_end_is_read(tmp_path: Path, delimiter: str, line_end: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_bytes(line_end.join(["path" + delimiter + "label", "a.jpg" + delimiter + "map"]).encode())
    assert [row.values for row in read_table(path).rows] == [{"path": "a.jpg", "label": "map"}]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("first_line", ["sep=;", "SEP=;", '"sep=;"', "sep=;;;"])
def test_the_line_that_tells_excel_the_delimiter_is_no_heading(tmp_path: Path, first_line: str, line_end: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_bytes(line_end.join([first_line, "path;title, caption, label", "a.jpg;map"]).encode())
    table = read_table(path)
    assert table.headings == ("path", "title,_caption,_label")
    assert [(row.line, row.values["path"]) for row in table.rows] == [(3, "a.jpg")]


def test_a_file_with_nothing_but_a_delimiter_has_no_headings(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("sep=\t\n", "utf-8")
    assert read_table(path) == tables.Table((), ())


def test_a_quoted_line_break_stays_in_its_cell(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text('path,caption\na.jpg,"two\nlines"\nb.jpg,one\u2028line\n', "utf-8")
    assert [row.values["caption"] for row in read_table(path).rows] == ["two\nlines", "one\u2028line"]


def test_a_row_with_extra_cells_is_marked_uneven(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("path,label\na.jpg,map,print\nb.jpg,map,\nc.jpg\n", "utf-8")
    assert [row.is_uneven for row in read_table(path).rows] == [True, False, False]


def test_an_empty_file_has_no_headings(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("", "utf-8")
    assert read_table(path) == tables.Table((), ())


@pytest.mark.parametrize(
    ("data", "message", "code"),
    [
        (b"path,label\na.jpg," + b"x" * 200_000, "line 2: field larger than field limit", ProblemCode.MALFORMED),
        (b"\xff\xfep\x00a", "damaged UTF-16", ProblemCode.MALFORMED),
        (None, "No such file", ProblemCode.UNREADABLE),
        (b"x" * 300_000, "larger than 0 MiB", ProblemCode.TOO_LARGE),
    ],
)
def test_an_error_names_file_line_and_cause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes | None, message: str, code: ProblemCode
) -> None:
    monkeypatch.setattr(tables, "MAX_BYTES", 250_000)
    path = tmp_path / "labels.csv"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(SourceError) as raised:
        read_table(path)
    assert str(raised.value).startswith(f"{path}: {message}")
    assert raised.value.code == code
