"""Encoding of a reader's picture, in the service and in the evaluation alike."""

from collections.abc import Sequence

from PIL.Image import Image

from core.encoders.protocols import Encoder, QueryEncoder, Vectors


def encode_queries(encoder: Encoder, images: Sequence[Image]) -> Vectors:
    """Return one row per picture, encoded as a query if the encoder treats queries differently."""
    return encoder.encode_queries(images) if isinstance(encoder, QueryEncoder) else encoder.encode_images(images)
