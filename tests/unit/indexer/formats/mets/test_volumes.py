"""Which division of a METS is the book: volumes take the id, the title and the year of their own records."""

import pytest

from indexer.formats import mets, xml_loader
from indexer.formats.mets import Mets, read_mets
from tests.mets_factory import record_xml, section_xml, structured_mets
from tests.paths import CASES, SHARED


@pytest.mark.parametrize(
    ("name", "book_id", "title_end"),
    [
        ("9427334", "211999539", "bey freyen Nationen. [Buch 1]"),
        ("9427335", "211999563", "bey freyen Nationen. Buch 2"),
    ],
)
def test_two_tomes_of_a_work_are_two_books(name: str, book_id: str, title_end: str) -> None:
    book = read_mets(CASES / "tome-volumes-collide" / "books" / name / f"{name}.mets.xml").book
    assert (book.id, book.year, book.date) == (book_id, 1769, "1769")
    assert book.title.startswith("Sir James Stewarts, Baronets, Untersuchung")
    assert book.title.endswith(title_end)


@pytest.mark.parametrize(
    ("name", "title_start", "title_end"),
    [
        ("k2_mets_vd18_183475917.xml", "Des Herrn Le Beau", "Constantin dem Großen an. Sechster Theil"),
        ("9427337.mets.xml", "Sir James Stewarts", "bey freyen Nationen. Buch 3, Stük 2"),
        ("baltst_559838239_NF_75.xml", "Baltische", "Baltische Studien. Neue Folge Band 75"),
    ],
)
def test_a_volume_is_called_after_its_work_and_its_number(name: str, title_start: str, title_end: str) -> None:
    title = read_mets(CASES / "multivolume-title" / "f" / name).book.title
    assert title.startswith(title_start)
    assert title.endswith(title_end)


def test_a_title_that_says_its_number_does_not_say_it_twice() -> None:
    assert read_mets(SHARED / "mets" / "sbb_PPN1769395962.xml").book.title == "Kinderlied: Op. 25 No. 6"


WORK = record_xml("W", "100", "Elisa", "1837-1840")
VOLUME = record_xml("V", "102", "", "1838", number="Bd. 2")


@pytest.mark.parametrize(
    "part_type",
    [
        "tome",
        "Tome",
        "volume",
        "VOLUME",
        "Band",
        "part",
        "issue",
        "year",
        "fascicle",
        "supplement",
        "Teilband",
        "ødelagt",
    ],
)
@pytest.mark.parametrize("work_type", ["multivolume_work", "MultiVolumeWork", "periodical", "Zeitschrift", "bündel"])
def test_a_part_of_any_type_is_the_book(work_type: str, part_type: str) -> None:
    structure = f'<m:div TYPE="{work_type}" DMDID="W"><m:div TYPE="{part_type}" DMDID="V" ID="l1"/></m:div>'
    book = structured_mets(WORK + VOLUME, structure).book
    assert (book.id, book.title, book.year) == ("102", "Elisa. Bd. 2", 1838)


def test_among_volumes_the_one_whose_pages_are_here_is_the_book() -> None:
    others = '<m:div TYPE="tome" LABEL="Bd. {}"><m:mptr x:href="http://x/{}.xml"/></m:div>'
    structure = (
        '<m:div TYPE="multivolume_work" DMDID="W">'
        + others.format(1, 1)
        + '<m:div TYPE="tome" DMDID="V" ID="l1"/>'
        + others.format(3, 3)
        + "</m:div>"
    )
    assert structured_mets(WORK + VOLUME, structure).book.id == "102"


def test_among_volumes_that_are_all_here_only_linked_pages_decide() -> None:
    structure = (
        '<m:div TYPE="multivolume_work" DMDID="W"><m:div TYPE="tome" DMDID="U" ID="l0"/>'
        '<m:div TYPE="tome" DMDID="V" ID="l1"/></m:div>'
    )
    sections = WORK + VOLUME + record_xml("U", "101", "", "1837", number="Bd. 1")
    assert structured_mets(sections, structure, links={"l1": "p1"}).book.id == "102"
    assert structured_mets(sections, structure, links={"l0": "p1", "l1": "p2"}).book.id == "100"


@pytest.mark.parametrize("inner_type", ["chapter", "Article", "title_page", "section", "cover_front"])
def test_the_only_chapter_of_a_book_is_not_the_book(inner_type: str) -> None:
    structure = f'<m:div TYPE="monograph" DMDID="W" ID="l0"><m:div TYPE="{inner_type}" DMDID="V" ID="l1"/></m:div>'
    assert structured_mets(WORK + VOLUME, structure).book.id == "100"
    assert structured_mets(WORK + VOLUME, structure, links={"l0": "p1", "l1": "p1"}).book.id == "100"


def test_a_division_of_unknown_type_is_the_book_if_it_has_every_page() -> None:
    structure = '<m:div TYPE="Bestand" DMDID="W" ID="l0"><m:div TYPE="Akte" DMDID="V" ID="l1"/></m:div>'
    assert structured_mets(WORK + VOLUME, structure, links={"l0": "p1", "l1": "p1"}).book.id == "102"
    assert structured_mets(WORK + VOLUME, structure, links={"l0": "p1 p2", "l1": "p1"}).book.id == "100"


def volume_with_label(name: str, label: str) -> Mets:
    structure = f'<m:div TYPE="multivolume_work" DMDID="W"><m:div TYPE="volume" LABEL="{label}"/></m:div>'
    return structured_mets(WORK, structure, name)


def test_volumes_without_records_are_separate_books_with_their_labels() -> None:
    books = [volume_with_label(f"/a/elisa_{number}.xml", f"Bd. {number}").book for number in (1, 2)]
    assert [book.id for book in books] == ["100_elisa_1", "100_elisa_2"]
    assert [book.title for book in books] == ["Elisa. Bd. 1", "Elisa. Bd. 2"]


def test_volumes_that_repeat_the_record_id_of_their_work_are_separate_books() -> None:
    structure = '<m:div TYPE="multivolume_work" DMDID="W"><m:div TYPE="volume" DMDID="V"/></m:div>'
    sections = WORK + record_xml("V", "100", "", "1838", number="Bd. 2")
    ids = {structured_mets(sections, structure, f"/a/elisa_{number}.xml").book.id for number in (1, 2)}
    assert ids == {"100_elisa_1", "100_elisa_2"}


def test_an_objid_of_the_whole_work_is_not_the_id_of_a_volume() -> None:
    structure = '<m:div TYPE="multivolume_work" DMDID="W"><m:div TYPE="volume" DMDID="V"/></m:div>'
    sections = record_xml("W", "PPN100000001", "Elisa", "1837") + record_xml("V", "PPN100000002", "", "1838")
    assert structured_mets(sections, structure, attributes='OBJID="PPN100000001"').book.id == "PPN100000002"
    assert structured_mets(sections, structure, attributes='OBJID="PPN100000009"').book.id == "PPN100000009"


def test_the_label_of_a_structmap_for_another_purpose_is_no_title() -> None:
    xml = (
        '<m:mets xmlns:m="http://www.loc.gov/METS/"><m:structMap TYPE="LOGICAL"><m:div LABEL="Elisa"/></m:structMap>'
        '<m:structMap TYPE="SINGLEFILE"><m:div LABEL="Physical Structure"/></m:structMap></m:mets>'
    )
    assert mets.parse_mets(xml_loader.parse(xml.encode(), "x.xml"), "x.xml").book.title == "Elisa"


MARC = (
    '<collection xmlns="http://www.loc.gov/MARC21/slim"><record><leader>00000nam a2200000 a 4500</leader>'
    '<controlfield tag="001">55</controlfield><datafield tag="245" ind1="0" ind2="0">'
    '<subfield code="a">Elisa</subfield></datafield></record></collection>'
)
DUBLIN_CORE = '<dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">Elisa</dc:title>'
DUBLIN_CORE_ID = '<dc:identifier xmlns:dc="http://purl.org/dc/elements/1.1/">55</dc:identifier>'


@pytest.mark.parametrize(
    "content",
    [
        MARC,
        DUBLIN_CORE + DUBLIN_CORE_ID,
        f"<qualifieddc>{DUBLIN_CORE}{DUBLIN_CORE_ID}</qualifieddc>",
        f"<o:dc xmlns:o='http://www.openarchives.org/OAI/2.0/oai_dc/'>{DUBLIN_CORE}{DUBLIN_CORE_ID}</o:dc>",
        f"<e:RDF xmlns:e='x'><e:ProvidedCHO>{DUBLIN_CORE}{DUBLIN_CORE_ID}</e:ProvidedCHO></e:RDF>",
    ],
)
def test_a_record_of_any_format_in_a_mets_is_read(content: str) -> None:
    document = structured_mets(section_xml("W", content), '<m:div TYPE="monograph" DMDID="W"/>')
    assert (document.book.id, document.book.title) == ("55", "Elisa")
    assert document.unread_records == ()


def test_a_record_that_is_only_pointed_to_is_named() -> None:
    section = '<m:dmdSec ID="W"><m:mdRef LOCTYPE="URL" MDTYPE="EAD" x:href="http://x.org/ead.xml"/></m:dmdSec>'
    document = structured_mets(section, '<m:div TYPE="monograph" DMDID="W"/>')
    assert document.unread_records == ("http://x.org/ead.xml",)


@pytest.mark.parametrize(
    ("inner", "title", "date"),
    [
        (
            '<m:div TYPE="year" LABEL="1838"><m:div TYPE="month" LABEL="1838-03"><m:div TYPE="day" LABEL="1838-03-05">'
            '<m:div TYPE="issue" LABEL="Nr. 14" ID="l1"/></m:div></m:div></m:div>',
            "Elisa. Nr. 14",
            "1838-03-05",
        ),
        (
            '<m:div TYPE="year" ORDERLABEL="1838"><m:div TYPE="issue" ORDERLABEL="14" ID="l1"/></m:div>',
            "Elisa. 14",
            "1838",
        ),
        ('<m:div TYPE="volume" LABEL="Bd. 2 (1838)"/>', "Elisa. Bd. 2 (1838)", "1838"),
        ('<m:div TYPE="volume" LABEL="Bd. 2 (1938)"/>', "Elisa. Bd. 2 (1938)", "1837-1840"),
        ('<m:div TYPE="volume" ORDERLABEL="2"/>', "Elisa. 2", "1837-1840"),
    ],
)
def test_labels_date_and_number_a_part_without_a_record(inner: str, title: str, date: str) -> None:
    book = structured_mets(WORK, f'<m:div TYPE="newspaper" DMDID="W">{inner}</m:div>').book
    assert (book.title, book.date) == (title, date)


def test_the_label_of_a_year_does_not_replace_the_day_of_the_record() -> None:
    book = read_mets(SHARED / "mets" / "bnl_luxzeit1858_mets.xml").book
    assert (book.date, book.year) == ("1858-12-07", 1858)


def test_volumes_without_ids_of_their_own_never_share_a_row_number() -> None:
    section = record_xml("V", "", "Elisa", "1838")
    structure = '<m:div TYPE="volume" DMDID="V"/>'
    ids = {structured_mets(section, structure, f"/a/{n}.xml", attributes='OBJID="5"').book.id for n in ("i", "ii")}
    assert len(ids) == 2
    assert "5" not in ids
