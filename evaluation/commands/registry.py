"""The commands by name. A command is imported when it is used, because plots and intervals need an extra."""

import importlib
from types import ModuleType
from typing import Protocol, cast

import click

from core.errors import FrontispieceError
from evaluation.pictures.inputs import EvaluationInputs
from evaluation.reporting.report import Section

SECTION_NAMES = (
    "retrieval",
    "hash-or-vector",
    "preprocessing",
    "families",
    "classification",
    "distortion",
    "hiding",
    "zero-shot",
    "cross-domain",
    "bias",
    "paper",
)
"""Commands that also measure a section of the report, in its order; each is a `SectionModule`."""

COMMAND_NAMES = ("all", *SECTION_NAMES, "recall", "relevance", "spelling", "meaning", "views", "study")


class CommandModule(Protocol):
    """A module of `evaluation.commands`, whose name is that of its command with underscores."""

    command: click.Command


class SectionModule(CommandModule, Protocol):
    """A command that measures a section of the report."""

    def section(self, inputs: EvaluationInputs) -> Section:
        """Measure the section; raise `FrontispieceError` if these pictures do not allow it."""
        ...


def load_command(name: str) -> click.Command:
    """Import a command; raise `FrontispieceError` if a package is missing."""
    return cast(CommandModule, _import_module(name)).command


def measure_section(name: str, inputs: EvaluationInputs) -> Section:
    """Import the module of a section and measure it."""
    return cast(SectionModule, _import_module(name)).section(inputs)


def _import_module(name: str) -> ModuleType:
    try:
        return importlib.import_module(f"evaluation.commands.{name.replace('-', '_')}")
    except ModuleNotFoundError as error:
        raise FrontispieceError(
            f"`evaluate {name}` needs {error.name}, which is not installed: pip install 'frontispiece[evaluation]'"
        ) from error
