"""Measurements of a print without a model: its size, its ink and the regularity of the ink."""

import numpy as np
import numpy.typing as npt
from PIL.Image import Image

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

MEASUREMENT_COUNT = 40
"""Length of the result of `measure_print`."""


def measure_print(image: Image) -> FeatureValues:
    """Return the measurements of an RGB picture, shape (`MEASUREMENT_COUNT`,), each from -1 to 1."""
    small_image = limit_size(image, MAX_SIDE)
    grey = np.asarray(small_image.convert("L"), dtype=np.float64) / 255
    saturation = _saturation(small_image)
    paper = max(float(np.quantile(grey, 0.9)), 0.1)
    ink = grey < (1 - INK_THRESHOLD) * paper
    shares = np.concatenate(
        [
            [grey.mean(), grey.std(), saturation.mean(), saturation.std(), ink.mean(), _border_pixels(ink).mean()],
            *(_axis_measurements(grey, ink, axis) for axis in (0, 1)),
            np.quantile(grey, QUANTILES),
            np.histogram(grey, bins=HISTOGRAM_BINS, range=(0, 1))[0] / grey.size,
        ]
    )
    # Most shares are small, so their square roots separate pictures better.
    return np.concatenate([_size_measurements(*image.size), np.sqrt(shares.clip(0, 1))])


def _saturation(image: Image) -> FeatureValues:
    red, green, blue = (np.asarray(band) for band in image.split())
    max_channel, min_channel = np.maximum(np.maximum(red, green), blue), np.minimum(np.minimum(red, green), blue)
    shares: FeatureValues = (max_channel - min_channel) / 255
    return shares


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


def _axis_measurements(grey: FeatureValues, ink: npt.NDArray[np.bool_], axis: int) -> FeatureValues:
    """Return measurements of the ink per row or column along an axis, and of the changes along it."""
    ink_profile = ink.mean(axis=1 - axis)
    steps = np.abs(np.diff(grey, axis=axis)) if grey.shape[axis] > 1 else np.zeros((1, 1))
    changes = np.diff(ink, axis=axis).mean() if grey.shape[axis] > 1 else 0.0
    return np.array(
        [
            ink_profile.std(),
            (ink_profile < EMPTY_LINE_INK_SHARE).mean(),
            steps.mean(),
            steps.std(),
            (steps > EDGE_THRESHOLD).mean(),
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
