"""BnF's refNum."""

from pathlib import Path

from PIL import Image

from indexer.formats import xml_loader
from indexer.formats.mets import parse_mets, read_mets
from indexer.records import Volume
from indexer.sources import find_volumes
from tests.paths import SHARED

LA_CROIX = SHARED / "mets" / "bnf_lacroix1904_refnum.xml"


def test_the_record_and_the_pages_of_a_refnum_are_read() -> None:
    document = read_mets(LA_CROIX)
    book = document.book
    assert (book.id, book.title) == ("0220169", "La Croix (1880). Numéro 6311")
    assert (book.date, book.publisher, book.type_of_work) == ("1880-1968", "La Croix (Paris)", "periodique")
    assert book.identifiers == ("0220169", "ark:/12148/cb343631418")
    assert [[file.href for file in page.files] for page in document.pages] == [
        [f"T000000{number}.tif", f"X000000{number}.xml"] for number in (1, 2, 3, 4)
    ]
    first_scan = document.pages[0].files[0]
    assert (first_scan.width, first_scan.height) == (5154, 6969)


def test_labels_are_those_of_numbered_pages_in_their_order() -> None:
    views = "".join(
        f'<vueObjet ordre="{order}" numeroPage="{number}" typePagination="{kind}"><image nomImage="T000000{order}"/>'
        "</vueObjet>"
        for order, number, kind in ((10, 7, "A"), (2, 0, "N"), (9, 4, "R"))
    )
    root = xml_loader.parse(f"<refNum><document><structure>{views}</structure></document></refNum>".encode(), "x.xml")
    document = parse_mets(root, "/a/N0001.xml")
    assert [(page.div_id, page.label) for page in document.pages] == [("2", ""), ("9", "4"), ("10", "7")]
    assert document.book.id.startswith("N0001-")


def test_bnfs_scans_and_alto_are_found_beside_a_refnum(tmp_path: Path) -> None:
    (tmp_path / "0220169.xml").write_bytes(LA_CROIX.read_bytes())
    (tmp_path / "X").mkdir()
    for number in (1, 2, 3, 4):
        Image.new("L", (8, 8)).save(tmp_path / f"T000000{number}.TIF")
        (tmp_path / "X" / f"X000000{number}.xml").write_text("<alto><Layout/></alto>")
    (volume, *_) = find_volumes(tmp_path)
    assert isinstance(volume, Volume)
    assert (volume.book.title, volume.warnings) == ("La Croix (1880). Numéro 6311", ())
    assert [(leaf.id, leaf.alto, leaf.scan) for leaf in volume.leaves][1] == (
        "0220169_X0000002",
        str(tmp_path / "X" / "X0000002.xml"),
        str(tmp_path / "T0000002.TIF"),
    )


def test_roles_and_the_place_are_read_from_a_refnum() -> None:
    xml = (
        "<refNum><document identifiant='0220170'><bibliographie><titre>Les fleurs</titre>"
        "<auteur>Hugo, Victor (1802-1885). Auteur du texte</auteur><auteur>Delalain. Imprimeur</auteur>"
        "<editeur>Hetzel (Paris)</editeur><dateEdition>an VII [1799]</dateEdition>"
        "<tomaison><type>Tome</type><valeur>2</valeur></tomaison></bibliographie></document></refNum>"
    )
    book = parse_mets(xml_loader.parse(xml.encode(), "x.xml"), "x.xml").book
    assert (book.title, book.authors, book.year) == ("Les fleurs. Tome 2", ("Hugo, Victor (1802-1885)",), 1799)
    assert (book.publisher, book.place) == ("Hetzel (Paris)", "Paris")
