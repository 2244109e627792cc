"""Weights in PyTorch's own files, read without PyTorch, which is a gigabyte: the format of before 1.6.

Four pickles stand at the front: a number by which the format is told, its version, the machine that wrote it, and the
weights, each of which names where its numbers are stored. Then come the names of the stores, and the stores.
"""

import pickle
from collections import OrderedDict
from collections.abc import Mapping
from io import BytesIO
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

WeightArrays = Mapping[str, npt.NDArray[Any]]

MAGIC_NUMBER = 0x1950A86A20F9469CFC6C
"""The first number of such a file (`torch.serialization.MAGIC_NUMBER`)."""
COUNT_DTYPE = np.dtype("<i8")
"""Before each store's numbers, how many they are."""


class _TensorReference(NamedTuple):
    """Where one weight's numbers are."""

    storage: str
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    """In numbers."""


def read_weights(data: bytes) -> WeightArrays:
    """The weights by their names; `ValueError` for anything but weights, which is not carried out."""
    stream, dtypes = BytesIO(data), dict[str, np.dtype[Any]]()
    try:
        magic, _, _, weights, names = (_Unpickler(stream, dtypes).load() for _ in range(5))
        if magic != MAGIC_NUMBER:
            raise ValueError(f"it begins with {magic!r}")
        storages = {name: _read_storage(stream, dtypes[name]) for name in names}
        return {name: _read_tensor(weight, storages[weight.storage]) for name, weight in weights.items()}
    # Whatever a damaged file makes of the reader.
    except (pickle.UnpicklingError, EOFError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise ValueError(f"no weights of PyTorch's older format: {error}") from error


class _Unpickler(pickle.Unpickler):
    """Knows what a file of weights is made of, and makes nothing else."""

    def __init__(self, stream: BytesIO, dtypes: dict[str, np.dtype[Any]]) -> None:
        super().__init__(stream)
        self.dtypes = dtypes

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in ALLOWED_NAMES:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of weights")
        return ALLOWED_NAMES[module, name]

    def persistent_load(self, pid: Any) -> str:
        _, dtype, storage, *_ = pid
        self.dtypes[storage] = dtype
        return str(storage)


def _rebuild_tensor(
    storage: str, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: object
) -> _TensorReference:
    return _TensorReference(storage, offset, shape, strides)


ALLOWED_NAMES: Mapping[tuple[str, str], Any] = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): _rebuild_tensor,
    ("torch", "FloatStorage"): np.dtype("<f4"),
    ("torch", "LongStorage"): np.dtype("<i8"),
}
"""All that a pickle of weights may name."""


def _read_storage(stream: BytesIO, dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    (count,) = np.frombuffer(stream.read(COUNT_DTYPE.itemsize), COUNT_DTYPE)
    return np.frombuffer(stream.read(int(count) * dtype.itemsize), dtype, count=int(count))


def _read_tensor(reference: _TensorReference, storage: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """A copy, whose numbers lie in order."""
    last_index = reference.offset + sum(
        (side - 1) * stride for side, stride in zip(reference.shape, reference.strides, strict=True)
    )
    if not (reference.offset >= 0 and last_index < len(storage) and min(reference.strides, default=0) >= 0):
        raise ValueError(f"a weight of shape {reference.shape} lies outside its store of {len(storage)} numbers")
    strides = [stride * storage.itemsize for stride in reference.strides]
    return np.lib.stride_tricks.as_strided(storage[reference.offset :], reference.shape, strides).copy()
