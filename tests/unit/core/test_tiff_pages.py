"""Which frames of a TIFF are pages."""

import struct
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tiff_pages import TiffPages, read_tiff_pages
from tests.paths import CASES
from tests.picture_files import noise, tiff_file

REDUCED, PAGE, MASK = 1, 2, 4


def read(data: bytes) -> TiffPages:
    return read_tiff_pages(BytesIO(data))


def test_every_frame_of_the_case_is_a_page() -> None:
    with (CASES / "multipage-tiff" / "multi.tif").open("rb") as file:
        assert read_tiff_pages(file) == TiffPages((0, 1, 2))


@pytest.mark.parametrize("options", [{}, {"big_tiff": True}])
@pytest.mark.parametrize(
    ("subfile_types", "frames"),
    [
        ([0], (0,)),
        ([0, 0, 0], (0, 1, 2)),
        ([PAGE, PAGE], (0, 1)),
        ([0, REDUCED, 0, REDUCED], (0, 2)),
        ([REDUCED, 0], (1,)),
        ([0, MASK], (0,)),
        ([PAGE, REDUCED | PAGE], (0,)),
        ([REDUCED], (0,)),
    ],
)
def test_reduced_versions_and_masks_are_no_pages(
    subfile_types: list[int], frames: tuple[int, ...], options: dict[str, bool]
) -> None:
    images = [noise(40, 60, seed) for seed in range(len(subfile_types))]
    assert read(tiff_file(images, subfile_types, **options)) == TiffPages(frames)


def big_endian_tiff(frames: list[dict[int, int]]) -> bytes:
    """Return only the directories of a TIFF, each with these tags as SHORT."""
    data, offset = b"MM\x00*\x00\x00\x00\x08", 8
    for position, tags in enumerate(frames):
        offset += 6 + 12 * len(tags)
        data += struct.pack(">H", len(tags))
        data += b"".join(struct.pack(">HHIHH", tag, 3, 1, value, 0) for tag, value in sorted(tags.items()))
        data += struct.pack(">I", offset if position + 1 < len(frames) else 0)
    return data


def frame(width: int, height: int, **options: int) -> dict[int, int]:
    return {256: width, 257: height} | {{"tile": 322, "subfile": 255}[name]: value for name, value in options.items()}


@pytest.mark.parametrize(
    ("directories", "frames"),
    [
        ([frame(2000, 3001, tile=256), frame(1000, 1500, tile=256), frame(500, 750, tile=256)], (0,)),
        ([frame(2000, 3000), frame(1000, 1500), frame(500, 750)], (0, 1, 2)),
        ([frame(2000, 3000, tile=256), frame(2000, 3000, tile=256)], (0, 1)),
        ([frame(2000, 3000), frame(107, 160)], (0,)),
        ([frame(107, 160), frame(2000, 3000), frame(1990, 3020)], (1, 2)),
        ([frame(2000, 3000), frame(160, 107)], (0, 1)),
        ([frame(107, 160), frame(107, 160)], (0, 1)),
        ([frame(2000, 3000), frame(1000, 1500, subfile=2), frame(1800, 1500, subfile=3)], (0, 2)),
        ([frame(2000, 3000), {700: 1}], (0,)),
    ],
    ids=[
        "a pyramid without marks",
        "pages of half the size",
        "tiled pages",
        "a preview without a mark",
        "a preview before the pages",
        "a small page of another shape",
        "small pages",
        "the old mark",
        "a directory without a picture",
    ],
)
def test_copies_without_a_mark_are_known_by_their_size(directories: list[dict[int, int]], frames: tuple[int]) -> None:
    assert read(big_endian_tiff(directories)).frames == frames


def test_a_file_that_ends_early_gives_its_whole_frames_and_a_problem() -> None:
    data = big_endian_tiff([frame(200, 300), frame(200, 300), frame(200, 300)])
    assert read(data[:-10]) == TiffPages(
        (0, 1), "frame 3 and those after it cannot be read, as the file ends early or is damaged"
    )


def test_directories_in_a_circle_are_read_once() -> None:
    data = bytearray(big_endian_tiff([frame(200, 300)]))
    data[-4:] = struct.pack(">I", 8)
    assert read(bytes(data)) == TiffPages((0,))


@given(st.binary(max_size=300), st.integers(0, 120))
def test_damaged_directories_always_give_a_page(garbage: bytes, position: int) -> None:
    data = big_endian_tiff([frame(200, 300), frame(200, 300)])
    assert read(data[:position] + garbage + data[position + len(garbage) :]).frames
