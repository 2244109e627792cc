"""Of which kind a picture is, by SSCD's inner stages with their real weights."""

import json

import numpy as np
import pytest
from PIL import Image

from core.encoders import SPECS, Encoder
from core.encoders.features import TraitEncoder, Traits
from core.encoders.measurements import COUNT
from core.encoders.sscd_features import AREA, MULTIPLE, REPEATED, SKETCHED, TRAITS, view
from indexer.elasticsearch.mappings import mapping
from tests.paths import SPECIMEN

BOOK = SPECIMEN / "companion-1843"


def traits(encoder: Encoder, *images: Image.Image) -> Traits:
    assert isinstance(encoder, TraitEncoder)
    return encoder.encode_traits(images)


def likeness(one: Traits, other: Traits) -> float:
    """Cosine."""
    first, second = one.astype(np.float64), other.astype(np.float64)
    return float(first @ second / np.linalg.norm(first) / np.linalg.norm(second))


def half(image: Image.Image) -> Image.Image:
    return image.resize((image.width // 2, image.height // 2), Image.Resampling.BOX)


def page(number: int) -> Image.Image:
    with Image.open(BOOK / "scans" / f"{number:08}.jpg") as scan:
        return scan.convert("RGB")


def figure_of(number: int) -> Image.Image:
    """The first illustration of that page, as its printer knows where it stands."""
    known = json.loads((BOOK / "truth.json").read_text("utf-8"))
    here = (each["picture"] for each in known if each["page_id"] == f"{number:08}")
    x, y, width, height = next(each["box"] for each in here if each["label"] == "illustration")
    return page(number).crop((x, y, x + width, y + height))


def test_rows_are_bytes_of_the_length_that_the_mapping_has(sscd: Encoder, pictures: list[Image.Image]) -> None:
    for some in (pictures[:2], []):
        rows = traits(sscd, *some)
        assert rows.shape == (len(some), TRAITS)
        assert rows.dtype == np.int8
    assert mapping("pictures")["mappings"]["properties"]["traits"]["properties"]["sscd"]["dims"] == TRAITS


def test_the_registry_says_how_many_numbers_are_of_what() -> None:
    """Its line is what tells an old index from a new one: who changes the numbers must change it."""
    assert f"sketched in {SKETCHED:,} numbers; " in SPECS["sscd"].traits
    assert f"; {COUNT} measurements of the print, {REPEATED} times each" in SPECS["sscd"].traits


def test_the_parts_beside_each_other_are_the_row(sscd: Encoder, pictures: list[Image.Image]) -> None:
    """An evaluation takes them out of the row by their lengths, to say what each buys."""
    assert isinstance(sscd, TraitEncoder)
    parts = [make(pictures[:2]) for make in sscd.trait_parts.values()]
    assert np.array_equal(np.concatenate(parts, axis=1), traits(sscd, *pictures[:2]))
    assert [make([]).shape[1] for make in sscd.trait_parts.values()] == [part.shape[1] for part in parts]


def test_a_picture_has_its_row_whatever_stands_beside_it(sscd: Encoder, pictures: list[Image.Image]) -> None:
    one, other, third = pictures[:3]
    together = traits(sscd, one, other, one)
    assert np.array_equal(together[0], together[2])
    assert np.array_equal(together[:2], np.concatenate([traits(sscd, one), traits(sscd, other)]))
    assert not np.array_equal(together[0], traits(sscd, third)[0])


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((500, 500), (320, 320)),
        ((300, 600), (224, 448)),
        ((3000, 1), (640, 160)),
        ((1, 3000), (160, 640)),
        ((1, 1), (320, 320)),
    ],
)
def test_a_view_has_the_pictures_proportions_and_a_squares_cost(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    pixels = view(Image.new("RGB", size, "red"))
    assert pixels.shape == (1, expected[1], expected[0], 3)
    assert all(side % MULTIPLE == 0 for side in expected)
    assert expected[0] * expected[1] == pytest.approx(AREA, rel=0.05)


@pytest.mark.parametrize("size", [(1, 1), (3000, 1), (1, 3000), (90, 60)])
@pytest.mark.parametrize("mode", ["1", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_specks_rules_one_colour_and_every_mode_are_pictures(sscd: Encoder, mode: str, size: tuple[int, int]) -> None:
    (row,) = traits(sscd, Image.new(mode, size))
    assert row[:SKETCHED].any()
    assert np.abs(row.astype(int)).max() <= 127


def test_what_is_transparent_lies_on_paper_and_grey_is_colourless_colour(
    sscd: Encoder, pictures: list[Image.Image]
) -> None:
    grey = pictures[0].convert("L")
    clear = Image.new("RGBA", (90, 60), (0, 0, 0, 0))
    rows = traits(sscd, grey, grey.convert("RGB"), clear, Image.new("RGB", (90, 60), "white"))
    assert np.array_equal(rows[0], rows[1])
    assert np.array_equal(rows[2], rows[3])


def test_a_picture_and_its_smaller_copy_are_alike_and_other_pictures_are_less(
    sscd: Encoder, pictures: list[Image.Image]
) -> None:
    every = [*pictures[:3], figure_of(9), page(3)]
    rows, copies = traits(sscd, *every), traits(sscd, *map(half, every))
    nearest = [max(range(len(rows)), key=lambda place: likeness(rows[place], copy)) for copy in copies]
    assert nearest == list(range(len(every)))


def test_pages_of_text_are_more_like_each_other_than_like_figures(sscd: Encoder) -> None:
    """The vectors are made to tell two pages apart; this is what calls both of them pages."""
    text, other, figure, second = traits(sscd, page(3), page(4), figure_of(9), figure_of(11))
    alike = min(likeness(text, other), likeness(figure, second))
    assert alike > max(likeness(one, two) for one in (text, other) for two in (figure, second)) + 0.02
