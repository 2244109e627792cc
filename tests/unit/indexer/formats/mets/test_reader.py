"""METS files of many producers: pages, files and catalogue records."""

import re
from pathlib import Path

import pytest

from core.errors import SourceError
from indexer.formats import mets, xml_loader
from indexer.formats.mets import Mets, leaves, read_mets
from indexer.formats.mets.files import MetsFile
from indexer.records import Leaf
from tests.paths import SHARED

METS_FOLDER = SHARED / "mets"
FILES = sorted(path for path in METS_FOLDER.glob("*.xml") if xml_loader.root_element_name(path) in mets.ROOT_ELEMENTS)


def remote_leaves(document: Mets) -> list[Leaf]:
    return [leaf for _, leaf in leaves(document, lambda *_: None, allow_remote=True)]


PAGE_COUNTS = {
    "bnf_OCR_EN_BnF_BnF_00031_19040418_BnF_00031_19040418_mets.xml": (4, 0),
    "bnl_luxzeit1858_mets.xml": (4, 0),
    "kitodo_mets_with_pages.xml": (4, 4),
    "nb_2014062307158_struct.xml": (12, 12),
    "nb_mets_browsing.xml": (4, 4),
    "nb_struct_2014062707144.xml": (37, 37),
    "ocrd_kant_mets.xml": (2, 0),
    "sbb_24350382_1892-11-13_0_0.xml": (12, 12),
    "sbb_PPN1769395962.xml": (7, 7),
    "sbb_PPN81844746X-periodical.xml": (0, 0),
    "slub_test_mets_nodiv_local.xml": (56, 56),
    "ulb_737429_mets.xml": (4, 4),
    "ulb_kitodo3_zd2-1021634069-18680621.xml": (4, 0),
    "wellcome_b16675630_0001.xml": (1, 0),
}
"""Number of pages in the file, and number of pages that are available on the web."""


@pytest.mark.parametrize("name", PAGE_COUNTS)
def test_pages_are_counted_and_those_on_the_web(name: str) -> None:
    document = read_mets(METS_FOLDER / name)
    assert (len(document.pages), len(remote_leaves(document))) == PAGE_COUNTS[name]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_mets_gives_a_book_id_and_unique_page_ids(path: Path) -> None:
    document = read_mets(path)
    ids = [leaf.id for leaf in remote_leaves(document)]
    assert document.book.id
    assert len(set(ids)) == len(ids)


def test_the_record_is_that_of_the_book_and_not_of_a_chapter() -> None:
    book = read_mets(METS_FOLDER / "ulb_kitodo2_147573602.xml").book
    assert book.title.startswith("Tractätgen von denen Jüdischen Fabeln")
    assert (book.id, book.year, book.languages) == ("147573602", 1718, ("ger", "heb"))


def test_an_issue_has_the_title_of_its_newspaper_and_its_own_date() -> None:
    book = read_mets(METS_FOLDER / "bnl_luxzeit1858_mets.xml").book
    assert (book.title, book.year) == ("Luxemburger Zeitung – Journal de Luxembourg", 1858)


def test_a_licence_outside_the_record_is_read() -> None:
    assert read_mets(METS_FOLDER / "sbb_PPN1678618276.xml").book.licence == "CC BY-NC-SA 4.0 International"
    assert read_mets(METS_FOLDER / "ulb_737429_mets.xml").book.viewer.startswith(
        "https://digital.bibliothek.uni-halle.de/"
    )


def test_an_objid_that_is_a_row_number_is_not_the_book_id() -> None:
    assert read_mets(METS_FOLDER / "ulb_737429_mets.xml").book.id == "191092622"
    assert (
        read_mets(METS_FOLDER / "bnf_OCR_EN_BnF_BnF_00031_19040418_BnF_00031_19040418_mets.xml").book.id
        == "BnF_00031_19040418"
    )


def test_nbs_structmap_gives_urn_size_and_image_service() -> None:
    document = read_mets(METS_FOLDER / "nb_2014062307158_struct.xml")
    leaf = remote_leaves(document)[3]
    assert document.book.id == "digibok_2014062307158"
    assert (leaf.id, leaf.number, leaf.label) == ("URN:NBN:no-nb_digibok_2014062307158_0004", 4, "1")
    assert (leaf.width, leaf.height) == (2381, 4057)
    assert leaf.image_service == "https://www.nb.no/services/image/resolver/URN:NBN:no-nb_digibok_2014062307158_0004"


def test_the_scan_is_the_largest_image_of_a_page() -> None:
    leaf = remote_leaves(read_mets(METS_FOLDER / "sbb_24350382_1892-11-13_0_0.xml"))[0]
    assert leaf.scan
    assert leaf.scan.endswith("/full/full/0/default.jpg")
    assert leaf.image_service == "http://content.staatsbibliothek-berlin.de/zefys/SNP24350382-18921113-0-1-0-0"


def test_image_service_is_read_from_nbs_browsing_mets() -> None:
    (first_leaf, *_) = remote_leaves(read_mets(METS_FOLDER / "nb_mets_browsing.xml"))
    assert first_leaf.image_service
    assert first_leaf.image_service.endswith("_001")


PATHS_BY_HREF = {
    "alto/1.xml": "alto/1.xml",
    "./alto/1.xml": "./alto/1.xml",
    "file://./alto/1.xml": "alto/1.xml",
    "file:///./alto/1.xml": "alto/1.xml",
    "alto/side%201.xml": "alto/side 1.xml",
    "file:///goobi/tiff001/1.tif": "/goobi/tiff001/1.tif",
    "file:/opt/goobi/1.tif": "/opt/goobi/1.tif",
    "file:images/1.tif": "images/1.tif",
    "file:///C:/goobi/a%20b/1.tif": "/goobi/a b/1.tif",
    "file://C:/goobi/1.tif": "/goobi/1.tif",
    "FILE:///D|/goobi/1.tif": "/goobi/1.tif",
    "file:\\\\\\C:\\goobi\\1.tif": "/goobi/1.tif",
    "C:\\goobi\\images\\1.tif": "/goobi/images/1.tif",
    "\\\\server\\scans\\1.tif": "//server/scans/1.tif",
    "images\\00000001.tif": "images/00000001.tif",
    "http://x/a/1%202.jpg?size=1": "/a/1 2.jpg",
    "URN:NBN:no-nb_digibok_1_0001": "digibok_1_0001",
}


@pytest.mark.parametrize(("href", "path"), PATHS_BY_HREF.items())
def test_href_becomes_a_path(href: str, path: str) -> None:
    assert MetsFile(id="a", href=href).path == path


def parse_structure(file_section: str, structure: str) -> Mets:
    xml = (
        '<m:mets xmlns:m="http://www.loc.gov/METS/" xmlns:x="http://www.w3.org/1999/xlink" OBJID="bok_1">'
        f"<m:fileSec>{file_section}</m:fileSec><m:structMap TYPE='PHYSICAL'><m:div>{structure}</m:div>"
        "</m:structMap></m:mets>"
    )
    return mets.parse_mets(xml_loader.parse(xml.encode(), "x.xml"), "x.xml")


def test_pages_are_sorted_by_their_order_attribute() -> None:
    files = "".join(f'<m:file ID="F{n}"><m:FLocat x:href="http://x/{n}.jpg"/></m:file>' for n in (1, 2, 3))
    structure = "".join(
        f'<m:div TYPE="page" ORDER="{order}" ORDERLABEL="{label}"><m:fptr FILEID="F{n}"/></m:div>'
        for n, order, label in ((1, 10, "iii"), (2, 2, "i"), (3, 3, "ii"))
    )
    remote_pages = remote_leaves(parse_structure(f"<m:fileGrp USE='MAX'>{files}</m:fileGrp>", structure))
    assert [(leaf.number, leaf.label, leaf.scan) for leaf in remote_pages] == [
        (1, "i", "http://x/2.jpg"),
        (2, "ii", "http://x/3.jpg"),
        (3, "iii", "http://x/1.jpg"),
    ]
    assert [leaf.id for leaf in remote_pages] == ["bok_1_0001", "bok_1_0002", "bok_1_0003"]


def test_plates_and_covers_are_pages_and_a_divided_page_is_one_page() -> None:
    """docWORKS calls a plate PLATE; the outermost division often shows a PDF of the whole."""
    files = "".join(f'<m:file ID="F{n}"><m:FLocat x:href="http://x/{n}.jpg"/></m:file>' for n in range(5))
    pointers = [f'<m:fptr FILEID="F{n}"/>' for n in range(5)]
    structure = (
        f'{pointers[0]}<m:div TYPE="PAGE">{pointers[1]}<m:div TYPE="column">{pointers[4]}</m:div></m:div>'
        f'<m:div TYPE="PLATE">{pointers[2]}</m:div><m:div TYPE="cover">{pointers[3]}</m:div>'
    )
    document = parse_structure(f"<m:fileGrp>{files}</m:fileGrp>", structure)
    assert [page.files[0].id for page in document.pages] == ["F1", "F2", "F3"]


@pytest.mark.parametrize(
    ("group", "mimetype", "href", "file_type"),
    [
        ("FULLTEXT", "text/xml", "http://x/1.xml", "alto"),
        ("FULLTEXT", "application/pdf", "http://x/1.xml", "alto"),
        ("OCR-D-GT-ALTO", "application/alto+xml", "a/1.xml", "alto"),
        ("OCR-D-GT-PAGE", "application/vnd.prima.page+xml", "a/1.xml", "alto"),
        ("PAGEXML", "application/xml", "page/1.xml", "alto"),
        ("FULLTEXT", "text/vnd.hocr+html", "a/1.html", "alto"),
        ("OCR-D-HOCR", "text/html", "a/1.html", "alto"),
        ("HTML", "text/html", "a/1.html", "neither"),
        ("FULLTEXT", "text/xml", "http://x/get?id=1", "alto"),
        ("DEFAULT", "", "a/1.TIF", "image"),
        ("MAX", "image/jpeg", "http://x/1", "image"),
        ("THUMBS", "image/jpeg", "a/1.jpg", "neither"),
        ("DOWNLOAD", "application/pdf", "a/1.pdf", "neither"),
        ("OBJECTS", "video/mpeg", "a/1.mpg", "neither"),
    ],
)
def test_file_type_follows_from_group_mimetype_and_name(group: str, mimetype: str, href: str, file_type: str) -> None:
    location = f'<m:FLocat x:href="{href}"/>'
    files = f'<m:fileGrp USE="{group}"><m:file ID="F" MIMETYPE="{mimetype}">{location}</m:file></m:fileGrp>'
    (file,) = parse_structure(
        files, '<m:div TYPE="page"><m:fptr><m:par><m:area FILEID="F"/></m:par></m:fptr></m:div>'
    ).files
    assert (file.is_ocr, file.is_image) == (file_type == "alto", file_type == "image")


@pytest.mark.parametrize("name", ["gallicapix_4600009.xml", "nb_mods1.xml", "marc_batch.xml"])
def test_other_xml_is_refused_with_its_root_element(name: str) -> None:
    with pytest.raises(SourceError, match="not METS or structMap: the root element is <"):
        read_mets(METS_FOLDER / name)


def test_a_broken_mets_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "mets.xml").write_text("<mets>\n<fileSec>\n</mets>")
    with pytest.raises(SourceError, match="line 3: not well-formed XML"):
        read_mets(tmp_path / "mets.xml")


def parse_records(sections: dict[str, str], structure: str, name: str = "x.xml", attributes: str = "") -> Mets:
    """Parse a METS that has only records, by section id, and a logical structure."""
    section_xml = "".join(
        f'<m:dmdSec ID="{key}"><m:mdWrap><m:xmlData><mods:mods>{record}</mods:mods></m:xmlData></m:mdWrap></m:dmdSec>'
        for key, record in sections.items()
    )
    xml = (
        f'<m:mets xmlns:m="http://www.loc.gov/METS/" xmlns:mods="http://www.loc.gov/mods/v3" {attributes}>{section_xml}'
        f"<m:structMap TYPE='LOGICAL'>{structure}</m:structMap></m:mets>"
    )
    return mets.parse_mets(xml_loader.parse(xml.encode(), name), name)


def title_xml(text: str) -> str:
    return f"<mods:titleInfo><mods:title>{text}</mods:title></mods:titleInfo>"


def issued_xml(date: str) -> str:
    return f"<mods:originInfo><mods:dateIssued>{date}</mods:dateIssued></mods:originInfo>"


LOCAL_IDENTIFIER = '<mods:identifier type="local">BnF_00001</mods:identifier>'

ISSUE_STRUCTURE = (
    '<m:div TYPE="Newspaper"><m:div TYPE="VOLUME" DMDID="MODSMD_PRINT MODSMD_ELEC">'
    '<m:div TYPE="ISSUE" DMDID="MODSMD_ISSUE1"/></m:div></m:div>'
)


def test_record_of_the_conversion_gives_neither_publisher_nor_date() -> None:
    conversion_record = "<mods:originInfo><mods:publisher>CCS</mods:publisher></mods:originInfo>" + issued_xml(
        "2008-10-02"
    )
    sections = {
        "MODSMD_PRINT": title_xml("Vossische Zeitung"),
        "MODSMD_ELEC": title_xml("Vossische Zeitung") + conversion_record,
        "MODSMD_ISSUE1": issued_xml("02.05.1924"),
    }
    book = parse_records(sections, ISSUE_STRUCTURE).book
    assert (book.title, book.year, book.date, book.publisher) == ("Vossische Zeitung", 1924, "02.05.1924", "")


def test_issues_with_the_identifier_of_their_newspaper_are_separate_books() -> None:
    """Otherwise indexing the second issue would remove the pictures of the first."""
    sections = {
        "MODSMD_PRINT": title_xml("Journal") + LOCAL_IDENTIFIER,
        "MODSMD_ISSUE1": issued_xml("01.04.1814") + LOCAL_IDENTIFIER,
    }
    ids = [parse_records(sections, ISSUE_STRUCTURE, f"/a/{day}_1-METS.xml").book.id for day in ("18140401", "18140402")]
    assert ids == ["BnF_00001_a_18140401_1", "BnF_00001_a_18140402_1"]


def test_a_volume_has_its_own_id_and_year_and_the_title_of_the_work() -> None:
    def identifier_xml(record_id: str) -> str:
        return (
            f"<mods:recordInfo><mods:recordIdentifier>{record_id}</mods:recordIdentifier></mods:recordInfo>"
            f"<mods:location><mods:shelfLocator>copy of {record_id}</mods:shelfLocator></mods:location>"
        )

    sections = {
        "W": title_xml("Elisa") + issued_xml("1837-1840") + identifier_xml("111"),
        "V": issued_xml("1838") + identifier_xml("222"),
    }
    structure = '<m:div TYPE="MultiVolumeWork" DMDID="W"><m:div TYPE="Volume" DMDID="V"/></m:div>'
    book = parse_records(sections, structure).book
    assert (book.id, book.title, book.year) == ("222", "Elisa", 1838)
    assert book.identifiers == ("222", "copy of 222", "111", "copy of 111")


def test_a_record_without_a_title_gets_the_label_of_the_work() -> None:
    series = f'<mods:relatedItem type="series">{title_xml("VD16")}</mods:relatedItem>'
    structure = '<m:div TYPE="multivolume_work" LABEL="Itinerarium"><m:div TYPE="volume" DMDID="V"/></m:div>'
    assert parse_records({"V": series + issued_xml("1585")}, structure).book.title == "Itinerarium"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/books/kant/data/mets.xml", "kant"),
        ("/books/5628146/manifest.xml", "5628146"),
        ("/books/2014_mets.xml", "books_2014"),
        ("/books/digibok_2014-METS.xml", "digibok_2014"),
        ("/books/FZG/19720302_01/19720302_01-METS.xml", "FZG_19720302_01"),
    ],
)
def test_a_book_without_a_record_is_named_after_its_file(path: str, name: str) -> None:
    """A name that is no identifier, such as `kant`, is completed with a hash of the place."""
    assert re.sub("-[0-9a-f]{8}$", "", parse_records({}, "", path).book.id) == name


def test_books_without_a_record_whose_folders_have_one_name_are_two_books() -> None:
    ids = {parse_records({}, "", path).book.id for path in ("/a/kant/mets.xml", "/b/kant/mets.xml")}
    assert len(ids) == 2


def test_a_table_of_contents_gives_one_page_per_file() -> None:
    """BnF's `toc/*.xml` has a thousand divisions for twelve pages."""
    files = "".join(f'<m:file ID="F{n}"><m:FLocat x:href="../ocr/X{n}.xml"/></m:file>' for n in (1, 2, 3))
    file_ids_by_div = ("F1", "F1", "F1 F2", "F3", "F2")
    divs = "".join(
        "<m:div>"
        + "".join(f'<m:fptr><m:area FILEID="{file_id}"/></m:fptr>' for file_id in div_file_ids.split())
        + "</m:div>"
        for div_file_ids in file_ids_by_div
    )
    xml = (
        '<m:mets xmlns:m="http://www.loc.gov/METS/" xmlns:x="http://www.w3.org/1999/xlink">'
        f'<m:fileSec><m:fileGrp USE="ocr">{files}</m:fileGrp></m:fileSec>'
        f'<m:structMap TYPE="logical"><m:div TYPE="ISSUE">{divs}</m:div></m:structMap></m:mets>'
    )
    pages = mets.parse_mets(xml_loader.parse(xml.encode(), "toc.xml"), "toc.xml").pages
    assert [[file.id for file in page.files] for page in pages] == [["F1"], ["F2"], ["F3"]]


def test_an_info_json_gives_its_image_service() -> None:
    files = '<m:fileGrp USE="DEFAULT"><m:file ID="F" MIMETYPE="image/jpeg"><m:FLocat x:href="http://x/iiif/a%252F1/info.json"/>'
    (leaf,) = remote_leaves(
        parse_structure(files + "</m:file></m:fileGrp>", '<m:div TYPE="page"><m:fptr FILEID="F"/></m:div>')
    )
    assert (leaf.scan, leaf.image_service) == (None, "http://x/iiif/a%252F1")
