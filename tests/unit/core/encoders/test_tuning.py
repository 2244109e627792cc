"""The trial of precisions, threads and batches, with an encoder whose speed, precision and memory are made up."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.encoders import Encoder
from core.encoders.devices import faster_precisions, max_batch_size
from core.encoders.fingerprint import ModelFingerprint, ModelIdentity, check_fingerprint
from core.encoders.protocols import Vectors
from core.encoders.tuning import MIN_PRECISION_COSINE, TunableEncoder, is_out_of_memory, tune_encoder
from core.settings import Settings


@dataclass(slots=True)
class Stopwatch:
    """A clock that goes on only when an encoder works."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@dataclass(frozen=True, slots=True)
class MachineEncoder:
    """Runs on a machine that encodes up to `parallel` pictures in the time of one and has memory for `memory`."""

    clock: Stopwatch
    parallel: int = 1
    memory: int = 1024
    batch_size: int = 1
    precision: str = "float32"
    cosines: dict[str, float] = field(default_factory=dict)
    """The cosine of each other precision with float32."""
    speeds: dict[str, float] = field(default_factory=dict)
    name: str = "vit"
    model: str = "tests/machine"
    revision: str = "1"
    preprocessing: str = "none"
    dimensions: int = 2

    @property
    def mode(self) -> str:
        return f"{self.precision}, batch {self.batch_size}"

    @property
    def pictures_at_a_time(self) -> int:
        return self.batch_size

    def other_precisions(self) -> list["MachineEncoder"]:
        return [replace(self, precision=name) for name in self.cosines]

    def enlarge(self) -> "MachineEncoder | None":
        return replace(self, batch_size=2 * self.batch_size)

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        for start in range(0, len(images), self.batch_size):
            count = len(images[start : start + self.batch_size])
            if count > self.memory:
                raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB")
            self.clock.seconds += -(-count // self.parallel) / self.speeds.get(self.precision, 1)
        cosine = self.cosines.get(self.precision, 1.0)
        return np.array([[cosine, (1 - cosine**2) ** 0.5]] * len(images), np.float32)


def tune(**values: Any) -> MachineEncoder:
    clock = Stopwatch()
    best = tune_encoder(MachineEncoder(clock, **values), clock).best.encoder
    assert isinstance(best, MachineEncoder)
    return best


@given(st.integers(0, 8), st.integers(0, 8))
def test_the_batch_doubles_until_it_is_no_faster_or_memory_is_refused(parallel: int, memory: int) -> None:
    assert tune(parallel=2**parallel, memory=2**memory).batch_size == 2 ** min(parallel, memory)


@pytest.mark.parametrize("memory", [1, 5, 6, 7, 8, 9, 1023])
def test_memory_at_the_edge_of_a_batch_is_not_exceeded(memory: int) -> None:
    batch_size = tune(parallel=1024, memory=memory).batch_size
    assert batch_size <= memory < 2 * batch_size


def test_the_fastest_precision_with_the_same_canary_is_used() -> None:
    cosines = {"bfloat16": 0.9995, "float16": 0.9999, "int8": 0.97}
    assert tune(cosines=cosines, speeds={"bfloat16": 3, "float16": 2, "int8": 9}).precision == "bfloat16"
    assert tune(cosines=cosines, speeds={"bfloat16": 1.5, "float16": 2, "int8": 9}).precision == "float16"
    assert tune(cosines=cosines, speeds={"bfloat16": 0.5, "float16": 1.01, "int8": 9}).precision == "float32"


@given(st.floats(-1, 1))
def test_a_precision_with_another_canary_is_refused(cosine: float) -> None:
    accepted = np.float32(cosine) >= np.float32(MIN_PRECISION_COSINE)
    assert tune(cosines={"int8": cosine}, speeds={"int8": 9}).precision == ("int8" if accepted else "float32")


def test_the_report_names_every_trial_and_why_one_was_refused() -> None:
    clock = Stopwatch()
    encoder = MachineEncoder(clock, 4, memory=4, cosines={"int8": 0.9}, speeds={"int8": 9})
    assert str(tune_encoder(encoder, clock)) == (
        "float32, batch 4: 4 pictures/s (tried: int8, batch 1: refused (cosine of the canary 0.9000, not 0.999); "
        "float32, batch 1: 1 pictures/s; float32, batch 2: 2 pictures/s; "
        "float32, batch 8: refused (memory does not suffice))"
    )


def test_another_error_than_memory_is_not_hidden() -> None:
    assert is_out_of_memory(MemoryError())
    assert not is_out_of_memory(RuntimeError("mat1 and mat2 shapes cannot be multiplied"))


@pytest.mark.slow
def test_a_batch_or_precision_that_is_set_is_not_tried() -> None:
    cuda, cpu = torch.device("cuda"), torch.device("cpu")
    assert max_batch_size(cuda, Settings()) > 16
    assert max_batch_size(cuda, Settings(batch_size=16)) == max_batch_size(cpu, Settings()) == 0
    assert faster_precisions(cuda, Settings(precision="float32")) == ()
    assert faster_precisions(cpu, Settings(precision="bfloat16")) == ("bfloat16",)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["siglip", "clip", "vit"])
def test_bfloat16_of_the_real_architectures_keeps_the_fingerprint(name: str, encoders: dict[str, Encoder]) -> None:
    encoder = encoders[name]
    assert isinstance(encoder, TunableEncoder)
    reduced = replace(encoder, precision="bfloat16")  # type: ignore[type-var]
    assert ModelIdentity.from_encoder(reduced) == ModelIdentity.from_encoder(encoder)
    check_fingerprint(ModelFingerprint.from_encoder(encoder), reduced)
    tuning = tune_encoder(encoder)
    assert {trial.encoder.mode.split(",")[0] for trial in (tuning.best, *tuning.others)} >= {"float32"}
