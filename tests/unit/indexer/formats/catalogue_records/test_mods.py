"""MODS as libraries write it → `Book`."""

import pytest

from indexer.formats import xml_loader
from indexer.formats.catalogue_records import parse_records
from indexer.records import Book


def read_mods_book(content: str) -> Book:
    xml = f'<mods xmlns="http://www.loc.gov/mods/v3">{content}</mods>'
    (book,) = parse_records(xml_loader.parse(xml.encode(), "x.xml"), "x.xml")
    return book


ISSUED, CODED = "<dateIssued>{}</dateIssued>", '<dateIssued encoding="marc">{}</dateIssued>'
START, END = (f'<dateIssued encoding="marc" point="{point}">{{}}</dateIssued>' for point in ("start", "end"))


@pytest.mark.parametrize(
    ("dates", "date", "years"),
    [
        (CODED.format("1785") + ISSUED.format("1785 [i.e. 1758]"), "1785 [i.e. 1758]", "1758"),
        (ISSUED.format("1106") + CODED.format("1695"), "1106", "1695"),
        (ISSUED.format("A.H. 1106") + CODED.format("1695"), "A.H. 1106", "1695"),
        ('<dateIssued calendar="hijri">1106</dateIssued>', "A.H. 1106", "1694–1695"),
        (START.format("1850") + END.format("9999") + ISSUED.format("1850-"), "1850-", "1850–1949?"),
        (START.format("1850") + END.format("9999"), "1850-", "1850–1949?"),
        (START.format("18uu") + END.format("19uu"), "18uu-19uu", "1800–1999"),
        (START.format("1450") + END.format("1500") + ISSUED.format("15. Jh."), "15. Jh.", "1450–1500"),
        ('<dateIssued encoding="edtf">186X</dateIssued>', "186X", "1860–1869"),
        ('<dateIssued qualifier="questionable">1867</dateIssued>', "1867", "1867?"),
        ("<copyrightDate>1905</copyrightDate><dateCreated>1904</dateCreated>", "1905", "1905"),
    ],
)
def test_the_printed_date_is_shown_and_the_better_one_gives_the_years(dates: str, date: str, years: str) -> None:
    book = read_mods_book(f"<originInfo>{dates}</originInfo>")
    assert (book.date, str(book.years)) == (date, years)


@pytest.mark.parametrize(
    "mark",
    [
        *('eventType="digitization"', 'displayLabel="Digitalisierung"', 'eventType="Digitalisation"'),
        'eventType="publication" displayLabel="Elektronische Ausgabe"',
    ],
)
def test_the_digitisation_is_no_publication(mark: str) -> None:
    book = read_mods_book(
        f"<originInfo {mark}><dateIssued>2012</dateIssued><publisher>UB</publisher></originInfo>"
        "<originInfo><dateIssued>1731</dateIssued></originInfo>"
    )
    assert (book.year, book.publisher) == (1731, "")


RELATOR = "http://id.loc.gov/vocabulary/relators/"


@pytest.mark.parametrize(
    ("name", "author"),
    [
        (f'<name><namePart>Moe, A.</namePart><role><roleTerm valueURI="{RELATOR}ill"/></role></name>', "Moe, A."),
        (f'<name><namePart>Moe, A.</namePart><role><roleTerm valueURI="{RELATOR}fmo"/></role></name>', ""),
        ("<name><namePart>Moe, A.</namePart><role><roleTerm>Vorbesitzer</roleTerm></role></name>", ""),
        (
            '<name type="corporate"><namePart>United States</namePart><namePart>Navy</namePart></name>',
            "United States. Navy",
        ),
        (
            '<name><namePart>Boniface</namePart><namePart type="termsOfAddress">IX, Pope</namePart></name>',
            "Boniface IX, Pope",
        ),
        ("<name><etal/></name>", ""),
    ],
)
def test_names_are_whole_and_roles_are_words_codes_or_addresses(name: str, author: str) -> None:
    assert read_mods_book(name).authors == ((author,) if author else ())


@pytest.mark.parametrize(
    ("content", "title"),
    [
        (
            "<titleInfo><title>Räuber</title></titleInfo><part><detail><number>3</number><caption>Bd.</caption>"
            "<title>Schluss</title></detail></part>",
            "Räuber. Bd. 3, Schluss",
        ),
        ("<titleInfo><title>Roman</title></titleInfo><part><text>Første bind</text></part>", "Roman. Første bind"),
        ("<titleInfo><title>Roman</title></titleInfo><part><text>With a foreword</text></part>", "Roman"),
        (
            '<titleInfo><title>First</title></titleInfo><titleInfo usage="primary"><title>Main</title></titleInfo>',
            "Main",
        ),
        (
            '<titleInfo><title>Works</title></titleInfo><part><detail type="tome"><number>II</number>'
            "<caption>Tome</caption></detail><detail><number>1</number><caption>partie</caption></detail></part>",
            "Works. Tome II, partie 1",
        ),
        (
            '<relatedItem type="host"><titleInfo><title>Geschichte</title></titleInfo></relatedItem>'
            '<part order="4"><detail><number>Zweyter Theil</number></detail></part>',
            "Geschichte. Zweyter Theil",
        ),
    ],
)
def test_titles_have_the_number_of_the_part(content: str, title: str) -> None:
    assert read_mods_book(content).title == title


def test_every_language_of_the_text_is_kept_and_none_of_a_summary() -> None:
    book = read_mods_book(
        '<language><languageTerm type="text">German</languageTerm></language>'
        '<language><languageTerm type="text">Latin</languageTerm><languageTerm type="code">lat</languageTerm>'
        '<languageTerm type="code">fre</languageTerm></language>'
        "<language><languageTerm>217</languageTerm></language>"
        '<language objectPart="summary"><languageTerm type="code">eng</languageTerm></language>'
    )
    assert book.languages == ("German", "lat", "fre")


def test_places_in_a_hierarchy_are_a_subject() -> None:
    book = read_mods_book(
        "<subject><hierarchicalGeographic><country>Norway</country><city>Bergen</city></hierarchicalGeographic></subject>"
    )
    assert book.subjects == ("Norway -- Bergen",)


def test_titles_with_a_type_are_other_titles() -> None:
    book = read_mods_book(
        "<titleInfo type='uniform'><title>Ilias</title></titleInfo>"
        "<titleInfo usage='primary'><nonSort>The</nonSort><title>Iliad</title><subTitle>a poem</subTitle></titleInfo>"
        "<titleInfo type='alternative'><title>The Iliad: a poem.</title></titleInfo>"
        "<titleInfo type='translated' lang='ger'><title>Homers Ilias</title></titleInfo>"
        "<titleInfo script='Grek'><title>Ἰλιάς</title></titleInfo>"
        "<relatedItem type='constituent'><titleInfo><title>Odyssee</title></titleInfo></relatedItem>"
    )
    assert (book.title, book.alternative_titles) == ("The Iliad: a poem", ("Ilias", "Homers Ilias", "Ἰλιάς"))


def test_the_own_title_in_the_title_of_a_volume_is_no_other_title() -> None:
    book = read_mods_book(
        "<titleInfo><title>Zweiter Band</title></titleInfo><relatedItem type='host'><titleInfo>"
        "<title>Reisen</title></titleInfo></relatedItem>"
    )
    assert (book.title, book.alternative_titles) == ("Reisen. Zweiter Band", ())
