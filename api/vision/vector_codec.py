"""A picture's vectors as a URL parameter: an upload's search can be kept, narrowed and paged.

`sscd.AAAA…~siglip.BBBB…`: per model, base64url of a stamp (4 bytes: which weights) and one signed byte per dimension.
A weight may follow (`^-1`, see `api.search.image_terms`): none of its signs occurs here.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from api.errors import BadQuestion

Vector = npt.NDArray[np.float32]

STAMP_BYTES = 4
MAX_LENGTH = 20_000
"""Eight models of 1,536 dimensions; uvicorn takes a request line of 64 kB."""
MAX_DIMENSIONS = 4096
"""Elasticsearch's limit for `dense_vector`."""
STEPS = 127
"""The largest number of a signed byte that has its negative."""

UNREADABLE = "The picture in this address cannot be read; it was probably cut off. Upload the picture again."
_PART = re.compile(r"([a-z0-9_-]{1,64})\.([A-Za-z0-9_-]+)")


@dataclass(frozen=True, slots=True)
class Packed:
    """One model's part of the parameter."""

    stamp: bytes
    vector: Vector


def stamp(contract: Mapping[str, Any]) -> bytes:
    """Short name of a model's exact weights and preprocessing: an address kept for years must not ask another model."""
    parts = "\n".join(str(contract.get(key, "")) for key in ("id", "revision", "preprocessing"))
    return hashlib.sha256(parts.encode()).digest()[:STAMP_BYTES]


def pack(vectors: Mapping[str, Packed]) -> str:
    """Every vector fills the whole range of its bytes: at 512 dimensions the cosine to the original is above .9999."""
    return "~".join(f"{name}.{_letters(part.stamp + _bytes(part.vector))}" for name, part in vectors.items())


def unpack(text: str) -> dict[str, Packed]:
    """Unit vectors again; `BadQuestion` for anything that `pack` did not write."""
    parts = [_PART.fullmatch(part) for part in text.split("~")] if len(text) <= MAX_LENGTH else [None]
    packed = {match[1]: part for match in parts if match and (part := _unpack(match[2]))}
    if len(packed) < len(parts):
        raise BadQuestion(UNREADABLE)
    return packed


def _unpack(letters: str) -> Packed | None:
    try:
        raw = base64.b64decode(letters + "=" * (-len(letters) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        return None
    steps = np.frombuffer(raw[STAMP_BYTES:], dtype=np.int8).astype(np.float32)
    length = float(np.linalg.norm(steps))
    if not 0 < steps.size <= MAX_DIMENSIONS or length == 0:
        return None
    return Packed(raw[:STAMP_BYTES], (steps / length).astype(np.float32))


def _bytes(vector: Vector) -> bytes:
    raw: bytes = np.rint(vector * (STEPS / np.abs(vector).max())).astype(np.int8).tobytes()
    return raw


def _letters(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
