"""The fastest way to run a model on this machine: precision and batch, by a short trial on the canary.

A trial changes how fast vectors are made and not what they are: another precision is used only if it makes the same
vector of the canary. So the fingerprint of the model stays the same, and what earlier runs made stays valid.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, Self, runtime_checkable

from PIL.Image import Image

from core.encoders.fingerprint import canary_image
from core.encoders.protocols import Encoder, Vectors

MIN_PRECISION_COSINE = 0.999
"""Cosine of the canary's vectors in two precisions, from which on they count as the same."""
MIN_GAIN = 1.05
"""Another precision or a larger batch must be so many times as fast."""
CANARY_TURNS = 4
"""The canary is tried upright and turned by quarters: one picture could agree by chance."""

Clock = Callable[[], float]


@runtime_checkable
class TunableEncoder(Encoder, Protocol):
    """An encoder that can run the same weights in several ways."""

    @property
    def mode(self) -> str:
        """How it runs, for the report: `bfloat16, 64 pictures at a time`."""
        ...

    @property
    def pictures_at_a_time(self) -> int:
        """How many pictures `encode_images` must get to be at its fastest."""
        ...

    def other_precisions(self) -> Sequence[Self]:
        """Return the encoder in each other precision that may be tried here."""
        ...

    def enlarge(self) -> Self | None:
        """Return the encoder with twice the batch; None if that is more than may be tried."""
        ...


@dataclass(frozen=True, slots=True)
class Trial:
    """One way to run the encoder and what became of it."""

    encoder: TunableEncoder
    speed: float = 0.0
    """Pictures per second; 0 if it was refused."""
    refusal: str = ""

    def __str__(self) -> str:
        return f"{self.encoder.mode}: {self.refusal or f'{self.speed:.3g} pictures/s'}"


@dataclass(frozen=True, slots=True)
class Tuning:
    """The trials of one encoder; `best` is the one to use."""

    best: Trial
    others: tuple[Trial, ...]

    def __str__(self) -> str:
        return f"{self.best}" + (f" (tried: {'; '.join(map(str, self.others))})" if self.others else "")


def tune_encoder(encoder: TunableEncoder, clock: Clock = time.perf_counter) -> Tuning:
    """Try the encoder in each precision, then with ever more pictures at a time until that is no longer faster.

    Memory that does not suffice ends the second part.
    """
    sample = [canary_image().rotate(90 * turn, expand=True) for turn in range(CANARY_TURNS)]
    vectors = encoder.encode_images(sample)
    best, others = Trial(encoder, _measure_speed(encoder, sample, clock)), []
    for candidate in encoder.other_precisions():
        trial = _try_precision(candidate, sample, vectors, clock)
        best, other = (trial, best) if trial.speed > MIN_GAIN * best.speed else (best, trial)
        others.append(other)
    larger = best.encoder.enlarge()
    while larger is not None:
        trial = _try(larger, sample, clock)
        if trial.speed <= MIN_GAIN * best.speed:
            return Tuning(best, (*others, trial))
        best, others = trial, [*others, best]
        larger = best.encoder.enlarge()
    return Tuning(best, tuple(others))


def tune_encoders(encoders: Sequence[Encoder], report: Callable[[str], None]) -> list[Encoder]:
    """Return each encoder in its fastest form; `report` gets a sentence about each that can run in several."""
    tuned_encoders: list[Encoder] = []
    for encoder in encoders:
        if isinstance(encoder, TunableEncoder) and (encoder.other_precisions() or encoder.enlarge()):
            tuning = tune_encoder(encoder)
            report(f"{encoder.name} runs with {tuning}")
            tuned_encoders.append(tuning.best.encoder)
        else:
            tuned_encoders.append(encoder)
    return tuned_encoders


def is_out_of_memory(error: Exception) -> bool:
    """Return whether an error of torch, onnxruntime or Python says that memory does not suffice."""
    message = str(error).lower()
    return isinstance(error, MemoryError) or any(
        words in message for words in ("out of memory", "not enough memory", "failed to allocate", "can't allocate")
    )


def _try_precision(encoder: TunableEncoder, sample: Sequence[Image], expected: Vectors, clock: Clock) -> Trial:
    try:
        cosine = float((encoder.encode_images(sample) * expected).sum(axis=1).min())
    except (RuntimeError, NotImplementedError) as error:
        return Trial(encoder, refusal=f"refused ({str(error).partition(chr(10))[0]})")
    if not cosine >= MIN_PRECISION_COSINE:
        return Trial(encoder, refusal=f"refused (cosine of the canary {cosine:.4f}, not {MIN_PRECISION_COSINE})")
    return _try(encoder, sample, clock)


def _try(encoder: TunableEncoder, sample: Sequence[Image], clock: Clock) -> Trial:
    try:
        return Trial(encoder, _measure_speed(encoder, sample, clock))
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise
        return Trial(encoder, refusal="refused (memory does not suffice)")


def _measure_speed(encoder: TunableEncoder, sample: Sequence[Image], clock: Clock) -> float:
    """Return pictures per second, the better of two runs after a warm-up."""
    pictures = [sample[number % len(sample)] for number in range(encoder.pictures_at_a_time)]
    encoder.encode_images(pictures)
    seconds = []
    for _ in range(2):
        start = clock()
        encoder.encode_images(pictures)
        seconds.append(clock() - start)
    return len(pictures) / max(min(seconds), 1e-9)
