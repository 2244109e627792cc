"""Which pages a METS has, and at which of its locations a file is taken."""

from pathlib import Path

import pytest

from indexer.formats import mets, xml_loader
from indexer.formats.mets import Mets
from indexer.formats.mets.files import MetsFile
from indexer.records import Leaf
from tests.mets_factory import NAMESPACES

WEB = '<m:FLocat LOCTYPE="URL" x:href="https://lib.example.org/kant/0000000{}.jpg"/>'
DISK = '<m:FLocat LOCTYPE="OTHER" OTHERLOCTYPE="FILE" x:href="DEFAULT/FILE_000{}_DEFAULT.jpg"/>'


def file_xml(file_id: str, *locations: str, mimetype: str = "image/jpeg") -> str:
    location_xml = "".join(
        location if location.startswith("<") else f'<m:FLocat LOCTYPE="URL" x:href="{location}"/>'
        for location in locations
    )
    return f'<m:file ID="{file_id}" MIMETYPE="{mimetype}">{location_xml}</m:file>'


def group(use: str, *files: str) -> str:
    return f'<m:fileGrp USE="{use}">{"".join(files)}</m:fileGrp>'


def images(use: str, count: int, suffix: str = "tif") -> str:
    return group(use, *(file_xml(f"{use}{number}", f"{use}/000{number}.{suffix}") for number in range(1, count + 1)))


def page(*file_ids: str, attributes: str = 'TYPE="page"') -> str:
    pointers = "".join(f'<m:fptr FILEID="{file_id}"/>' for file_id in file_ids)
    return f"<m:div {attributes}>{pointers}</m:div>"


def structure(*divs: str, structure_type: str = "PHYSICAL") -> str:
    return f'<m:structMap TYPE="{structure_type}"><m:div TYPE="physSequence">{"".join(divs)}</m:div></m:structMap>'


def read(groups: str, structures: str) -> Mets:
    xml = f"<m:mets {NAMESPACES}><m:fileSec>{groups}</m:fileSec>{structures}</m:mets>"
    return mets.parse_mets(xml_loader.parse(xml.encode(), "book.xml"), "book.xml")


def leaves(document: Mets, *, on_disk: str = "", allow_remote: bool = False) -> list[Leaf]:
    """Return the leaves, with all relative hrefs on disk that contain `on_disk`."""

    def find_file(file: MetsFile, file_type: str) -> Path | None:
        is_type = file.is_image if file_type == "image" else file.is_ocr
        return Path(file.literal_path) if is_type and file.literal_path and on_disk in file.literal_path else None

    return [leaf for _, leaf in mets.leaves(document, find_file, allow_remote=allow_remote)]


def scans(document: Mets) -> list[str | None]:
    return [leaf.scan for leaf in leaves(document)]


@pytest.mark.parametrize("locations", [(WEB, DISK), (DISK, WEB)])
def test_a_file_with_two_locations_is_taken_from_disk_else_from_the_web(locations: tuple[str, str]) -> None:
    files = (file_xml(f"D{n}", *(location.format(n) for location in locations)) for n in (1, 2))
    document = read(group("DEFAULT", *files), structure(page("D1"), page("D2")))
    assert len(document.pages) == 2
    assert scans(document) == ["DEFAULT/FILE_0001_DEFAULT.jpg", "DEFAULT/FILE_0002_DEFAULT.jpg"]
    on_web = [f"https://lib.example.org/kant/0000000{n}.jpg" for n in (1, 2)]
    assert [leaf.scan for leaf in leaves(document, on_disk="nowhere", allow_remote=True)] == on_web
    # The path of the copy is not one on the server of the METS.
    fetched = document.resolve_urls("https://other.example.org/mets.xml")
    assert [leaf.scan for leaf in leaves(fetched, on_disk="nowhere", allow_remote=True)] == on_web


def test_a_urn_before_the_path_does_not_hide_it() -> None:
    document = read(group("MAX", file_xml("i1", "urn:nbn:de:1", "img/1.tif")), structure(page("i1")))
    assert leaves(document, on_disk="img")[0].scan == "img/1.tif"


def test_images_that_all_belong_to_one_division_are_a_page_each() -> None:
    document = read(
        images("MAX", 3) + images("THUMBS", 3, "jpg"),
        structure(*(f'<m:fptr FILEID="{use}{n}"/>' for use in ("MAX", "THUMBS") for n in (1, 2, 3))),
    )
    assert scans(document) == ["MAX/0001.tif", "MAX/0002.tif", "MAX/0003.tif"]
    assert [[file.id for file in page.files] for page in document.pages] == [
        [f"MAX{n}", f"THUMBS{n}"] for n in (1, 2, 3)
    ]


def test_a_page_with_two_images_of_one_use_is_two_leaves_with_their_texts() -> None:
    texts = group(
        "FULLTEXT", *(file_xml(f"a{n}", f"alto/text_{n}.xml", mimetype="application/alto+xml") for n in (1, 2))
    )
    document = read(
        images("MAX", 3) + images("MIN", 3, "jpg") + texts,
        structure(
            page("MAX1", "MIN1"), page("MIN2", "MIN3", "MAX2", "MAX3", "a1", "a2", attributes='CONTENTIDS="urn:2"')
        ),
    )
    page_leaves = leaves(document)
    assert [(leaf.scan, leaf.alto) for leaf in page_leaves] == [
        ("MAX/0001.tif", None),
        ("MAX/0002.tif", "alto/text_1.xml"),
        ("MAX/0003.tif", "alto/text_2.xml"),
    ]
    assert page_leaves[1].id == "urn:2"
    assert len({leaf.id for leaf in page_leaves}) == 3


@pytest.mark.parametrize(
    "hrefs",
    [
        ("tif/0001.tif", "jpg/0001.jpg"),
        ("max/0001.jpg", "min/0001.jpg"),
        ("0001.jpg", "0001_thumb.jpg"),
        ("0001_large.jpg", "0001_small.jpg"),
        ("https://x.org/i/1/full/max/0/default.jpg", "https://x.org/i/1/full/200,/0/default.jpg"),
    ],
)
def test_versions_of_one_image_in_one_group_are_one_page(hrefs: tuple[str, str]) -> None:
    files = (file_xml(f"i{number}", href) for number, href in enumerate(hrefs))
    assert len(read(group("images", *files), structure(page("i0", "i1"))).pages) == 1


def test_an_image_in_groups_of_several_uses_is_one_page() -> None:
    document = read(images("MAX", 2) + images("MIN", 2), structure(page("MIN1", "MAX1"), page("MIN2", "MAX2")))
    assert scans(document) == ["MAX/0001.tif", "MAX/0002.tif"]
    assert document.remainder == ""


def test_the_pages_of_several_physical_structures_follow_each_other() -> None:
    document = read(
        images("MAX", 3),
        structure(page("MAX1")) + structure(page("MAX1"), page("MAX2"), page("MAX3")),
    )
    assert scans(document) == ["MAX/0001.tif", "MAX/0002.tif", "MAX/0003.tif"]
    assert document.remainder == ""


def test_a_second_representation_of_the_pages_is_passed_over_and_counted() -> None:
    masters, copies = ([page(f"{use}{n}") for n in (1, 2)] for use in ("MASTER", "COPY"))
    document = read(images("MASTER", 2) + images("COPY", 2, "jpg"), structure(*masters) + structure(*copies))
    assert scans(document) == ["MASTER/0001.tif", "MASTER/0002.tif"]
    assert document.remainder == "2 images of the METS belong to none of its pages and are passed over"


def test_an_image_of_a_division_around_pages_is_counted() -> None:
    document = read(images("MAX", 2), structure('<m:fptr FILEID="MAX1"/>', page("MAX2")))
    assert scans(document) == ["MAX/0002.tif"]
    assert document.remainder == "one image of the METS belongs to none of its pages and is passed over"


def test_pages_without_files_in_the_physical_structure_are_read_from_the_logical_one() -> None:
    logical_pages = (page(f"MAX{n}", attributes=f'TYPE="page" ORDERLABEL="{n}"') for n in (1, 2))
    document = read(
        images("MAX", 2),
        structure('<m:div TYPE="page"/>', '<m:div TYPE="page"/>') + structure(*logical_pages, structure_type="LOGICAL"),
    )
    assert [(leaf.scan, leaf.label) for leaf in leaves(document)] == [("MAX/0001.tif", "1"), ("MAX/0002.tif", "2")]
