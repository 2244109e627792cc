"""Every part of the evaluation, one after the other: what cannot be measured is named, and the run goes on."""

import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import click

from core.encoders.features import facts
from core.errors import FrontispieceError
from evaluation.pictures.material import Material
from evaluation.reporting.report import Model, Run, Section

Part = Callable[[Material], Section]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A run, and how it ended."""

    run: Run
    stopped: bool
    """By Ctrl-C: the parts after it are named as not measured."""
    broken: tuple[str, ...]
    """Parts that failed in a way that nobody foresaw."""


def measure(parts: Mapping[str, Part], material: Material) -> Ended:
    """Says on standard error which part it is at, and how long each took."""
    sections: dict[str, Section] = {}
    broken: list[str] = []
    stopped = False
    for number, (name, part) in enumerate(parts.items(), start=1):
        if stopped:
            sections[name] = _missing(name, "the run was stopped before it")
            continue
        click.echo(f"{number} of {len(parts)}, {name}…", err=True)
        started = time.monotonic()
        try:
            sections[name] = part(material)
        except KeyboardInterrupt:
            stopped, sections[name] = True, _missing(name, "the run was stopped in the midst of it")
        except FrontispieceError as error:
            sections[name] = _missing(name, _without_places(str(error), material))
        # An hour of figures is not lost because one part has a mistake in it.
        except Exception as error:  # noqa: BLE001
            traceback.print_exc()
            broken.append(name)
            sections[name] = _missing(name, _without_places(f"it failed, {type(error).__name__}: {error}", material))
        click.echo(_told(name, sections[name], time.monotonic() - started), err=True)
    return Ended(run=_run(material, sections), stopped=stopped, broken=tuple(broken))


def _missing(name: str, reason: str) -> Section:
    return Section(name.replace("-", " ").capitalize(), [], not_measured=reason.rstrip("."))


def _told(name: str, section: Section, seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    took = f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"
    return f"{name}: not measured: {section.not_measured}" if section.not_measured else f"{name}: {took}"


def _run(material: Material, parts: Mapping[str, Section]) -> Run:
    pictures, encoders, _ = material
    return Run(
        day=datetime.now(UTC).date().isoformat(),
        version=version("frontispiece"),
        pictures=len(pictures),
        labelled=sum(bool(picture.label) for picture in pictures),
        books=len({picture.book for picture in pictures}),
        models=[
            Model(
                name=each.name,
                model=each.model,
                revision=each.revision,
                preprocessing=each.preprocessing,
                traits=facts(each).get("traits", ""),
            )
            for each in encoders
        ],
        parts=parts,
    )


def _without_places(reason: str, material: Material) -> str:
    """A report goes to others, whom this machine's folders tell nothing."""
    files = [picture.path for picture in material.pictures[:1]] + [material.settings.cache.resolve() / "any"]
    folders = {str(folder) for file in (*files, Path.cwd() / "any") for folder in file.parents if folder.name}
    for folder in sorted(folders, key=len, reverse=True):
        reason = reason.replace(f"{folder}/", "").replace(folder, folder.rpartition("/")[2])
    return reason
