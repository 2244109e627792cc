"""What can be measured of a print without a model: its size, its ink and how regularly that lies."""

import numpy as np
import numpy.typing as npt
from PIL.Image import Image

from core.images import at_most

Numbers = npt.NDArray[np.float64]

INK = 0.25
"""So much darker than the paper, in shares of it, is ink."""
BARE = 0.01
"""A row or a column with less ink is empty."""
EDGE = 0.1
"""A step between neighbours, of the whole range from black to white."""
BORDER = 0.05
"""Of the shorter side."""
LONGEST = 720
"""Pixels; a larger picture is made smaller before its ink is measured."""
LARGEST = 8192
"""Pixels of a side; sizes are told in shares of their logarithms. Larger ones are told as this one."""
QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
GREYS = 8
"""Bars of the histogram."""

COUNT = 40
"""Of numbers."""


def measured(image: Image) -> Numbers:
    """Shape (`COUNT`,), each from -1 to 1; of an RGB picture."""
    small = at_most(image, LONGEST)
    grey = np.asarray(small.convert("L"), dtype=np.float64) / 255
    saturation = _saturation(small)
    paper = max(float(np.quantile(grey, 0.9)), 0.1)
    ink = grey < (1 - INK) * paper
    shares = np.concatenate(
        [
            [grey.mean(), grey.std(), saturation.mean(), saturation.std(), ink.mean(), _border(ink).mean()],
            *(_along(grey, ink, axis) for axis in (0, 1)),
            np.quantile(grey, QUANTILES),
            np.histogram(grey, bins=GREYS, range=(0, 1))[0] / grey.size,
        ]
    )
    # Most shares are small: their roots tell them apart better.
    return np.concatenate([_sizes(*image.size), np.sqrt(shares.clip(0, 1))])


def _saturation(image: Image) -> Numbers:
    red, green, blue = (np.asarray(band) for band in image.split())
    most, least = np.maximum(np.maximum(red, green), blue), np.minimum(np.minimum(red, green), blue)
    shares: Numbers = (most - least) / 255
    return shares


def _sizes(width: int, height: int) -> Numbers:
    """Logarithms, since a tenth more is a tenth more of any size."""
    whole = np.log(LARGEST)
    return np.array([np.log(width) / whole, np.log(height) / whole, np.log(width / height) / np.log(16)]).clip(-1, 1)


def _border(ink: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    deep = max(1, round(BORDER * min(ink.shape)))
    return np.concatenate([each.ravel() for each in (ink[:deep], ink[-deep:], ink[:, :deep], ink[:, -deep:])])


def _along(grey: Numbers, ink: npt.NDArray[np.bool_], axis: int) -> Numbers:
    """Of the lines that lie across an axis, and of what changes along it."""
    lines = ink.mean(axis=1 - axis)
    steps = np.abs(np.diff(grey, axis=axis)) if grey.shape[axis] > 1 else np.zeros((1, 1))
    changes = np.diff(ink, axis=axis).mean() if grey.shape[axis] > 1 else 0.0
    return np.array(
        [
            lines.std(),
            (lines < BARE).mean(),
            steps.mean(),
            steps.std(),
            (steps > EDGE).mean(),
            changes,
            *_regularity(lines),
        ]
    )


def _regularity(lines: Numbers) -> tuple[float, float]:
    """Of ink in lines of print: the largest share of one frequency, and how evenly they have their shares."""
    if len(lines) < 16:
        return 0.0, 1.0
    power = np.abs(np.fft.rfft((lines - lines.mean()) * np.hanning(len(lines))))[2:] ** 2
    if power.sum() <= 0:
        return 0.0, 1.0
    shares = power / power.sum()
    return float(shares.max()), float(-(shares * np.log(shares + 1e-12)).sum() / np.log(len(shares)))
