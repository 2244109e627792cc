"""Files on disk that a METS names, whatever its hrefs look like."""

from pathlib import Path

import pytest
from PIL import Image

from indexer.records import Problem, Volume
from indexer.sources import find_volumes
from tests.mets_factory import NAMESPACES


def write_picture(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (8, 8)).save(path)
    return str(path)


def write_mets(path: Path, *hrefs: str) -> None:
    files = "".join(
        f'<m:file ID="F{number}"><m:FLocat LOCTYPE="URL" x:href="{href}"/></m:file>'
        for number, href in enumerate(hrefs)
    )
    pages = "".join(f'<m:div TYPE="page"><m:fptr FILEID="F{number}"/></m:div>' for number in range(len(hrefs)))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"<m:mets {NAMESPACES}><m:fileSec><m:fileGrp USE='LOCAL'>{files}</m:fileGrp></m:fileSec>"
        f"<m:structMap TYPE='PHYSICAL'><m:div>{pages}</m:div></m:structMap></m:mets>"
    )


def volumes(source: Path) -> list[Volume]:
    return [item for item in find_volumes(source) if isinstance(item, Volume)]


@pytest.mark.parametrize(
    "href",
    [
        "images/scans_tif/00000001.tif",
        "./images/scans_tif/00000001.tif",
        "images\\scans_tif\\00000001.tif",
        "IMAGES/Scans_tif/00000001.TIF",
        "file:///opt/goobi/metadata/37571/images/scans_tif/00000001.tif",
        "file:/opt/goobi/metadata/37571/images/scans_tif/00000001.tif",
        "file:///C:/goobi/37571/images/scans_tif/00000001.tif",
        "C:\\goobi\\37571\\images\\scans_tif\\00000001.tif",
        "\\\\server\\goobi\\37571\\images\\scans_tif\\00000001.tif",
        "http://x.org/37571/images/scans_tif/00000001.tif",
    ],
)
def test_a_file_is_found_beside_the_mets_although_other_books_have_its_name(tmp_path: Path, href: str) -> None:
    root = tmp_path / "library"
    expected = write_picture(root / "a" / "images" / "scans_tif" / "00000001.tif")
    write_picture(root / "a" / "images" / "small_tif" / "00000001.tif")
    write_picture(root / "b" / "images" / "scans_tif" / "00000001.tif")
    write_mets(root / "a" / "meta.xml", href)
    write_mets(root / "a" / "copy.xml", href)
    (first_volume, *_) = volumes(root)
    assert [leaf.scan for leaf in first_volume.leaves] == [expected]


@pytest.mark.parametrize(
    ("name", "href"),
    [
        ("side 1.tif", "side%201.tif"),
        ("side%201.tif", "side%201.tif"),
        ("50%.tif", "50%.tif"),
        ("a#1.tif", "a#1.tif"),
        ("Bok_0001.TIF", "bok_0001.tif"),
        ("prøve.tif", "pr%C3%B8ve.tif"),
    ],
)
def test_escaped_names_and_other_cases_are_found(tmp_path: Path, name: str, href: str) -> None:
    expected = write_picture(tmp_path / name)
    write_mets(tmp_path / "meta.xml", href)
    (volume,) = volumes(tmp_path)
    assert [leaf.scan for leaf in volume.leaves] == [expected]


def test_of_files_that_differ_only_in_case_none_is_guessed(tmp_path: Path) -> None:
    exact = write_picture(tmp_path / "scans" / "bok_0001.tif")
    write_picture(tmp_path / "scans" / "BOK_0001.tif")
    write_mets(tmp_path / "meta.xml", "scans/bok_0001.tif")
    (volume, *_) = volumes(tmp_path)
    assert [leaf.scan for leaf in volume.leaves] == [exact]


def test_the_record_of_a_whole_work_beside_a_volume_does_not_hide_its_pages(tmp_path: Path) -> None:
    expected = write_picture(tmp_path / "tif" / "00000001.tif")
    write_mets(tmp_path / "meta.xml", "file:///elsewhere/00000001.tif")
    write_mets(tmp_path / "meta_anchor.xml")
    items = list(find_volumes(tmp_path))
    (volume,) = [item for item in items if isinstance(item, Volume)]
    assert [leaf.scan for leaf in volume.leaves] == [expected]
    (problem,) = [item for item in items if isinstance(item, Problem)]
    assert problem.file == str(tmp_path / "meta_anchor.xml")
    assert problem.reason == "the METS lists no page; the METS of each volume has the pages of a larger work"
