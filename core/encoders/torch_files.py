"""Reader of weights in PyTorch's file format before 1.6, without PyTorch, which is a gigabyte.

The file starts with four pickles: the magic number, the version, the machine that wrote it, and the weights, each with
a reference to its storage. The names of the storages and the storages follow.
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
"""The magic number of the format (`torch.serialization.MAGIC_NUMBER`)."""
COUNT_DTYPE = np.dtype("<i8")
"""The length that precedes the numbers of each storage."""


class _TensorReference(NamedTuple):
    """The position of one weight's numbers in its storage."""

    storage: str
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    """In numbers, not bytes."""


def read_weights(data: bytes) -> WeightArrays:
    """Return the weights by name; ValueError if the file has anything else, which is never executed."""
    stream, dtypes = BytesIO(data), dict[str, np.dtype[Any]]()
    try:
        magic, _, _, weights, names = (_Unpickler(stream, dtypes).load() for _ in range(5))
        if magic != MAGIC_NUMBER:
            raise ValueError(f"it begins with {magic!r}")
        storages = {name: _read_storage(stream, dtypes[name]) for name in names}
        return {name: _read_tensor(weight, storages[weight.storage]) for name, weight in weights.items()}
    # Damaged files make pickle raise almost any exception.
    except (pickle.UnpicklingError, EOFError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise ValueError(f"not weights in PyTorch's older format: {error}") from error


class _Unpickler(pickle.Unpickler):
    """Unpickles weights and refuses everything else."""

    def __init__(self, stream: BytesIO, dtypes: dict[str, np.dtype[Any]]) -> None:
        super().__init__(stream)
        self.dtypes = dtypes

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in ALLOWED_NAMES:
            raise pickle.UnpicklingError(f"{module}.{name} is not allowed in a file of weights")
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
"""The only globals that a pickle of weights may refer to."""


def _read_storage(stream: BytesIO, dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    (count,) = np.frombuffer(stream.read(COUNT_DTYPE.itemsize), COUNT_DTYPE)
    return np.frombuffer(stream.read(int(count) * dtype.itemsize), dtype, count=int(count))


def _read_tensor(reference: _TensorReference, storage: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return a contiguous copy of the weight."""
    last_index = reference.offset + sum(
        (side - 1) * stride for side, stride in zip(reference.shape, reference.strides, strict=True)
    )
    if not (reference.offset >= 0 and last_index < len(storage) and min(reference.strides, default=0) >= 0):
        raise ValueError(f"a weight of shape {reference.shape} lies outside its storage of {len(storage)} numbers")
    strides = [stride * storage.itemsize for stride in reference.strides]
    return np.lib.stride_tricks.as_strided(storage[reference.offset :], reference.shape, strides).copy()
