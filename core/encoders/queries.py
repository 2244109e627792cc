"""A reader's picture → the vector to ask with: what is served and what is measured are this one function."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from PIL.Image import Image

from core.encoders.protocols import Encoder, Vectors


@runtime_checkable
class QueryEncoder(Encoder, Protocol):
    """An encoder that looks at a question more closely than at the pictures of the index."""

    def encode_queries(self, images: Sequence[Image]) -> Vectors:
        """One row per picture, in the space of `encode_images`."""
        ...


def encode_queries(encoder: Encoder, images: Sequence[Image]) -> Vectors:
    """One row per picture, made with whatever the encoder does for a question."""
    return encoder.encode_queries(images) if isinstance(encoder, QueryEncoder) else encoder.encode_images(images)
