"""Measurements of a print without a model: its size, its ink and the regularity of the ink."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
from PIL import ImageChops
from PIL.Image import Image, fromarray

from core.images import limit_size

FeatureValues = npt.NDArray[np.float64]

INK_THRESHOLD = 0.25
"""A pixel is ink if it is darker than the paper by this share of the paper's level."""
EMPTY_LINE_INK_SHARE = 0.01
"""A row or column with a smaller share of ink counts as empty."""
EDGE_THRESHOLD = 0.1
"""Difference of neighbouring pixels that counts as an edge, as a share of the whole range."""
BORDER_SHARE = 0.05
"""Width of the border, as a share of the shorter side."""
MAX_SIDE = 720
"""Pixels; a larger picture is reduced before its ink is measured."""
MAX_SCAN_SIDE = 8192
"""Pixels; the side whose logarithm scales sizes to 1. Longer sides count as this long."""
QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
HISTOGRAM_BINS = 8
"""Bins of the histogram of greys."""

LEVELS = np.arange(256) / 255
"""The levels of a pixel as numbers from 0 to 1."""

MEASUREMENT_COUNT = 40
"""Length of the result of `measure_print`."""


def measure_print(image: Image) -> FeatureValues:
    """Return the measurements of an RGB picture, shape (`MEASUREMENT_COUNT`,), each from -1 to 1."""
    small_image = limit_size(image, MAX_SIDE)
    grey_image = small_image.convert("L")
    grey, grey_levels = np.asarray(grey_image), LevelCounts.from_image(grey_image)
    saturation_levels = LevelCounts.from_image(_saturation(small_image))
    paper = max(float(grey_levels.quantiles(0.9)), 0.1)
    ink = grey < (1 - INK_THRESHOLD) * paper * 255
    shares = np.concatenate(
        [
            [grey_levels.mean, grey_levels.deviation, saturation_levels.mean, saturation_levels.deviation],
            [ink.mean(), _border_pixels(ink).mean()],
            *(_axis_measurements(grey, ink, axis) for axis in (0, 1)),
            grey_levels.quantiles(QUANTILES),
            grey_levels.bin_shares(HISTOGRAM_BINS),
        ]
    )
    # Most shares are small, so their square roots separate pictures better.
    return np.concatenate([_size_measurements(*image.size), np.sqrt(shares.clip(0, 1))])


@dataclass(frozen=True, slots=True)
class LevelCounts:
    """How often each of 256 levels occurs. Statistics of levels from 0 to 1 follow from it exactly and fast."""

    counts: npt.NDArray[np.int64]

    @classmethod
    def from_image(cls, image: Image) -> Self:
        """Count the levels of a picture in mode L."""
        return cls(np.array(image.histogram(), dtype=np.int64))

    @property
    def mean(self) -> float:
        return float(self.counts @ LEVELS) / int(self.counts.sum())

    @property
    def deviation(self) -> float:
        return math.sqrt(self.counts @ (LEVELS - self.mean) ** 2 / self.counts.sum())

    def share_above(self, level: float) -> float:
        return float(self.counts[level < LEVELS].sum() / self.counts.sum())

    def bin_shares(self, bins: int) -> FeatureValues:
        """Return the shares of the levels in bins of equal width; the last bin includes 1."""
        totals = np.bincount(np.minimum((LEVELS * bins).astype(np.intp), bins - 1), weights=self.counts, minlength=bins)
        return np.asarray(totals / self.counts.sum(), dtype=np.float64)

    def quantiles(self, shares: float | Sequence[float]) -> FeatureValues:
        """Return quantiles, interpolated linearly between the two levels next to each, as `numpy.quantile` does."""
        ends = np.cumsum(self.counts)
        positions = np.asarray(shares, dtype=np.float64) * (ends[-1] - 1)
        lower_levels, upper_levels = (
            LEVELS[np.searchsorted(ends, ranks, side="right")] for ranks in (np.floor(positions), np.ceil(positions))
        )
        return np.asarray(lower_levels + (upper_levels - lower_levels) * (positions % 1), dtype=np.float64)


NO_STEPS = LevelCounts(np.bincount([0], minlength=256))
"""The steps of a picture that is one pixel wide or high."""


def _saturation(image: Image) -> Image:
    """Return the difference of the highest and the lowest channel of each pixel, in mode L."""
    red, green, blue = image.split()
    highest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return ImageChops.subtract(highest, ImageChops.darker(ImageChops.darker(red, green), blue))


def _size_measurements(width: int, height: int) -> FeatureValues:
    """Return logarithms of width, height and aspect ratio, so that differences are relative."""
    log_max_side = np.log(MAX_SCAN_SIDE)
    return np.array(
        [np.log(width) / log_max_side, np.log(height) / log_max_side, np.log(width / height) / np.log(16)]
    ).clip(-1, 1)


def _border_pixels(ink: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    border_width = max(1, round(BORDER_SHARE * min(ink.shape)))
    return np.concatenate(
        [
            strip.ravel()
            for strip in (ink[:border_width], ink[-border_width:], ink[:, :border_width], ink[:, -border_width:])
        ]
    )


def _axis_measurements(grey: npt.NDArray[np.uint8], ink: npt.NDArray[np.bool_], axis: int) -> FeatureValues:
    """Return measurements of the ink per row or column along an axis, and of the changes along it."""
    ink_profile = ink.mean(axis=1 - axis)
    steps, changes = NO_STEPS, 0.0
    if grey.shape[axis] > 1:
        first, second = (grey[:-1], grey[1:]) if axis == 0 else (grey[:, :-1], grey[:, 1:])
        steps = LevelCounts.from_image(fromarray(np.maximum(first, second) - np.minimum(first, second)))
        changes = float(np.diff(ink, axis=axis).mean())
    return np.array(
        [
            ink_profile.std(),
            (ink_profile < EMPTY_LINE_INK_SHARE).mean(),
            steps.mean,
            steps.deviation,
            steps.share_above(EDGE_THRESHOLD),
            changes,
            *_regularity(ink_profile),
        ]
    )


def _regularity(ink_profile: FeatureValues) -> tuple[float, float]:
    """Return the largest share of one frequency in the ink profile, and the normalised entropy of all shares."""
    if len(ink_profile) < 16:
        return 0.0, 1.0
    power = np.abs(np.fft.rfft((ink_profile - ink_profile.mean()) * np.hanning(len(ink_profile))))[2:] ** 2
    if power.sum() <= 0:
        return 0.0, 1.0
    shares = power / power.sum()
    return float(shares.max()), float(-(shares * np.log(shares + 1e-12)).sum() / np.log(len(shares)))
