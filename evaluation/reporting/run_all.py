"""Runs every section of the evaluation; a section that cannot be measured does not stop the others."""

import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import click

from core.encoders.fingerprint import ModelIdentity
from core.errors import FrontispieceError
from evaluation.pictures.inputs import EvaluationInputs
from evaluation.reporting.report import EvaluatedModel, EvaluationRun, Section

SectionBuilder = Callable[[EvaluationInputs], Section]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOutcome:
    """The figures of a run, and how it ended."""

    run: EvaluationRun
    interrupted: bool
    """Whether Ctrl-C stopped the run; later sections are marked as not measured."""
    failed_sections: tuple[str, ...]
    """Sections that failed with an unexpected exception."""


def measure_sections(builders: Mapping[str, SectionBuilder], inputs: EvaluationInputs) -> RunOutcome:
    """Measure each section, and print its progress and duration on standard error."""
    sections: dict[str, Section] = {}
    failed_sections: list[str] = []
    interrupted = False
    for number, (name, build_section) in enumerate(builders.items(), start=1):
        if interrupted:
            sections[name] = _unmeasured_section(name, "the run was stopped before this section")
            continue
        click.echo(f"{number} of {len(builders)}, {name}…", err=True)
        start_time = time.monotonic()
        try:
            sections[name] = build_section(inputs)
        except KeyboardInterrupt:
            interrupted, sections[name] = True, _unmeasured_section(name, "the run was stopped during this section")
        except FrontispieceError as error:
            sections[name] = _unmeasured_section(name, _remove_folders(str(error), inputs))
        # An error in one section must not lose the figures of the others.
        except Exception as error:  # noqa: BLE001
            traceback.print_exc()
            failed_sections.append(name)
            sections[name] = _unmeasured_section(name, _remove_folders(f"{type(error).__name__}: {error}", inputs))
        click.echo(_progress_line(name, sections[name], time.monotonic() - start_time), err=True)
    return RunOutcome(run=_build_run(inputs, sections), interrupted=interrupted, failed_sections=tuple(failed_sections))


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
                features=ModelIdentity.from_encoder(encoder).features,
            )
            for encoder in encoders
        ],
        parts=sections,
    )


def _remove_folders(reason: str, inputs: EvaluationInputs) -> str:
    """Remove the folders of this machine from a message, because the report is meant for others."""
    files = [picture.path for picture in inputs.pictures[:1]] + [inputs.settings.cache.resolve() / "any"]
    folders = {str(folder) for file in (*files, Path.cwd() / "any") for folder in file.parents if folder.name}
    for folder in sorted(folders, key=len, reverse=True):
        reason = reason.replace(f"{folder}/", "").replace(folder, folder.rpartition("/")[2])
    return reason
