"""The proof that an index and the service speak of the same vectors: one small picture and what became of it.

An index's mapping keeps, per model, the contract below `_meta.models.<name>`. Queries that were encoded by
another model, or by the same one prepared in another way, find noise without any error; this finds it first.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL import Image

from core.encoders.features import facts
from core.encoders.protocols import Encoder, Vectors
from core.errors import ContractBroken

WIDTH, HEIGHT = 256, 192
CLOSE = 0.99
"""Cosine of a canary with itself: another machine's rounding stays above it, other weights do not."""
FACTS = ("id", "revision", "dimensions", "preprocessing", "traits")


def picture() -> Image.Image:
    """A sun over hatched hills and water, in whole numbers only: the same pixels whatever draws them."""
    y, x = np.indices((HEIGHT, WIDTH))
    grey = np.where((x + 2 * y) % 12 < 4, 96, 236)
    grey = np.where((x - 176) ** 2 + (y - 56) ** 2 < 36**2, 255 - (x - 140) % 4 * 16, grey)
    grey = np.where((x - 64) ** 2 + 2 * (y - 150) ** 2 < 72**2, (x * y // 8) % 3 * 80 + 20, grey)
    grey = np.where(y > 144, np.where((y + x // 16 % 2 * 3) % 8 < 3, 40, 214), grey)
    return Image.fromarray(grey.astype(np.uint8)).convert("RGB")


def contract(encoder: Encoder) -> dict[str, Any]:
    """What the mapping keeps of the model that fills it."""
    return {**_facts(encoder), "canary": [round(float(number), 6) for number in _vector(encoder)]}


def agrees(contract: Mapping[str, Any], encoder: Encoder) -> None:
    """Nothing, or `ContractBroken` that says what differs and what to do about it."""
    here = _facts(encoder)
    for fact in FACTS:
        if contract.get(fact) != here.get(fact):
            raise _broken(encoder, f"has {fact} {contract.get(fact)!r}, and installed is {here.get(fact)!r}")
    cosine = _cosine(contract.get("canary"), _vector(encoder))
    if cosine < CLOSE:
        raise _broken(encoder, f"knows the canary by another vector (cosine {cosine:.3f}, at least {CLOSE} expected)")


def _facts(encoder: Encoder) -> dict[str, Any]:
    return {**facts(encoder), "dimensions": encoder.dimensions}


def _vector(encoder: Encoder) -> Vectors:
    (vector,) = encoder.encode_images([picture()])
    return np.asarray(vector, dtype=np.float32)


def _cosine(kept: object, now: Vectors) -> float:
    """0 for anything that is not a vector of that length: an index that was never filled by us."""
    if not isinstance(kept, list) or len(kept) != len(now):
        return 0.0
    there = np.asarray(kept, dtype=np.float32)
    length = float(np.linalg.norm(there))
    return float(there @ now) / length if length else 0.0


def _broken(encoder: Encoder, difference: str) -> ContractBroken:
    return ContractBroken(
        f"the index was not filled by the {encoder.name} that is installed: it {difference}; "
        "index again into a new version, or install what the index was filled with"
    )
