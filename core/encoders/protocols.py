"""What the product needs of a model: the protocols and the array types of its results."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt
from PIL.Image import Image

Vectors: TypeAlias = npt.NDArray[np.float32]
"""Shape (n, dimensions), each row of unit length."""

Features: TypeAlias = npt.NDArray[np.int8]
"""Shape (n, features per picture)."""

FeatureFunction: TypeAlias = Callable[[Sequence[Image]], Features]


class VectorModel(Protocol):
    """What every model has, whether it reads pictures or texts."""

    @property
    def name(self) -> str:
        """The model's short name, which is also its field below `vectors` in the mapping."""
        ...

    @property
    def model(self) -> str:
        """The id under which the model's weights are published."""
        ...

    @property
    def revision(self) -> str:
        """The exact weights: a commit, or a release and its hash."""
        ...

    @property
    def preprocessing(self) -> str:
        """How a picture or text becomes the model's input, in one line that changes whenever the result changes."""
        ...

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        ...


class Encoder(VectorModel, Protocol):
    """Turns pictures into unit vectors of one fixed length."""

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        """Return one row per picture, in their order."""
        ...


@runtime_checkable
class TextEncoder(Encoder, Protocol):
    """An encoder whose texts and pictures share one vector space (CLIP, SigLIP)."""

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Return one row per text, in their order."""
        ...


@runtime_checkable
class MeaningEncoder(VectorModel, Protocol):
    """Turns texts into unit vectors that are near each other if the texts mean the same, in whatever language."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one row per text of the index, in their order."""
        ...

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return one row per query text, in the space of `encode_passages`."""
        ...


@runtime_checkable
class QueryEncoder(Encoder, Protocol):
    """An encoder that encodes a reader's picture differently from the pictures of the index."""

    def encode_queries(self, images: Sequence[Image]) -> Vectors:
        """Return one row per picture, in the space of `encode_images`."""
        ...


@runtime_checkable
class FeatureEncoder(Encoder, Protocol):
    """An encoder that also gives features for the classifier, beyond its vector."""

    @property
    def features(self) -> str:
        """How the features are made, in one line that changes whenever they change."""
        ...

    def encode_features(self, images: Sequence[Image]) -> Features:
        """Return one row per picture, in their order."""
        ...

    @property
    def feature_parts(self) -> Mapping[str, FeatureFunction]:
        """The parts of a row in their order, each with the function that makes it alone."""
        ...
