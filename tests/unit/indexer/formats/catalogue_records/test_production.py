"""The internal records of Goobi and Kitodo."""

import pytest

from core.dates import YearRange
from indexer.formats import xml_loader
from indexer.formats.catalogue_records import parse_records
from indexer.records import Book
from tests.mets_factory import record_xml, section_xml, structured_mets

GOOBI = 'xmlns:g="http://meta.goobi.org/v1.5.1/"'
KITODO = 'xmlns:k="http://meta.kitodo.org/v1/"'

GOOBI_VALUES = """
<g:metadata name="TitleDocMain">Der @Bote</g:metadata><g:metadata name="TitleDocSub1">ein Kalender</g:metadata>
<g:metadata name="CatalogIDDigital">20052145Z</g:metadata>
<g:metadata anchorId="true" name="CatalogIDDigital">349689334</g:metadata>
<g:metadata name="PublicationYear">[1829]</g:metadata><g:metadata name="PlaceOfPublication">Pirna</g:metadata>
<g:metadata name="PublisherName">Diller</g:metadata><g:metadata name="DocLanguage">ger</g:metadata>
<g:metadata name="shelfmarksource">Hist.Sax.H.929</g:metadata><g:metadata name="_urn">urn:nbn:de:x-1</g:metadata>
<g:metadata name="Author" type="person"><g:firstName>Hans</g:firstName><g:lastName>Meier</g:lastName>
<g:displayName>Meier,Hans</g:displayName></g:metadata>
<g:metadata name="FormerOwner" type="person"><g:lastName>Owner</g:lastName></g:metadata>
<g:metadata name="Contributor" type="group"><g:metadata name="ctrFirstName">Eva</g:metadata>
<g:metadata name="ctrLastName">Zwei</g:metadata></g:metadata>
"""

KITODO_VALUES = """
<k:metadata name="TitleDocMain">Book with author</k:metadata><k:metadata name="CatalogIDDigital">644901748</k:metadata>
<k:metadata name="PublicationRun">1801-1805</k:metadata><k:metadata name="docType">Monograph</k:metadata>
<k:metadata name="itemSignatur">111</k:metadata>
<k:metadataGroup name="Person"><k:metadata name="Role">Author</k:metadata><k:metadata name="FirstName">Hans</k:metadata>
<k:metadata name="LastName">Meier</k:metadata></k:metadataGroup>
<k:metadataGroup name="person"><k:metadata name="role">fmo</k:metadata><k:metadata name="lastName">Owner</k:metadata>
</k:metadataGroup>
"""


def read_record(xml: str) -> Book:
    (book,) = parse_records(xml_loader.parse(xml.encode(), "meta.xml"), "meta.xml")
    return book


def test_goobis_values_are_read_from_the_extension_of_mods() -> None:
    book = read_record(f"<mods><extension><g:goobi {GOOBI}>{GOOBI_VALUES}</g:goobi></extension></mods>")
    assert book == Book(
        id="20052145Z",
        title="Der Bote: ein Kalender",
        authors=("Meier, Hans", "Zwei, Eva"),
        years=YearRange(1829, 1829),
        date="[1829]",
        place="Pirna",
        publisher="Diller",
        languages=("ger",),
        identifiers=("20052145Z", "urn:nbn:de:x-1", "Hist.Sax.H.929"),
    )


def test_kitodos_values_are_read() -> None:
    book = read_record(f"<k:kitodo {KITODO}>{KITODO_VALUES}</k:kitodo>")
    assert (book.id, book.title, book.authors) == ("644901748", "Book with author", ("Meier, Hans",))
    assert (book.year, book.date, book.type_of_work) == (1801, "1801-1805", "Monograph")
    assert book.identifiers == ("644901748", "111")


def test_mods_comes_before_the_extension_which_completes_it() -> None:
    title = "<titleInfo><title>Der Bote für Pirna</title></titleInfo>"
    book = read_record(f"<mods>{title}<extension><g:goobi {GOOBI}>{GOOBI_VALUES}</g:goobi></extension></mods>")
    assert (book.title, book.place) == ("Der Bote für Pirna", "Pirna")


@pytest.mark.parametrize(
    ("values", "title"),
    [
        ('<k:metadata name="CurrentNo">43.1900</k:metadata>', "Adressbuch. 43.1900"),
        ('<k:metadata name="TitleDocMain">Bd. 43</k:metadata>', "Adressbuch. Bd. 43"),
        (
            '<k:metadata name="TitleDocMain">Adressbuch</k:metadata><k:metadata name="CurrentNo">43</k:metadata>',
            "Adressbuch. 43",
        ),
    ],
)
def test_a_volume_of_kitodo_has_the_title_of_its_work_and_its_number(values: str, title: str) -> None:
    record = f'<k:kitodo {KITODO}><k:metadata name="CatalogIDDigital">102</k:metadata>{values}</k:kitodo>'
    structure = (
        '<m:div TYPE="Periodical" DMDID="W"><m:mptr x:href=""/><m:div TYPE="PeriodicalVolume" DMDID="V"/></m:div>'
    )
    book = structured_mets(record_xml("W", "100", "Adressbuch", "1858") + section_xml("V", record), structure).book
    assert (book.id, book.title) == ("102", title)


def goobi_section(section_id: str, values: dict[str, str]) -> str:
    elements = "".join(f'<g:metadata name="{name}">{value}</g:metadata>' for name, value in values.items())
    record = f"<g:goobi {GOOBI}>{elements}</g:goobi>"
    return section_xml(section_id, f"<mods:mods><mods:extension>{record}</mods:extension></mods:mods>")


@pytest.mark.parametrize(
    ("volume", "title"),
    [
        ({"CurrentNo": "Bd. 2", "TitleDocMain": "Asien"}, "Geschichte der Welt. Bd. 2, Asien"),
        ({"CurrentNo": "Bd. 2"}, "Geschichte der Welt. Bd. 2"),
        ({"VolumeNumber": "2"}, "Geschichte der Welt. 2"),
        ({"TitleDocMain": "Band 2"}, "Geschichte der Welt. Band 2"),
    ],
)
def test_a_volume_in_goobis_record_is_called_after_its_work(volume: dict[str, str], title: str) -> None:
    work = goobi_section("W", {"CatalogIDDigital": "100", "TitleDocMain": "@Geschichte der Welt"})
    part = goobi_section("V", {"CatalogIDDigital": "102", "PublicationYear": "1787", **volume})
    structure = '<m:div TYPE="MultiVolumeWork" DMDID="W"><m:div TYPE="Volume" DMDID="V"/></m:div>'
    book = structured_mets(work + part, structure).book
    assert (book.id, book.title, book.year) == ("102", title, 1787)
