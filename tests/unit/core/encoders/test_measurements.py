"""Measurements of a print: darkness, colour, regular lines, size."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.encoders.measurements import MAX_SCAN_SIDE, MEASUREMENT_COUNT, FeatureValues, LevelCounts, measure_print

HEIGHT_INDEX, ASPECT_RATIO_INDEX, MEAN_GREY_INDEX, MEAN_SATURATION_INDEX, INK_INDEX, BORDER_INK_INDEX = 1, 2, 3, 5, 7, 8
"""Places of single measurements: the side, both sides, the means of grey and colour, the ink and that of the border."""
ROW_SLICE, COLUMN_SLICE = slice(9, 17), slice(17, 25)
"""Of what is measured along the height and along the width; the last two are how regular."""
REGULARITY_INDEX, EVENNESS_INDEX = 6, 7


def to_image(pixels: npt.NDArray[np.uint8]) -> Image.Image:
    return Image.fromarray(pixels).convert("RGB")


def speckled_paper(share: float, side: int = 200) -> Image.Image:
    """Return specks on paper that cover this share of it."""
    return to_image(np.where(np.random.default_rng(3).random((side, side)) < share, 20, 240).astype(np.uint8))


def lines_of_print(side: int = 240, pitch: int = 20) -> Image.Image:
    """Return lines of text, each with random letters."""
    is_black = np.random.default_rng(4).random((side, side)) < 0.5
    is_print_line = np.arange(side)[:, None] % pitch < pitch // 2
    return to_image(np.where(is_black & is_print_line, 20, 240).astype(np.uint8))


@st.composite
def pictures(draw: st.DrawFn) -> Image.Image:
    """Draw a small picture of random size: noise between two levels, grey or coloured."""
    width, height = draw(st.integers(1, 60)), draw(st.integers(1, 60))
    low = draw(st.integers(0, 255))
    high = draw(st.integers(low, 255))
    generator = np.random.default_rng(draw(st.integers(0, 9)))
    channels = draw(st.sampled_from([(), (3,)]))
    return to_image(generator.integers(low, high + 1, (height, width, *channels), dtype=np.uint8))


@given(pictures())
@settings(max_examples=150)
def test_measurements_are_finite_and_between_minus_one_and_one(image: Image.Image) -> None:
    numbers = measure_print(image)
    assert numbers.shape == (MEASUREMENT_COUNT,)
    assert np.isfinite(numbers).all()
    assert numbers.min() >= -1
    assert numbers.max() <= 1


@given(pictures(), st.lists(st.floats(0, 1), min_size=1, max_size=5))
@settings(max_examples=150)
def test_statistics_from_counts_equal_those_of_the_pixels(image: Image.Image, shares: list[float]) -> None:
    grey_image = image.convert("L")
    levels, counts = np.asarray(grey_image) / 255, LevelCounts.from_image(grey_image)
    assert counts.mean == pytest.approx(levels.mean())
    assert counts.deviation == pytest.approx(levels.std(), abs=1e-9)
    assert counts.share_above(0.1) == (levels > 0.1).mean()
    np.testing.assert_allclose(counts.quantiles(shares), np.quantile(levels, shares), atol=1e-9)
    np.testing.assert_allclose(counts.bin_shares(8), np.histogram(levels, bins=8, range=(0, 1))[0] / levels.size)


@pytest.mark.parametrize("size", [(2 * MAX_SCAN_SIDE, 2), (2, 2 * MAX_SCAN_SIDE), (1, 5000)])
def test_a_rule_longer_than_any_scan_stays_in_range(size: tuple[int, int]) -> None:
    numbers = measure_print(Image.new("RGB", size, "black"))
    assert np.isfinite(numbers).all()
    assert np.abs(numbers).max() <= 1


def test_ink_grows_with_the_share_of_dark_pixels() -> None:
    measurements = [measure_print(speckled_paper(share)) for share in (0, 0.02, 0.1, 0.3)]
    for index in (INK_INDEX, BORDER_INK_INDEX):
        assert [values[index] for values in measurements] == sorted({values[index] for values in measurements})
    assert measurements[0][INK_INDEX] == 0
    assert measurements[2][INK_INDEX] ** 2 == pytest.approx(0.1, abs=0.01)
    assert [values[MEAN_GREY_INDEX] for values in measurements] == sorted(
        (values[MEAN_GREY_INDEX] for values in measurements), reverse=True
    )


def test_ink_is_measured_relative_to_the_paper() -> None:
    """Browned paper does not count as ink."""
    white = np.asarray(speckled_paper(0.1))
    brown = Image.fromarray((white * 0.6).astype(np.uint8))
    assert measure_print(brown)[INK_INDEX] == pytest.approx(measure_print(speckled_paper(0.1))[INK_INDEX])
    assert measure_print(brown)[MEAN_GREY_INDEX] < measure_print(speckled_paper(0.1))[MEAN_GREY_INDEX] - 0.1


def axis_measurements(image: Image.Image, axis: slice) -> FeatureValues:
    return measure_print(image)[axis]


def test_text_lines_are_more_regular_than_noise_only_vertically() -> None:
    text, noise = lines_of_print(), speckled_paper(0.25, side=240)
    assert (
        axis_measurements(text, ROW_SLICE)[REGULARITY_INDEX]
        > axis_measurements(noise, ROW_SLICE)[REGULARITY_INDEX] + 0.3
    )
    assert (
        axis_measurements(text, ROW_SLICE)[EVENNESS_INDEX] < axis_measurements(noise, ROW_SLICE)[EVENNESS_INDEX] - 0.2
    )
    assert axis_measurements(text, COLUMN_SLICE)[REGULARITY_INDEX] == pytest.approx(
        axis_measurements(noise, COLUMN_SLICE)[REGULARITY_INDEX], abs=0.15
    )


def test_transposing_a_page_swaps_row_and_column_measurements() -> None:
    upright = lines_of_print()
    transposed = upright.transpose(Image.Transpose.TRANSPOSE)
    assert axis_measurements(transposed, COLUMN_SLICE) == pytest.approx(axis_measurements(upright, ROW_SLICE))
    assert axis_measurements(transposed, ROW_SLICE) == pytest.approx(axis_measurements(upright, COLUMN_SLICE))


def test_sizes_and_aspect_ratios_differ() -> None:
    tall_values, wide_values, small_values = (
        measure_print(Image.new("RGB", size, "grey")) for size in ((40, 60), (60, 40), (20, 30))
    )
    assert tall_values[HEIGHT_INDEX] > small_values[HEIGHT_INDEX]
    assert tall_values[ASPECT_RATIO_INDEX] == pytest.approx(small_values[ASPECT_RATIO_INDEX])
    assert tall_values[ASPECT_RATIO_INDEX] == pytest.approx(-wide_values[ASPECT_RATIO_INDEX])
    assert tall_values[ASPECT_RATIO_INDEX] < 0


def test_saturation_separates_coloured_from_grey_plates() -> None:
    assert measure_print(Image.new("RGB", (30, 30), (180, 90, 60)))[MEAN_SATURATION_INDEX] > 0.5
    assert measure_print(Image.new("RGB", (30, 30), (90, 90, 90)))[MEAN_SATURATION_INDEX] == 0
