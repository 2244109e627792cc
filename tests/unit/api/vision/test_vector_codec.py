"""Vectors are packed into a URL and unpacked; other texts are refused."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import InvalidRequest
from api.vision.vector_codec import MAX_LENGTH, PackedVector, model_stamp, pack_vectors, unpack_vectors
from core.encoders.fingerprint import ModelIdentity

STAMP = model_stamp(ModelIdentity(model="tests/model", revision="1", preprocessing="none"))


@given(seed=st.integers(0, 2**32 - 1), dimensions=st.sampled_from([64, 512, 768, 1536]))
def test_packed_vector_keeps_its_direction(seed: int, dimensions: int) -> None:
    vector = np.random.default_rng(seed).normal(size=dimensions).astype(np.float32)
    vector /= np.linalg.norm(vector)
    unpacked_vector = unpack_vectors(pack_vectors({"sscd": PackedVector(STAMP, vector)}))["sscd"]
    assert float(unpacked_vector.vector @ vector) > 0.999
    assert float(np.linalg.norm(unpacked_vector.vector)) == pytest.approx(1, abs=1e-5)
    assert unpacked_vector.stamp == STAMP


def test_packed_vectors_need_no_url_escapes() -> None:
    vectors = {name: np.eye(1, size, 3, dtype=np.float32)[0] for name, size in (("siglip", 768), ("sscd", 512))}
    text = pack_vectors({name: PackedVector(STAMP, vector) for name, vector in vectors.items()})
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")
    assert {name: packed_vector.vector.tolist() for name, packed_vector in unpack_vectors(text).items()} == {
        name: vector.tolist() for name, vector in vectors.items()
    }


def test_stamp_depends_on_weights_and_preprocessing() -> None:
    identity = ModelIdentity(model="a", revision="1", preprocessing="none")
    changes = ({"model": "other"}, {"revision": "other"}, {"preprocessing": "other"})
    stamps = {model_stamp(identity), *(model_stamp(replace(identity, **change)) for change in changes)}
    assert len(stamps) == 4


PACKED_TEXT = pack_vectors({"sscd": PackedVector(STAMP, np.eye(1, 512, dtype=np.float32)[0])})


@pytest.mark.parametrize(
    "text",
    [
        "rubbish",
        "sscd.",
        "sscd.AAAA",
        "sscd.AAAAAAA",
        "sscd." + "A" * 700,  # no direction
        "../../etc.AAAA",
        f"{PACKED_TEXT}~",
        f"{PACKED_TEXT}~{PACKED_TEXT}",
        f"{PACKED_TEXT}é",
        f"{PACKED_TEXT} ",
        PACKED_TEXT.replace("sscd", "SSCD"),
        "sscd." + "A" * MAX_LENGTH,
    ],
)
def test_unpacking_other_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest, match="Upload the picture again"):
        unpack_vectors(text)


@given(st.text())
def test_unpacking_any_text_gives_unit_vectors_or_an_error(text: str) -> None:
    try:
        packed_vectors = unpack_vectors(text)
    except InvalidRequest:
        return
    assert all(np.isclose(np.linalg.norm(packed_vector.vector), 1) for packed_vector in packed_vectors.values())
