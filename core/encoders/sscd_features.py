"""Features for the classifier: inner stages of SSCD, a second network (EfficientNet), and measurements of the print.

SSCD's vector is trained to ignore how a picture is printed, which distinguishes for example text from maps. Means and
deviations of its inner stages keep the style of a picture (Huang and Belongie 2017, arXiv 1703.06868). EfficientNet
adds what the picture shows, which SSCD is not trained to recognise.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL.Image import Image, Resampling

from core.encoders import efficientnet
from core.encoders.measurements import MEASUREMENT_COUNT, FeatureValues, measure_print
from core.encoders.protocols import Features
from core.images import Pixels, to_rgb

STAGES = tuple(
    f"/backbone/blocks/{stage}/block{stage}-{last_block}/relu/Relu_output_0"
    for stage, last_block in ((1, 3), (2, 5), (3, 2))
)
"""Names, in the file, of the outputs of ResNet-50's second to fourth stage."""

VIEW_AREA, SIDE_MULTIPLE = 320**2, 32
"""Pixels of a view with the picture's own proportions, and the divisor of its sides."""
MAX_VIEW_ASPECT_RATIO = 4
"""A longer picture is compressed to this aspect ratio."""

FEATURE_LENGTH = 4096
"""Elasticsearch's limit for the length of a vector."""
MEASUREMENT_REPEATS = 10
"""Copies of each measurement in a row, so that they count beside 3,696 other numbers; chosen by trial."""
SKETCH_LENGTH = FEATURE_LENGTH - efficientnet.FEATURE_COUNT - MEASUREMENT_REPEATS * MEASUREMENT_COUNT
QUANTISATION_LEVELS = 24.0
"""int8 levels per average response of a channel; responses above 5.3 times the average are clipped."""
SKETCH_SEED = 0


@dataclass(frozen=True, slots=True)
class FeaturePart:
    """One part of a feature row."""

    name: str
    length: int
    compute: Callable[[Any, Image, Pixels], FeatureValues]
    """Computes the part from SSCD's session, the picture and its view; values beyond ±127 are clipped."""


def feature_row(session: Any, image: Image, parts: Sequence[FeaturePart]) -> Features:
    """Return the parts of a picture side by side; `session` has the outputs `STAGES`."""
    rgb_image = to_rgb(image)
    pixels = prepare_view(rgb_image)
    feature_values = np.concatenate([part.compute(session, rgb_image, pixels) for part in parts])
    return feature_values.round().clip(-127, 127).astype(np.int8)


def stack_rows(rows: Sequence[Features], parts: Sequence[FeaturePart]) -> Features:
    """Return the rows as one array, which has the columns of the parts even if there is no row."""
    return np.stack(rows) if rows else np.empty((0, sum(part.length for part in parts)), np.int8)


def prepare_view(image: Image) -> Pixels:
    """Return the picture with its own proportions on about `VIEW_AREA` pixels, shape (1, height, width, 3)."""
    aspect_ratio = min(max(image.width / image.height, 1 / MAX_VIEW_ASPECT_RATIO), MAX_VIEW_ASPECT_RATIO)
    sides = ((VIEW_AREA * aspect_ratio) ** 0.5, (VIEW_AREA / aspect_ratio) ** 0.5)
    width, height = (round(side / SIDE_MULTIPLE) * SIDE_MULTIPLE for side in sides)
    return np.asarray(image.resize((width, height), Resampling.BILINEAR, reducing_gap=2))[None]


def _inner_stage_features(session: Any, _: Image, pixels: Pixels) -> FeatureValues:
    statistics = np.concatenate(list(_stage_statistics(session.run(STAGES, {"image": pixels}))))
    buckets, signs = _count_sketch(len(statistics))
    sketch = np.bincount(buckets, weights=signs * statistics, minlength=SKETCH_LENGTH)
    return np.asarray(sketch * QUANTISATION_LEVELS, dtype=np.float64)


def _content_features(_: Any, __: Image, pixels: Pixels) -> FeatureValues:
    return (
        _scaled_roots(efficientnet.mean_activations(efficientnet.load_session(), pixels)[0].astype(np.float64))
        * QUANTISATION_LEVELS
    )


def _print_features(_: Any, image: Image, __: Pixels) -> FeatureValues:
    return np.repeat(measure_print(image), MEASUREMENT_REPEATS) * 127


def _stage_statistics(stages: Sequence[npt.NDArray[np.float32]]) -> Iterator[FeatureValues]:
    """Return the means and deviations of the channels of each stage."""
    for stage in stages:
        channels = stage[0].reshape(stage.shape[1], -1)
        means = channels.mean(axis=1)
        centred = channels - means[:, None]
        variances = np.einsum("ij,ij->i", centred, centred) / channels.shape[1]
        yield _scaled_roots(means.astype(np.float64))
        yield _scaled_roots(np.sqrt(variances.astype(np.float64)))


def _scaled_roots(numbers: FeatureValues) -> FeatureValues:
    """Return the square roots of the absolute values, scaled to a mean square of 1."""
    roots: FeatureValues = np.sqrt(np.abs(numbers) / max(float(np.abs(numbers).mean()), 1e-12))
    return roots


@cache
def _count_sketch(length: int) -> tuple[npt.NDArray[np.int_], npt.NDArray[np.int_]]:
    """Return, for a count sketch (Charikar et al. 2002), the sum that each number goes into and its sign."""
    generator = np.random.default_rng(SKETCH_SEED)
    return generator.permutation(np.arange(length) % SKETCH_LENGTH), generator.choice([-1, 1], size=length)


FEATURE_PARTS = (
    FeaturePart("SSCD's inner stages", SKETCH_LENGTH, _inner_stage_features),
    FeaturePart("EfficientNet-Lite2's last stage", efficientnet.FEATURE_COUNT, _content_features),
    FeaturePart("measurements of the print", MEASUREMENT_REPEATS * MEASUREMENT_COUNT, _print_features),
)
"""The parts of a row of `FEATURE_LENGTH` numbers."""
