"""What a run says while it goes on: events as records, one JSON object a line. Pure."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from indexer.stage_meters import STAGE_UNITS, STAGES, Stage, StageFigures

EventName = Literal["run_started", "volume_started", "progress", "volume_finished", "problem", "run_finished"]
RunOutcome = Literal["complete", "stopped", "failed"]

MIN_BUSY_SHARE = 0.05
"""A stage that is less busy than this holds up nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageProgress:
    """One stage of a run at one moment."""

    stage: Stage
    unit: str
    count: int
    per_second: float
    busy_share: float
    """Of the time of the threads that were in this stage, the share in which they worked."""
    megabytes: float = 0.0
    """What was fetched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunProgress:
    """How far a run is."""

    elapsed_seconds: float
    pages_read: int
    pages_known: int
    """Pages of the books that have been begun; more books can follow."""
    seconds_left: float | None
    """For the pages that are known; None before the first page."""
    bottleneck: Stage | None
    """The stage that the others wait for; None if none is busy."""
    stages: tuple[StageProgress, ...]


def measure_progress(
    figures: Mapping[Stage, StageFigures], elapsed_seconds: float, *, pages_read: int, pages_known: int
) -> RunProgress:
    """Return how far a run is, from what its stages have done since it began."""
    seconds = max(elapsed_seconds, 1e-9)
    stages = tuple(
        StageProgress(
            stage=stage,
            unit=STAGE_UNITS[stage],
            count=figures[stage].count,
            per_second=round(figures[stage].count / seconds, 2),
            busy_share=round(figures[stage].busy_seconds / (seconds * max(1, figures[stage].threads)), 3),
            megabytes=round(figures[stage].amount / 1e6, 2),
        )
        for stage in STAGES
    )
    busiest = max(stages, key=lambda progress: progress.busy_share)
    return RunProgress(
        elapsed_seconds=round(elapsed_seconds, 1),
        pages_read=pages_read,
        pages_known=pages_known,
        seconds_left=round(elapsed_seconds / pages_read * (pages_known - pages_read), 1) if pages_read else None,
        bottleneck=busiest.stage if busiest.busy_share >= MIN_BUSY_SHARE else None,
        stages=stages,
    )


def format_event(event: EventName, run_id: str, at: str, fields: Mapping[str, Any]) -> str:
    """Return an event as one line of JSON."""
    return json.dumps({"event": event, "run": run_id, "at": at, **fields})


def progress_fields(progress: RunProgress) -> dict[str, Any]:
    """Return a `progress` event's fields; `stages` by name."""
    fields = asdict(replace(progress, stages=()))
    return {**fields, "stages": {stage.stage: _stage_fields(stage) for stage in progress.stages}}


def _stage_fields(progress: StageProgress) -> dict[str, Any]:
    fields = asdict(progress)
    del fields["stage"]
    if progress.stage != "fetch":
        del fields["megabytes"]
    return fields


def describe_progress(progress: RunProgress) -> str:
    """Return the rates of the stages and the bottleneck, for the terminal."""
    rates = [_describe_rate(stage) for stage in progress.stages if stage.count]
    bottleneck = f"waiting for: {progress.bottleneck}" if progress.bottleneck else ""
    return " · ".join([*rates, *([bottleneck] if bottleneck else [])])


def _describe_rate(progress: StageProgress) -> str:
    return f"{progress.stage} {progress.per_second:.1f}/s"
