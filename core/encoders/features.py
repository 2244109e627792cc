"""The features that a classifier learns from: those of a feature encoder, or the vectors of any other."""

from collections.abc import Sequence

from PIL.Image import Image

from core.encoders.protocols import Encoder, FeatureEncoder, Features, Vectors
from core.encoders.registry import SPECS
from core.encoders.vectors import check_vectors


def encode_for_classifier(encoder: Encoder, images: Sequence[Image]) -> Vectors | Features:
    """Return the features of the pictures, or their vectors if the encoder has no features."""
    if isinstance(encoder, FeatureEncoder):
        return encoder.encode_features(images)
    return check_vectors(encoder.encode_images(images), encoder, len(images))


def has_features(model: str) -> bool:
    return model in SPECS and bool(SPECS[model].features)


def classifier_field(model: str) -> str:
    """Return the index field from which a classifier learns."""
    return f"features.{model}" if has_features(model) else f"vectors.{model}"
