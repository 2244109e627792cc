"""What is measured of a print is what a reader would say of it: dark, coloured, in lines, tall."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.encoders.measurements import COUNT, LARGEST, Numbers, measured

HEIGHT, SLENDER, GREY, COLOUR, INKY, EDGED = 1, 2, 3, 5, 7, 8
"""Places of single measurements: the side, both sides, the means of grey and colour, the ink and that of the border."""
ROWS, COLUMNS = slice(9, 17), slice(17, 25)
"""Of what is measured along the height and along the width; the last two are how regular."""
STRIPED, EVEN = 6, 7


def print_of(pixels: npt.NDArray[np.uint8]) -> Image.Image:
    return Image.fromarray(pixels).convert("RGB")


def inked(share: float, side: int = 200) -> Image.Image:
    """Specks on paper, as many of a hundred as the share says."""
    return print_of(np.where(np.random.default_rng(3).random((side, side)) < share, 20, 240).astype(np.uint8))


def lines_of_print(side: int = 240, pitch: int = 20) -> Image.Image:
    """Letters in every other half of a line, without any order within it."""
    black = np.random.default_rng(4).random((side, side)) < 0.5
    within = np.arange(side)[:, None] % pitch < pitch // 2
    return print_of(np.where(black & within, 20, 240).astype(np.uint8))


@st.composite
def pictures(draw: st.DrawFn) -> Image.Image:
    """Small ones of any sides, of noise between any two greys, coloured or not."""
    width, height = draw(st.integers(1, 60)), draw(st.integers(1, 60))
    low = draw(st.integers(0, 255))
    high = draw(st.integers(low, 255))
    chance = np.random.default_rng(draw(st.integers(0, 9)))
    channels = draw(st.sampled_from([(), (3,)]))
    return print_of(chance.integers(low, high + 1, (height, width, *channels), dtype=np.uint8))


@given(pictures())
@settings(max_examples=150, deadline=None)
def test_of_any_picture_each_number_is_finite_and_from_minus_one_to_one(image: Image.Image) -> None:
    numbers = measured(image)
    assert numbers.shape == (COUNT,)
    assert np.isfinite(numbers).all()
    assert numbers.min() >= -1
    assert numbers.max() <= 1


@pytest.mark.parametrize("size", [(2 * LARGEST, 2), (2, 2 * LARGEST), (1, 5000)])
def test_so_it_is_of_a_rule_longer_than_any_scan(size: tuple[int, int]) -> None:
    numbers = measured(Image.new("RGB", size, "black"))
    assert np.isfinite(numbers).all()
    assert np.abs(numbers).max() <= 1


def test_more_ink_is_more_ink() -> None:
    found = [measured(inked(share)) for share in (0, 0.02, 0.1, 0.3)]
    for place in (INKY, EDGED):
        assert [each[place] for each in found] == sorted({each[place] for each in found})
    assert found[0][INKY] == 0
    assert found[2][INKY] ** 2 == pytest.approx(0.1, abs=0.01)
    assert [each[GREY] for each in found] == sorted((each[GREY] for each in found), reverse=True)


def test_ink_is_what_is_darker_than_its_own_paper() -> None:
    """A page that has gone brown has no more of it."""
    white = np.asarray(inked(0.1))
    brown = Image.fromarray((white * 0.6).astype(np.uint8))
    assert measured(brown)[INKY] == pytest.approx(measured(inked(0.1))[INKY])
    assert measured(brown)[GREY] < measured(inked(0.1))[GREY] - 0.1


def along(image: Image.Image, axis: slice) -> Numbers:
    return measured(image)[axis]


def test_lines_of_print_are_more_regular_than_noise_and_only_down_the_page() -> None:
    text, noise = lines_of_print(), inked(0.25, side=240)
    assert along(text, ROWS)[STRIPED] > along(noise, ROWS)[STRIPED] + 0.3
    assert along(text, ROWS)[EVEN] < along(noise, ROWS)[EVEN] - 0.2
    assert along(text, COLUMNS)[STRIPED] == pytest.approx(along(noise, COLUMNS)[STRIPED], abs=0.15)


def test_a_turned_page_has_its_rows_for_columns() -> None:
    upright = lines_of_print()
    turned = upright.transpose(Image.Transpose.TRANSPOSE)
    assert along(turned, COLUMNS) == pytest.approx(along(upright, ROWS))
    assert along(turned, ROWS) == pytest.approx(along(upright, COLUMNS))


def test_sides_are_told_apart_and_a_tall_picture_from_a_wide_one() -> None:
    tall, wide, small = (measured(Image.new("RGB", size, "grey")) for size in ((40, 60), (60, 40), (20, 30)))
    assert tall[HEIGHT] > small[HEIGHT]
    assert tall[SLENDER] == pytest.approx(small[SLENDER])
    assert tall[SLENDER] == pytest.approx(-wide[SLENDER])
    assert tall[SLENDER] < 0


def test_a_coloured_plate_is_coloured_and_a_grey_one_is_not() -> None:
    assert measured(Image.new("RGB", (30, 30), (180, 90, 60)))[COLOUR] > 0.5
    assert measured(Image.new("RGB", (30, 30), (90, 90, 90)))[COLOUR] == 0
