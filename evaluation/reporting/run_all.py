"""Every part of the evaluation, one after the other: what cannot be measured is named, and the run goes on."""

import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import click

from core.encoders.features import encoder_identity
from core.errors import FrontispieceError
from evaluation.pictures.inputs import EvaluationInputs
from evaluation.reporting.report import EvaluatedModel, EvaluationRun, Section

SectionBuilder = Callable[[EvaluationInputs], Section]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOutcome:
    """A run, and how it ended."""

    run: EvaluationRun
    interrupted: bool
    """By Ctrl-C: the parts after it are named as not measured."""
    failed_parts: tuple[str, ...]
    """Parts that failed in a way that nobody foresaw."""


def measure_parts(parts: Mapping[str, SectionBuilder], inputs: EvaluationInputs) -> RunOutcome:
    """Says on standard error which part it is at, and how long each took."""
    sections: dict[str, Section] = {}
    failed_parts: list[str] = []
    interrupted = False
    for number, (name, build_section) in enumerate(parts.items(), start=1):
        if interrupted:
            sections[name] = _unmeasured_section(name, "the run was stopped before it")
            continue
        click.echo(f"{number} of {len(parts)}, {name}…", err=True)
        start_time = time.monotonic()
        try:
            sections[name] = build_section(inputs)
        except KeyboardInterrupt:
            interrupted, sections[name] = True, _unmeasured_section(name, "the run was stopped in the midst of it")
        except FrontispieceError as error:
            sections[name] = _unmeasured_section(name, _remove_folders(str(error), inputs))
        # An hour of figures is not lost because one part has a mistake in it.
        except Exception as error:  # noqa: BLE001
            traceback.print_exc()
            failed_parts.append(name)
            sections[name] = _unmeasured_section(
                name, _remove_folders(f"it failed, {type(error).__name__}: {error}", inputs)
            )
        click.echo(_progress_line(name, sections[name], time.monotonic() - start_time), err=True)
    return RunOutcome(run=_build_run(inputs, sections), interrupted=interrupted, failed_parts=tuple(failed_parts))


def _unmeasured_section(name: str, reason: str) -> Section:
    return Section(name.replace("-", " ").capitalize(), [], not_measured=reason.rstrip("."))


def _progress_line(name: str, section: Section, seconds: float) -> str:
    minutes, remainder = divmod(round(seconds), 60)
    duration = f"{minutes} min {remainder} s" if minutes else f"{seconds:.1f} s"
    return f"{name}: not measured: {section.not_measured}" if section.not_measured else f"{name}: {duration}"


def _build_run(inputs: EvaluationInputs, sections: Mapping[str, Section]) -> EvaluationRun:
    pictures, encoders, _ = inputs
    return EvaluationRun(
        day=datetime.now(UTC).date().isoformat(),
        version=version("frontispiece"),
        pictures=len(pictures),
        labelled=sum(bool(picture.label) for picture in pictures),
        books=len({picture.book for picture in pictures}),
        models=[
            EvaluatedModel(
                name=encoder.name,
                model=encoder.model,
                revision=encoder.revision,
                preprocessing=encoder.preprocessing,
                features=encoder_identity(encoder).get("features", ""),
            )
            for encoder in encoders
        ],
        parts=sections,
    )


def _remove_folders(reason: str, inputs: EvaluationInputs) -> str:
    """A report goes to others, whom this machine's folders tell nothing."""
    files = [picture.path for picture in inputs.pictures[:1]] + [inputs.settings.cache.resolve() / "any"]
    folders = {str(folder) for file in (*files, Path.cwd() / "any") for folder in file.parents if folder.name}
    for folder in sorted(folders, key=len, reverse=True):
        reason = reason.replace(f"{folder}/", "").replace(folder, folder.rpartition("/")[2])
    return reason
