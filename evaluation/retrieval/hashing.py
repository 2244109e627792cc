"""The perceptual hashes of imagehash as vectors, so that they are kept, compared and fused as a model's are."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import imagehash
import numpy as np
import numpy.typing as npt
from PIL.Image import Image

from core.encoders import Vectors
from core.settings import Settings
from evaluation.pictures.altered import Kind, query_views
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.vectors import View, encode
from evaluation.retrieval.fusion import Seen

HASHES: Mapping[str, Callable[[Image], Any]] = MappingProxyType(
    {
        "pHash": imagehash.phash,
        "dHash": imagehash.dhash,
        "wHash": imagehash.whash,
        "colour hash": imagehash.colorhash,
    }
)
"""As imagehash computes them by default."""

BITS: Mapping[str, int] = MappingProxyType({"pHash": 64, "dHash": 64, "wHash": 64, "colour hash": 42})
WIDTH = max(BITS.values())


class Hasher:
    """All hashes of a picture in one row, so that it is opened once."""

    name = "hashes"
    model = "imagehash"
    revision: str = imagehash.__version__
    preprocessing = f"defaults: {', '.join(HASHES)}"
    dimensions = WIDTH * len(HASHES)

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        return np.stack([np.concatenate([signs(by(image).hash) for by in HASHES.values()]) for image in images])


def signs(bits: npt.NDArray[np.bool_]) -> Vectors:
    """±1/8 for each bit and the same in all hashes where one is shorter: the cosine is 1 - Hamming distance / 32.

    Eighths and their sums are exact in floating point, so that equal distances stay equal.
    """
    row = np.ones(WIDTH, dtype=bool)
    row[: bits.size] = bits.ravel()
    return np.where(row, 1 / 8, -1 / 8).astype(np.float32)


def hashed(pictures: Sequence[LabelledPicture], kinds: Sequence[Kind], settings: Settings) -> dict[str, Seen]:
    """What each hash makes of the gallery and of each kind of query."""
    gallery = _hashes([View(picture.digest, picture.open) for picture in pictures], settings, "pictures")
    queries = {kind.name: _hashes(query_views(pictures, kind), settings, kind.name) for kind in kinds}
    return {name: Seen(gallery[name], {kind: rows[name] for kind, rows in queries.items()}) for name in HASHES}


def _hashes(views: Sequence[View], settings: Settings, title: str) -> dict[str, Vectors]:
    rows = encode(Hasher(), views, settings, title=f"hashes: {title}")
    return {name: rows[:, WIDTH * number : WIDTH * (number + 1)] for number, name in enumerate(HASHES)}
