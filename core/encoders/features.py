"""What tells the kinds of pictures apart, where a model sees more of that than its vector keeps."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt
from PIL.Image import Image

from core.encoders.protocols import Encoder, Vectors, check
from core.encoders.registry import SPECS

Traits: TypeAlias = npt.NDArray[np.int8]
"""Shape (n, numbers of a row)."""
MakeTraits: TypeAlias = Callable[[Sequence[Image]], Traits]


@runtime_checkable
class TraitEncoder(Encoder, Protocol):
    """An encoder that says of which kind a picture is, beside which pictures it is like."""

    @property
    def traits(self) -> str:
        """How they are made, in one line that changes when they would."""
        ...

    def encode_traits(self, images: Sequence[Image]) -> Traits:
        """One row per picture, in the order given."""
        ...

    @property
    def trait_parts(self) -> Mapping[str, MakeTraits]:
        """What a row is made of, in its order, and how each part alone is made."""
        ...


def learnable(encoder: Encoder, images: Sequence[Image]) -> Vectors | Traits:
    """What a classifier learns from: the traits, or the vectors of an encoder that has none."""
    if isinstance(encoder, TraitEncoder):
        return encoder.encode_traits(images)
    return check(encoder.encode_images(images), encoder, len(images))


def has_traits(model: str) -> bool:
    return model in SPECS and bool(SPECS[model].traits)


def field(model: str) -> str:
    """Where the index keeps what a classifier learns from."""
    return f"traits.{model}" if has_traits(model) else f"vectors.{model}"


def facts(encoder: Encoder) -> dict[str, str]:
    """What must be equal of two encoders for a classifier of the one's pictures to know the other's."""
    said = {"id": encoder.model, "revision": encoder.revision, "preprocessing": encoder.preprocessing}
    return said | ({"traits": encoder.traits} if isinstance(encoder, TraitEncoder) else {})
