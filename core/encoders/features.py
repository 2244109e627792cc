"""What tells the kinds of pictures apart, where a model sees more of that than its vector keeps."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt
from PIL.Image import Image

from core.encoders.protocols import Encoder, Vectors, check_vectors
from core.encoders.registry import SPECS

Features: TypeAlias = npt.NDArray[np.int8]
"""Shape (n, numbers of a row)."""
FeatureFunction: TypeAlias = Callable[[Sequence[Image]], Features]


@runtime_checkable
class FeatureEncoder(Encoder, Protocol):
    """An encoder that says of which kind a picture is, beside which pictures it is like."""

    @property
    def features(self) -> str:
        """How they are made, in one line that changes when they would."""
        ...

    def encode_features(self, images: Sequence[Image]) -> Features:
        """One row per picture, in the order given."""
        ...

    @property
    def feature_parts(self) -> Mapping[str, FeatureFunction]:
        """What a row is made of, in its order, and how each part alone is made."""
        ...


def encode_for_classifier(encoder: Encoder, images: Sequence[Image]) -> Vectors | Features:
    """What a classifier learns from: the features, or the vectors of an encoder that has none."""
    if isinstance(encoder, FeatureEncoder):
        return encoder.encode_features(images)
    return check_vectors(encoder.encode_images(images), encoder, len(images))


def has_features(model: str) -> bool:
    return model in SPECS and bool(SPECS[model].features)


def classifier_field(model: str) -> str:
    """Where the index keeps what a classifier learns from."""
    return f"features.{model}" if has_features(model) else f"vectors.{model}"


def encoder_identity(encoder: Encoder) -> dict[str, str]:
    """What must be equal of two encoders for a classifier of the one's pictures to know the other's."""
    identity = {"id": encoder.model, "revision": encoder.revision, "preprocessing": encoder.preprocessing}
    return identity | ({"features": encoder.features} if isinstance(encoder, FeatureEncoder) else {})
