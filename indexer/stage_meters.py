"""How much each stage of a run has done and how busy it was; every thread measures what it does."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

Stage = Literal["read", "fetch", "decode", "encode", "write"]
STAGES: tuple[Stage, ...] = get_args(Stage)

STAGE_UNITS: Mapping[Stage, str] = MappingProxyType(
    {"read": "pages", "fetch": "answers", "decode": "pictures", "encode": "pictures", "write": "documents"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFigures:
    """What one stage has done so far."""

    count: int = 0
    """In the unit of `STAGE_UNITS`."""
    amount: int = 0
    """Bytes that were fetched; 0 in other stages."""
    busy_seconds: float = 0.0
    """The sum over all threads."""
    threads: int = 0
    """The most threads that were in this stage at once."""


class StageMeters:
    """The meters of one run. If a thread enters a stage within another, only the inner one counts as busy."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._counts = dict.fromkeys(STAGES, 0)
        self._amounts = dict.fromkeys(STAGES, 0)
        self._busy = dict.fromkeys(STAGES, 0.0)
        self._active = dict.fromkeys(STAGES, 0)
        self._peaks = dict.fromkeys(STAGES, 0)
        self._local = threading.local()

    @contextmanager
    def measure(self, stage: Stage) -> Iterator[None]:
        """Count the time of the block as time of a stage."""
        outer_stage: Stage | None = getattr(self._local, "stage", None)
        self._switch(outer_stage, stage)
        with self._lock:
            self._active[stage] += 1
            self._peaks[stage] = max(self._peaks[stage], self._active[stage])
        try:
            yield
        finally:
            self._switch(stage, outer_stage)
            with self._lock:
                self._active[stage] -= 1

    def _switch(self, old_stage: Stage | None, new_stage: Stage | None) -> None:
        now = self._clock()
        if old_stage:
            with self._lock:
                self._busy[old_stage] += now - self._local.since
        self._local.stage, self._local.since = new_stage, now

    def count(self, stage: Stage, count: int = 1, amount: int = 0) -> None:
        """Add what a stage has done."""
        with self._lock:
            self._counts[stage] += count
            self._amounts[stage] += amount

    def absorb(self, figures: Mapping[Stage, StageFigures]) -> None:
        """Add what the stages in another process have done; `threads` are those that are in the stage everywhere."""
        with self._lock:
            for stage, stage_figures in figures.items():
                self._counts[stage] += stage_figures.count
                self._amounts[stage] += stage_figures.amount
                self._busy[stage] += stage_figures.busy_seconds
                self._peaks[stage] = max(self._peaks[stage], stage_figures.threads)

    def figures(self) -> dict[Stage, StageFigures]:
        """Return what each stage has done so far."""
        with self._lock:
            return {
                stage: StageFigures(
                    count=self._counts[stage],
                    amount=self._amounts[stage],
                    busy_seconds=self._busy[stage],
                    threads=self._peaks[stage],
                )
                for stage in STAGES
            }
