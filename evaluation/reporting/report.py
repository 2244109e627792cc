"""What a run of `frontispiece evaluate all` measured, as data that outlives it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from core.errors import FrontispieceError
from evaluation.reporting.tables import Table


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the evaluation: its tables, and its plots as SVG.

    A part's module makes its own with `section(pictures, encoders, settings)`.
    """

    title: str
    tables: Sequence[Table]
    plots: Sequence[str] = ()
    note: str = ""
    not_measured: str = ""
    """Why there is nothing in it."""

    def figures(self) -> dict[str, Any]:
        """For programs: all but the plots."""
        tables = [table.figures() for table in self.tables]
        return {"title": self.title, "note": self.note, "not_measured": self.not_measured, "tables": tables}


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluatedModel:
    """Which weights gave the figures, and how they were shown their pictures."""

    name: str
    model: str
    revision: str
    preprocessing: str
    features: str = ""
    """What a classifier learns from, where that is more than the vector."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationRun:
    """Everything that was measured, and on what; nothing in it tells of the machine."""

    day: str
    version: str
    """The product's."""
    pictures: int
    labelled: int
    books: int
    models: Sequence[EvaluatedModel]
    parts: Mapping[str, Section]

    def to_json(self) -> str:
        parts = {name: section.figures() for name, section in self.parts.items()}
        facts = {"day": self.day, "version": self.version, "pictures": self.pictures, "labelled": self.labelled}
        models = [asdict(model) for model in self.models]
        document = {**facts, "books": self.books, "models": models, "parts": parts}
        return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def read_run(path: Path) -> EvaluationRun:
    """What `Run.json` wrote; `FrontispieceError` where it is anything else."""
    try:
        document = json.loads(path.read_text("utf-8"))
        parts = {name: _parse_section(**section) for name, section in document.pop("parts").items()}
        return EvaluationRun(
            models=[EvaluatedModel(**model_facts) for model_facts in document.pop("models")], parts=parts, **document
        )
    except OSError as error:
        raise FrontispieceError(f"{path}: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FrontispieceError(f"{path}: not the figures of `frontispiece evaluate all`: {error}") from error


def _parse_section(*, tables: Sequence[dict[str, Any]], **texts: str) -> Section:
    return Section(tables=[Table(**table) for table in tables], **texts)
