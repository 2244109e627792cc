"""MARC 21 records as libraries write them → `Book`."""

import pytest

from indexer.formats import xml_loader
from indexer.formats.catalogue_records import parse_records, read_records
from indexer.records import Book
from tests.paths import CASES

MANUSCRIPTS = CASES / "hijri-year-former-owner" / "books"


def build_marc(*fields: str, control: dict[str, str] | None = None, leader: str = "00000nam a2200000 a 4500") -> str:
    """Return MARCXML of fields like `700 1_ $a Ludwig, Peter, $e former owner.`"""
    control_fields = "".join(
        f'<controlfield tag="{tag}">{data}</controlfield>' for tag, data in (control or {}).items()
    )
    data_fields = ""
    for field in fields:
        tag, indicators, content = field.split(" ", 2)
        first, second = indicators.replace("_", " ")
        subfields = "".join(
            f'<subfield code="{part[0]}">{part[1:].strip()}</subfield>' for part in content.split("$") if part
        )
        data_fields += f'<datafield tag="{tag}" ind1="{first}" ind2="{second}">{subfields}</datafield>'
    return f'<record xmlns="http://www.loc.gov/MARC21/slim"><leader>{leader}</leader>{control_fields}{data_fields}</record>'


def read_marc_book(
    *fields: str, control: dict[str, str] | None = None, leader: str = "00000nam a2200000 a 4500"
) -> Book:
    xml = build_marc(*fields, control=control, leader=leader)
    (book,) = parse_records(xml_loader.parse(xml.encode(), "x.xml"), "x.xml")
    return book


@pytest.mark.parametrize(
    ("field", "is_author"),
    [
        ("700 1_ $aLudwig, Peter,$eformer owner.", False),
        ("700 1_ $aLudwig, Peter,$4fmo", False),
        ("700 1_ $aLudwig, Peter,$4http://id.loc.gov/vocabulary/relators/fmo", False),
        ("700 1_ $aLudwig, Peter,$eformer owner,$edonor.", False),
        ("700 1_ $aLudwig, Peter,$eformer owner,$eillustrator.", True),
        ("700 1_ $aLudwig, Peter,$eKupferstecher$4egr", True),
        ("700 1_ $aLudwig, Peter", True),
        ("700 1_ $aLudwig, Peter$5PU", False),
        ("100 1_ $aLudwig, Peter,$ededicatee.", False),
        ("100 1_ $aLudwig, Peter,$eunknown word", True),
        ("700 1_ $aLudwig, Peter,$eunknown word", False),
        ("711 2_ $aLudwig, Peter$jsponsor", False),
        ("711 2_ $aLudwig, Peter$eSection$jauthor", True),
    ],
)
def test_the_role_decides_who_is_an_author(field: str, *, is_author: bool) -> None:
    assert read_marc_book(field).authors == (("Ludwig, Peter",) if is_author else ())


def test_former_owners_and_addressees_of_manuscripts_are_no_authors() -> None:
    authors = {
        author
        for path in sorted(MANUSCRIPTS.glob("*.xml"))
        if path.name.endswith("_marc.xml")
        for book in read_records(path)
        for author in book.authors
    }
    assert {"Jacobus", "Gennay, Franciscus", "Ludovico", "Petrarca, Francesco"} <= authors
    others = ("Jastrow", "Ludwig", "Cotheal", "Boniface", "Capelli", "J. Paul Getty", "Lawrence J.", "Muslim World")
    assert not [author for author in authors if author.startswith(others)]
