"""Of which kind a picture is: how SSCD's inner stages answer it, what a second network sees, what can be measured.

The last vector was taught to forget how a picture is printed, which is what tells a page of text from a map. Means and
deviations of the inner stages keep it, as they keep a picture's style (Huang and Belongie 2017, arXiv 1703.06868).
What is shown SSCD never learnt; EfficientNet did.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL.Image import Image, Resampling

from core.encoders import efficientnet
from core.encoders.features import Traits
from core.encoders.measurements import COUNT, Numbers, measured
from core.images import Pixels, rgb

STAGES = tuple(
    f"/backbone/blocks/{stage}/block{stage}-{last}/relu/Relu_output_0" for stage, last in ((1, 3), (2, 5), (3, 2))
)
"""Where ResNet-50's second to fourth stage end, by their names in the file."""

AREA, MULTIPLE = 320**2, 32
"""Pixels of a view, and what its sides are multiples of: the picture's own proportions, at the cost of a square."""
LONGEST_VIEW = 4
"""Longer side in shorter ones, beyond which a view is pressed."""

TRAITS = 4096
"""Elasticsearch's most for a vector."""
REPEATED = 10
"""How often each measurement is said: 40 beside 3,696 numbers would not be heard. Found by trying, as the rest is."""
SKETCHED = TRAITS - efficientnet.NUMBERS - REPEATED * COUNT
LEVELS = 24.0
"""Whole numbers in what a channel answers on average. Of 827 pictures a stage's largest answers are 3.3 times that; the
second network's are more than 5.3 times that, and cut, in one of 1,400."""
SEED = 0


@dataclass(frozen=True, slots=True)
class Part:
    """Some of a row's numbers."""

    name: str
    count: int
    of: Callable[[Any, Image, Pixels], Numbers]
    """What SSCD's session, the picture and its view give; what lies beyond ±127 is cut."""


def traits_of(session: Any, images: Sequence[Image], parts: Sequence[Part]) -> Traits:
    """One row per picture, the parts beside each other; `session` gives `STAGES`."""
    rows = [_row(session, rgb(image), parts) for image in images]
    return np.stack(rows) if rows else np.empty((0, sum(part.count for part in parts)), np.int8)


def view(image: Image) -> Pixels:
    """Shape (1, height, width, 3): the picture at its own proportions, on `AREA` pixels."""
    proportion = min(max(image.width / image.height, 1 / LONGEST_VIEW), LONGEST_VIEW)
    sides = ((AREA * proportion) ** 0.5, (AREA / proportion) ** 0.5)
    width, height = (round(side / MULTIPLE) * MULTIPLE for side in sides)
    return np.asarray(image.resize((width, height), Resampling.BILINEAR, reducing_gap=2))[None]


def _row(session: Any, image: Image, parts: Sequence[Part]) -> Traits:
    pixels = view(image)
    numbers = np.concatenate([part.of(session, image, pixels) for part in parts])
    return numbers.round().clip(-127, 127).astype(np.int8)


def _inner(session: Any, _: Image, pixels: Pixels) -> Numbers:
    answers = np.concatenate(list(_answers(session.run(STAGES, {"image": pixels}))))
    buckets, signs = _sketch(len(answers))
    return np.bincount(buckets, weights=signs * answers, minlength=SKETCHED) * LEVELS


def _shown(_: Any, __: Image, pixels: Pixels) -> Numbers:
    return _roots(efficientnet.seen(efficientnet.session(), pixels)[0].astype(np.float64)) * LEVELS


def _printed(_: Any, image: Image, __: Pixels) -> Numbers:
    return np.repeat(measured(image), REPEATED) * 127


def _answers(stages: Sequence[npt.NDArray[np.float32]]) -> Iterator[Numbers]:
    """Per stage its channels' means and their deviations."""
    for stage in stages:
        channels = stage[0].reshape(stage.shape[1], -1).astype(np.float64)
        yield _roots(channels.mean(axis=1))
        yield _roots(channels.std(axis=1))


def _roots(numbers: Numbers) -> Numbers:
    """Set 1 on average of their squares."""
    roots: Numbers = np.sqrt(np.abs(numbers) / max(float(np.abs(numbers).mean()), 1e-12))
    return roots


@cache
def _sketch(length: int) -> tuple[npt.NDArray[np.int_], npt.NDArray[np.int_]]:
    """Which number goes into which of `SKETCHED` sums, and with which sign (the count sketch, Charikar et al. 2002)."""
    chance = np.random.default_rng(SEED)
    return chance.permutation(np.arange(length) % SKETCHED), chance.choice([-1, 1], size=length)


PARTS = (
    Part("SSCD's inner stages", SKETCHED, _inner),
    Part("EfficientNet-Lite2's last stage", efficientnet.NUMBERS, _shown),
    Part("measurements of the print", REPEATED * COUNT, _printed),
)
"""A row is `TRAITS` numbers long."""
