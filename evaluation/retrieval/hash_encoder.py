"""Perceptual hashes as vectors, so that they can be cached, compared and fused like those of a model."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import imagehash
import numpy as np
import numpy.typing as npt
from PIL.Image import Image

from core.encoders import Vectors
from core.settings import Settings
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.queries import QueryKind, query_images
from evaluation.pictures.vectors import LazyImage, encode
from evaluation.retrieval.fusion import MethodVectors

HASHES: Mapping[str, Callable[[Image], Any]] = MappingProxyType(
    {
        "pHash": imagehash.phash,
        "dHash": imagehash.dhash,
        "wHash": imagehash.whash,
        "colour hash": imagehash.colorhash,
    }
)
"""The hashes of imagehash with its default parameters."""

BITS: Mapping[str, int] = MappingProxyType({"pHash": 64, "dHash": 64, "wHash": 64, "colour hash": 42})
MAX_BITS = max(BITS.values())


class HashEncoder:
    """All hashes of a picture in one row, so that each picture is opened once."""

    name = "hashes"
    model = "imagehash"
    revision: str = imagehash.__version__
    preprocessing = f"defaults: {', '.join(HASHES)}"
    dimensions = MAX_BITS * len(HASHES)

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        return np.stack(
            [
                np.concatenate([hash_vector(hash_image(image).hash) for hash_image in HASHES.values()])
                for image in images
            ]
        )


def hash_vector(bits: npt.NDArray[np.bool_]) -> Vectors:
    """Return ±1/8 for each bit, padded to `MAX_BITS`; the cosine is then 1 - Hamming distance / 32.

    Sums of eighths are exact in floating point, so equal distances give equal cosines.
    """
    padded_bits = np.ones(MAX_BITS, dtype=bool)
    padded_bits[: bits.size] = bits.ravel()
    return np.where(padded_bits, 1 / 8, -1 / 8).astype(np.float32)


def encode_by_hash(
    pictures: Sequence[LabelledPicture], kinds: Sequence[QueryKind], settings: Settings
) -> dict[str, MethodVectors]:
    """Return hash → vectors of the gallery and of each kind of query."""
    gallery = _encode_hashes([LazyImage(picture.digest, picture.open) for picture in pictures], settings, "pictures")
    queries = {kind.name: _encode_hashes(query_images(pictures, kind), settings, kind.name) for kind in kinds}
    return {name: MethodVectors(gallery[name], {kind: rows[name] for kind, rows in queries.items()}) for name in HASHES}


def _encode_hashes(lazy_images: Sequence[LazyImage], settings: Settings, title: str) -> dict[str, Vectors]:
    rows = encode(HashEncoder(), lazy_images, settings, title=f"hashes: {title}")
    return {name: rows[:, MAX_BITS * number : MAX_BITS * (number + 1)] for number, name in enumerate(HASHES)}
