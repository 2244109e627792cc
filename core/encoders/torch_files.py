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

Weights = Mapping[str, npt.NDArray[Any]]

MAGIC = 0x1950A86A20F9469CFC6C
"""The first number of such a file (`torch.serialization.MAGIC_NUMBER`)."""
COUNT = np.dtype("<i8")
"""Before each store's numbers, how many they are."""


class _Weight(NamedTuple):
    """Where one weight's numbers are."""

    store: str
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    """In numbers."""


def read(data: bytes) -> Weights:
    """The weights by their names; `ValueError` for anything but weights, which is not carried out."""
    stream, kinds = BytesIO(data), dict[str, np.dtype[Any]]()
    try:
        magic, _, _, weights, names = (_Unpickler(stream, kinds).load() for _ in range(5))
        if magic != MAGIC:
            raise ValueError(f"it begins with {magic!r}")
        stores = {name: _store(stream, kinds[name]) for name in names}
        return {name: _weight(weight, stores[weight.store]) for name, weight in weights.items()}
    # Whatever a damaged file makes of the reader.
    except (pickle.UnpicklingError, EOFError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise ValueError(f"no weights of PyTorch's older format: {error}") from error


class _Unpickler(pickle.Unpickler):
    """Knows what a file of weights is made of, and makes nothing else."""

    def __init__(self, stream: BytesIO, kinds: dict[str, np.dtype[Any]]) -> None:
        super().__init__(stream)
        self.kinds = kinds

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in KNOWN:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of weights")
        return KNOWN[module, name]

    def persistent_load(self, pid: Any) -> str:
        _, kind, store, *_ = pid
        self.kinds[store] = kind
        return str(store)


def _placed(store: str, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: object) -> _Weight:
    return _Weight(store, offset, shape, strides)


KNOWN: Mapping[tuple[str, str], Any] = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): _placed,
    ("torch", "FloatStorage"): np.dtype("<f4"),
    ("torch", "LongStorage"): np.dtype("<i8"),
}
"""All that a pickle of weights may name."""


def _store(stream: BytesIO, kind: np.dtype[Any]) -> npt.NDArray[Any]:
    (count,) = np.frombuffer(stream.read(COUNT.itemsize), COUNT)
    return np.frombuffer(stream.read(int(count) * kind.itemsize), kind, count=int(count))


def _weight(weight: _Weight, store: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """A copy, whose numbers lie in order."""
    last = weight.offset + sum((side - 1) * stride for side, stride in zip(weight.shape, weight.strides, strict=True))
    if not (weight.offset >= 0 and last < len(store) and min(weight.strides, default=0) >= 0):
        raise ValueError(f"a weight of shape {weight.shape} lies outside its store of {len(store)} numbers")
    strides = [stride * store.itemsize for stride in weight.strides]
    return np.lib.stride_tricks.as_strided(store[weight.offset :], weight.shape, strides).copy()
