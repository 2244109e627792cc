"""Pages of multi-page TIFF files: as pictures, and as scans of ALTO files."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.images.tiff_scans import alto_page_leaves, frames_of_pages, share_tiff, split_tiff_leaves
from indexer.records import Leaf, Page
from tests.picture_files import noise, tiff_file


def write_tiff(path: Path, subfile_types: Sequence[int]) -> str:
    path.write_bytes(tiff_file([noise(30, 40, seed) for seed in range(len(subfile_types))], subfile_types))
    return str(path)


def page(number: int | None, id_: str = "") -> Page:
    return Page(id=id_ or f"P{number}", width=30, height=40, number=number)


def test_each_page_of_a_tiff_becomes_a_leaf_and_all_are_numbered(tmp_path: Path) -> None:
    many = write_tiff(tmp_path / "many.tif", [0, 1, 0])
    leaves, warnings = split_tiff_leaves(
        [
            Leaf(id="first", number=1, scan=str(tmp_path / "first.jpg")),
            Leaf(id="many", number=2, scan=many),
            Leaf(id="last", number=3, scan=write_tiff(tmp_path / "last.TIFF", [0])),
        ]
    )
    assert [(leaf.id, leaf.number, leaf.frame) for leaf in leaves] == [
        ("first", 1, None),
        ("many:1", 2, 0),
        ("many:2", 3, 2),
        ("last", 4, None),
    ]
    assert warnings == ()


def test_leaves_that_share_a_tiff_have_its_pages_in_order(tmp_path: Path) -> None:
    scan = write_tiff(tmp_path / "book.tif", [0, 1, 0])
    leaves, _ = split_tiff_leaves([Leaf(id=f"p{number}", number=number, scan=scan) for number in (1, 2, 3)])
    assert [(leaf.id, leaf.scan, leaf.frame) for leaf in leaves] == [
        ("p1", scan, 0),
        ("p2", scan, 2),
        ("p3", None, None),
    ]


def test_a_missing_tiff_stays_one_leaf(tmp_path: Path) -> None:
    leaf = Leaf(id="p", number=1, scan=str(tmp_path / "none.tif"))
    assert split_tiff_leaves([leaf]) == ((leaf,), ())


def test_a_tiff_that_ends_early_is_named(tmp_path: Path) -> None:
    scan = write_tiff(tmp_path / "book.tif", [0, 0, 0])
    data = Path(scan).read_bytes()
    Path(scan).write_bytes(data[: len(data) * 2 // 3 - 500])
    leaves, (warning,) = split_tiff_leaves([Leaf(id="p", number=1, scan=scan)])
    assert len(leaves) < 3
    assert warning.startswith(f"{scan}: frame {len(leaves) + 1} and those after it cannot be read")


@pytest.mark.parametrize(
    ("pages", "frame_count", "frames"),
    [
        ([page(0), page(1), page(2)], 3, [0, 1, 2]),
        ([page(1), page(2), page(3)], 3, [0, 1, 2]),
        ([page(7), page(8)], 2, [0, 1]),
        ([page(None, "a"), page(None, "b")], 2, [0, 1]),
        ([page(1), page(3)], 3, [0, 2]),
        ([page(0), page(2)], 3, [0, 2]),
        ([page(1, "page_1"), page(2, "page_2")], 3, [1, 2]),
        ([page(None, "a"), page(None, "b"), page(None, "c")], 2, [0, 1, None]),
        ([page(5), page(5, "b")], 3, [0, 1]),
        ([page(1), page(9)], 3, [0, None]),
    ],
)
def test_pages_of_an_alto_file_find_their_frames(pages: list[Page], frame_count: int, frames: list[int | None]) -> None:
    assert frames_of_pages(pages, range(frame_count)) == frames


def test_pages_of_an_alto_file_beside_a_tiff_have_its_frames(tmp_path: Path) -> None:
    scan = write_tiff(tmp_path / "book.tif", [0, 1, 0])
    leaf = Leaf(id="book", number=1, alto="book.xml", scan=scan)
    leaves, warning = alto_page_leaves(leaf, [page(0), page(1)])
    assert [(leaf.id, leaf.number, leaf.scan, leaf.frame) for leaf in leaves] == [
        ("book:P0", 1, scan, 0),
        ("book:P1", 2, scan, 2),
    ]
    assert warning == ""
    leaves, warning = alto_page_leaves(leaf, [page(0), page(1), page(2)])
    assert [leaf.scan for leaf in leaves] == [scan, scan, None]
    assert warning == f"the file has 3 pages, and its scan {scan} has 2"


def test_pages_of_a_tiff_that_its_file_of_one_page_does_not_describe_are_named(tmp_path: Path) -> None:
    scan = write_tiff(tmp_path / "book.tif", [0, 0, 0])
    leaf = Leaf(id="book", number=1, alto="book.xml", scan=scan)
    warning = f"the file has 1 page, and its scan {scan} has 3; the first is used"
    assert alto_page_leaves(leaf, [page(1)]) == ([leaf], warning)
    assert alto_page_leaves(replace(leaf, frame=2), [page(1)])[1] == ""


def test_a_scan_of_one_page_is_not_the_scan_of_several() -> None:
    leaves, warning = alto_page_leaves(Leaf(id="book", number=4, scan="book.jpg"), [page(0), page(1)])
    assert [(leaf.number, leaf.scan) for leaf in leaves] == [(4, None), (5, None)]
    assert warning == ""


def test_files_of_one_page_each_share_the_tiff_of_their_book(tmp_path: Path) -> None:
    scan = write_tiff(tmp_path / "book.tif", [0, 0, 0])
    leaves = [Leaf(id=f"p{number}", number=number, alto="x.xml") for number in (5, 6, 7)]
    assert [leaf.frame for leaf in share_tiff(leaves, scan)] == [0, 1, 2]
    assert [leaf.frame for leaf in share_tiff([leaves[0], *leaves[:0]], scan)] == [None]
    numbered = [Leaf(id=f"p{number}", number=number, alto="x.xml") for number in (1, 3)]
    assert [leaf.frame for leaf in share_tiff(numbered, scan)] == [0, 2]
    single = write_tiff(tmp_path / "cover.tif", [0])
    assert share_tiff(numbered, single) == tuple(numbered)
