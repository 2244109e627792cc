"""Records of many books in one file, and binary MARC, are matched to the books beside them."""

from pathlib import Path

import pytest
from PIL import Image
from pymarc import Field, Indicators, Record, Subfield, record_to_xml

from indexer.records import Book, Problem, Volume
from indexer.run_records import FileAccount
from indexer.sources import find_volumes
from indexer.sources.record_files import record_numbers

ALTO = '<alto xmlns="http://www.loc.gov/standards/alto/ns-v3#"><Layout/></alto>'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "library").mkdir()
    return tmp_path / "library"


def write_books(folder: Path, *names: str) -> None:
    for name in names:
        (folder / f"{name}_0001.xml").write_text(ALTO)
        Image.new("L", (8, 8)).save(folder / f"{name}_0001.png")


def build_record(title: str, number: str, *fields: tuple[str, str]) -> Record:
    record = Record(leader="00000nam a2200000 a 4500")
    record.add_field(Field("001", data=number))
    for tag, value in fields:
        record.add_field(Field(tag, Indicators(" ", " "), [Subfield("u" if tag == "856" else "a", value)]))
    record.add_field(Field("245", Indicators("1", "0"), [Subfield("a", title)]))
    return record


RECORDS = (
    build_record("Bergen", "0001", ("020", "82-02-12345-1 (ib.)")),
    build_record("Oslo", "0002", ("856", "http://urn.nb.no/URN:NBN:no-nb_digibok_2014091948004")),
    build_record("Tromsø", "0003", ("035", "(OCoLC)ocn791456280"), ("099", "LJS 267")),
)
BINARY = b"".join(record.as_marc() for record in RECORDS)
MARCXML = (
    b'<collection xmlns="http://www.loc.gov/MARC21/slim">'
    + b"".join(record_to_xml(record, namespace=False) for record in RECORDS)
    + b"</collection>"
)
OAI_PMH = (
    b"<OAI-PMH><ListRecords>"
    + b"".join(b"<record><metadata>" + record_to_xml(record) + b"</metadata></record>" for record in RECORDS)
    + b"</ListRecords></OAI-PMH>"
)
BOOKS = {"82-02-12345-1": "Bergen", "digibok_2014091948004": "Oslo", "ljs267": "Tromsø"}


def titles(folder: Path) -> dict[str, str]:
    """Return the title of each book by the name of its files."""
    return {
        Path(item.leaves[0].alto or "").stem.removesuffix("_0001"): item.book.title
        for item in find_volumes(folder)
        if isinstance(item, Volume)
    }


def problems(folder: Path) -> list[Problem]:
    return [item for item in find_volumes(folder) if isinstance(item, Problem)]


@pytest.mark.parametrize(
    ("name", "data"), [("export.mrc", BINARY), ("records.dat", BINARY), ("export.xml", MARCXML), ("oai.xml", OAI_PMH)]
)
def test_books_find_their_records_by_number_in_a_file_of_many(name: str, data: bytes, folder: Path) -> None:
    write_books(folder, *BOOKS, "other")
    (folder / name).write_bytes(data)
    assert titles(folder) == {**BOOKS, "other": ""}
    assert problems(folder) == []


def test_a_file_of_many_with_the_name_of_a_book_gives_only_a_record_with_its_number(folder: Path) -> None:
    write_books(folder, "bok", "0002")
    (folder / "bok.mrc").write_bytes(BINARY)
    assert titles(folder) == {"bok": "", "0002": "Oslo"}
    assert [problem.reason for problem in problems(folder)] == [
        "the file has 3 records, and none has the number 'bok' of the book"
    ]


@pytest.mark.parametrize("name", ["bok.mrc", "bok_marc.mrc", "marc.mrc", "bok.marcxml"])
def test_the_only_record_of_a_file_belongs_to_the_book_of_its_name(name: str, folder: Path) -> None:
    write_books(folder, "bok")
    record = RECORDS[0]
    (folder / name).write_bytes(record_to_xml(record) if name.endswith("xml") else record.as_marc())
    assert titles(folder) == {"bok": "Bergen"}


def test_a_number_of_two_records_names_neither(folder: Path) -> None:
    write_books(folder, "0001")
    (folder / "export.mrc").write_bytes(BINARY + build_record("Another", "0001").as_marc())
    assert titles(folder) == {"0001": ""}


def test_a_broken_record_is_a_problem_of_the_file_which_is_read_nevertheless(folder: Path) -> None:
    write_books(folder, *BOOKS)
    (folder / "export.mrc").write_bytes(BINARY + b"rubbish\x1d")
    assert titles(folder) == BOOKS
    (problem,) = problems(folder)
    assert problem.file.endswith("export.mrc")
    assert problem.reason == f"record 4 (byte {len(BINARY)}) has no MARC leader and is left out"


def test_records_of_no_book_are_accounted_for(folder: Path) -> None:
    write_books(folder, "other")
    (folder / "export.mrc").write_bytes(BINARY)
    (account,) = (item for item in find_volumes(folder) if isinstance(item, FileAccount))
    assert account.not_read_count == 1
    assert [problem.reason for problem in problems(folder)] == [
        "1 catalogue record matches no book by its file name or its numbers (export.mrc)"
    ]


def test_numbers_are_folded_and_given_with_their_last_parts() -> None:
    book = Book(id="7", identifiers=("(OCoLC)791456280", "urn:nbn:no-nb_digibok_2014", "Ms. Codex 1914", "12"))
    assert record_numbers(book) >= {"7", "791456280", "digibok2014", "2014", "mscodex1914"}
    assert not record_numbers(book) & {"12", "nbn"}
