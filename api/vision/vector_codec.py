"""The vectors of a picture as a URL parameter, so that a search by upload can be bookmarked, filtered and paged.

`sscd.AAAA…~siglip.BBBB…`: per model, base64url of a stamp (4 bytes: which weights) and one signed byte per dimension.
A weight may follow (`^-1`, see `api.search.image_terms`): none of its signs occurs here.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from api.errors import InvalidRequest
from api.sentences import Sentence
from core.encoders.fingerprint import ModelIdentity

Vector = npt.NDArray[np.float32]

STAMP_BYTES = 4
MAX_LENGTH = 20_000
"""Enough for eight models of 1,536 dimensions; uvicorn accepts a request line of 64 kB."""
MAX_DIMENSIONS = 4096
"""The limit of Elasticsearch for `dense_vector`."""
MAX_STEP = 127
"""The largest signed byte whose negative is a signed byte too."""

UNREADABLE_MESSAGE = Sentence(
    "The parameter `vector` is not valid; it may have been truncated. Upload the picture again."
)
_VECTOR_PATTERN = re.compile(r"([a-z0-9_-]{1,64})\.([A-Za-z0-9_-]+)")


@dataclass(frozen=True, slots=True)
class PackedVector:
    """One model's part of the parameter `vector`."""

    stamp: bytes
    vector: Vector


def model_stamp(identity: ModelIdentity) -> bytes:
    """Return a short hash of a model's weights and preprocessing, so that an old URL cannot search another model."""
    text = "\n".join((identity.model, identity.revision, identity.preprocessing))
    return hashlib.sha256(text.encode()).digest()[:STAMP_BYTES]


def pack_vectors(vectors: Mapping[str, PackedVector]) -> str:
    """Return the value of a parameter `vector`.

    Each vector is scaled to the whole range of a byte: at 512 dimensions the cosine to the original is above .9999.
    """
    return "~".join(
        f"{name}.{_encode_base64(packed_vector.stamp + _quantise(packed_vector.vector))}"
        for name, packed_vector in vectors.items()
    )


def unpack_vectors(text: str) -> dict[str, PackedVector]:
    """Return model name → unit vector; raise `InvalidRequest` for text that `pack_vectors` did not write."""
    matches = (
        [_VECTOR_PATTERN.fullmatch(vector_text) for vector_text in text.split("~")]
        if len(text) <= MAX_LENGTH
        else [None]
    )
    packed_vectors = {
        match[1]: packed_vector for match in matches if match and (packed_vector := _unpack_vector(match[2]))
    }
    if len(packed_vectors) < len(matches):
        raise InvalidRequest(UNREADABLE_MESSAGE)
    return packed_vectors


def _unpack_vector(encoded_text: str) -> PackedVector | None:
    try:
        raw = base64.b64decode(encoded_text + "=" * (-len(encoded_text) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        return None
    steps = np.frombuffer(raw[STAMP_BYTES:], dtype=np.int8).astype(np.float32)
    norm = float(np.linalg.norm(steps))
    if not 0 < steps.size <= MAX_DIMENSIONS or norm == 0:
        return None
    return PackedVector(raw[:STAMP_BYTES], (steps / norm).astype(np.float32))


def _quantise(vector: Vector) -> bytes:
    raw: bytes = np.rint(vector * (MAX_STEP / np.abs(vector).max())).astype(np.int8).tobytes()
    return raw


def _encode_base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
