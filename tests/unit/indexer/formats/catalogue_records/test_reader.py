"""MODS, MARCXML and Dublin Core of many libraries → one kind of record."""

import unicodedata
from pathlib import Path

import pytest

from core.dates import YearRange
from core.errors import SourceError
from indexer.formats import xml_loader
from indexer.formats.catalogue_records import merge_records, parse_records, read_records
from indexer.records import Book
from tests.paths import SHARED

METS = SHARED / "mets"


def read_mods_book(content: str, prefix: str = "mods:") -> Book:
    declaration = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    body = content.replace("<", f"<{prefix}").replace(f"<{prefix}/", f"</{prefix}")
    xml = f'<{prefix}mods {declaration}="http://www.loc.gov/mods/v3">{body}</{prefix}mods>'
    (book,) = parse_records(xml_loader.parse(xml.encode(), "x.xml"), "x.xml")
    return book


@pytest.mark.parametrize("prefix", ["mods:", "m:", ""])
def test_mods_is_read_under_any_prefix(prefix: str) -> None:
    assert read_mods_book("<titleInfo><title>Fyret</title></titleInfo>", prefix).title == "Fyret"


def test_the_national_librarys_mods() -> None:
    (book,) = read_records(METS / "nb_mods1.xml")
    assert (book.title, book.year, book.date) == ("Da Hilde ble 50", 2014, "[2014]")
    assert (book.publisher, book.place, book.type_of_work) == ("Oslo nye teater", "Oslo", "text")
    assert book.authors[-1] == "Oslo nye teater"
    assert "URN:NBN:no-nb_digibok_2014091948004" in book.identifiers
    assert "(NO-TrBIB)142666424" not in book.identifiers


def test_marc_of_the_same_book() -> None:
    (book,) = read_records(METS / "nb_marc1.xml")
    assert (book.id, book.title, book.year) == ("143478559", "Da Hilde ble 50", 2014)
    assert book.authors == (
        "Oslo nye teater",
        "Myhre, Margareta Magnus",
        "Rørstad, Hanne Lise",
        "Blekkerud, Linn Cecilie",
    )
    assert book.publisher == "Oslo nye teater"


def test_a_marc_collection_gives_all_records() -> None:
    first_book, second_book = read_records(METS / "marc_batch.xml")
    assert (first_book.title, first_book.authors, first_book.year, first_book.date) == (
        "The Great Ray Charles",
        ("Charles, Ray",),
        1957,
        "[1957?]",
    )
    assert (first_book.publisher, first_book.place, first_book.languages) == ("Atlantic", "New York, N.Y.", ("eng",))
    assert first_book.subjects == ("Jazz -- 1951-1960", "Piano with jazz ensemble")
    assert second_book.viewer == "http://www.whitehouse.gov"


def test_the_digitiser_is_not_the_publisher() -> None:
    """All `originInfo` of this record are digitisations."""
    (book,) = read_records(METS / "kitodo_modsOriginInfo.xml")
    assert (book.publisher, book.place, book.year) == ("", "", None)
    assert book.authors == ("Eric Alterman",)


def test_publication_has_precedence_over_production_and_copyright() -> None:
    book = read_mods_book(
        "<originInfo><dateCreated>1850</dateCreated></originInfo>"
        "<originInfo><publisher>Cappelen</publisher><dateIssued>[1867?]</dateIssued>"
        "<copyrightDate>1866</copyrightDate></originInfo>"
        "<originInfo><edition>[Electronic ed.]</edition><publisher>NB</publisher>"
        "<dateIssued>2014</dateIssued></originInfo>"
    )
    assert (book.publisher, book.date, book.year) == ("Cappelen", "[1867?]", 1867)


def test_a_range_of_years_is_kept_and_its_start_is_the_year() -> None:
    xml = (
        b'<mods xmlns="http://www.loc.gov/mods/v3"><originInfo><dateIssued point="end">1869</dateIssued>'
        b'<dateIssued point="start" keyDate="yes">1867</dateIssued></originInfo></mods>'
    )
    (book,) = parse_records(xml_loader.parse(xml, "x.xml"), "x.xml")
    assert (book.date, book.years) == ("1867-1869", YearRange(1867, 1869))


@pytest.mark.parametrize(
    ("qualifier", "is_certain"), [("approximate", False), ("questionable", False), ("inferred", True)]
)
def test_a_date_that_mods_qualifies_is_uncertain(qualifier: str, *, is_certain: bool) -> None:
    book = read_mods_book(f'<originInfo><dateIssued qualifier="{qualifier}">1867</dateIssued></originInfo>')
    assert book.years == YearRange(1867, 1867, is_certain)


def test_related_works_give_only_a_missing_title() -> None:
    related_item = (
        "<relatedItem><titleInfo><title>Other</title></titleInfo><name><namePart>Nobody</namePart></name>"
        "<identifier>x</identifier></relatedItem>"
    )
    book = read_mods_book(f"{related_item}<titleInfo><title>Fyret</title></titleInfo>")
    assert (book.title, book.authors, book.identifiers) == ("Fyret", (), ())


def test_parts_of_titles_names_and_subjects_are_joined() -> None:
    book = read_mods_book(
        "<titleInfo><nonSort>L'</nonSort><title>Humanité</title><subTitle>journal</subTitle></titleInfo>"
        "<name><namePart>Ås, Anna</namePart><role><roleTerm>ill</roleTerm></role></name>"
        "<name><namePart>Sponsor</namePart><role><roleTerm>fnd</roleTerm></role></name>"
        "<subject><topic>Fyr</topic><geographic>Norge</geographic></subject>"
        "<language><languageTerm>nob</languageTerm></language>"
        "<accessCondition>UNKNOWN</accessCondition>"
    )
    assert (book.title, book.authors, book.subjects) == ("L'Humanité: journal", ("Ås, Anna",), ("Fyr -- Norge",))
    assert (book.languages, book.licence) == (("nob",), "")


@pytest.mark.parametrize(
    ("parts", "author"),
    [
        ("<namePart>Boniface</namePart><namePart type='termsOfAddress'>IX, Pope</namePart>", "Boniface IX, Pope"),
        ("<namePart>Isidore,</namePart><namePart type='termsOfAddress'>Saint,</namePart>", "Isidore, Saint"),
        (
            "<namePart type='family'>Jastrow</namePart><namePart type='given'>Morris</namePart>"
            "<namePart type='termsOfAddress'>Jr.</namePart><namePart type='date'>1861-1921</namePart>",
            "Jastrow, Morris, Jr.",
        ),
        (
            "<namePart type='termsOfAddress'>von</namePart><namePart type='given'>Alexander</namePart>"
            "<namePart type='family'>Humboldt</namePart>",
            "Humboldt, Alexander von",
        ),
    ],
)
def test_names_of_mods_keep_numerals_and_titles(parts: str, author: str) -> None:
    xml = f"<mods xmlns='http://www.loc.gov/mods/v3'><name>{parts}</name></mods>"
    (book,) = parse_records(xml_loader.parse(xml.encode(), "x.xml"), "x.xml")
    assert book.authors == (author,)


def test_dublin_core_inside_oai() -> None:
    xml = (
        b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><GetRecord><record><metadata>'
        b'<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        b"<dc:title>Atlas</dc:title><dc:creator>Kunz, A.</dc:creator><dc:date>ca. 1867</dc:date>"
        b"<dc:language>fre</dc:language>"
        b"<dc:identifier>https://gallica.bnf.fr/ark:/1</dc:identifier><dc:type>map</dc:type>"
        b"</oai_dc:dc></metadata></record></GetRecord></OAI-PMH>"
    )
    (book,) = parse_records(xml_loader.parse(xml, "x.xml"), "x.xml")
    assert (book.title, book.authors, book.year, book.type_of_work) == ("Atlas", ("Kunz, A.",), 1867, "map")
    assert book.viewer == "https://gallica.bnf.fr/ark:/1"


def test_missing_fields_come_from_the_next_record() -> None:
    assert merge_records([Book(id="a", title="A"), Book(id="b", title="B", years=YearRange(1867, 1867))]) == Book(
        id="a", title="A", years=YearRange(1867, 1867)
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"<mods", "not well-formed"),
        (b"<html/>", "no MODS, MARC, PICA or Dublin Core record in <html>"),
        (b'<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/hostname">]><mods>&x;</mods>', "document type declaration"),
    ],
)
def test_a_file_without_a_record_is_refused_with_the_reason(data: bytes, reason: str, tmp_path: Path) -> None:
    (tmp_path / "x.xml").write_bytes(data)
    with pytest.raises(SourceError, match=reason):
        read_records(tmp_path / "x.xml")


def test_an_issue_without_imprint_has_the_date_of_its_part_and_no_series_title() -> None:
    xml = (
        b"<mods><part><detail type='issue'><number>8</number></detail><date encoding='w3cdtf'>1889-03-29</date></part>"
        b"<relatedItem type='series'><titleInfo><title>VD16</title></titleInfo></relatedItem></mods>"
    )
    (book,) = parse_records(xml_loader.parse(xml, "x"), "x")
    assert (book.date, book.year, book.title) == ("1889-03-29", 1889, "")


def test_decomposed_records_are_composed_and_non_sorting_marks_are_dropped() -> None:
    title, author = unicodedata.normalize("NFD", "\x98Die\x9c Räuber"), unicodedata.normalize("NFD", "Grünwald, Jörg")
    fields = f"<titleInfo><title>{title}</title></titleInfo><name><namePart>{author}</namePart></name>"
    book = read_mods_book(fields)
    assert (book.title, book.authors) == ("Die Räuber", ("Grünwald, Jörg",))


def test_owners_and_printers_of_mods_are_no_authors() -> None:
    def name_xml(name: str, role: str) -> str:
        return f"<name><namePart>{name}</namePart><role><roleTerm>{role}</roleTerm></role></name>"

    xml = name_xml("A", "former owner") + name_xml("B", "Drucker") + name_xml("C", "VerfasserIn") + name_xml("D", "trl")
    (book,) = parse_records(xml_loader.parse(f"<mods>{xml}</mods>".encode(), "x"), "x")
    assert book.authors == ("C", "D")
