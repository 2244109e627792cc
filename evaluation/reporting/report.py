"""The figures of a run of `frontispiece evaluate all`, and their JSON file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from core.errors import FrontispieceError
from evaluation.reporting.tables import ReportTable


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the report: its tables, and its plots as SVG."""

    title: str
    tables: Sequence[ReportTable]
    plots: Sequence[str] = ()
    note: str = ""
    not_measured: str = ""
    """The reason if the section could not be measured."""

    def figures(self) -> dict[str, Any]:
        """Return the section for JSON, without its plots."""
        tables = [table.figures() for table in self.tables]
        return {"title": self.title, "note": self.note, "not_measured": self.not_measured, "tables": tables}


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluatedModel:
    """The weights and the preprocessing of a model that was evaluated."""

    name: str
    model: str
    revision: str
    preprocessing: str
    features: str = ""
    """What a classifier learns from, if that is more than the vector."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationRun:
    """All figures of a run and the facts that they depend on; no paths or names of the machine."""

    day: str
    version: str
    """The version of Frontispiece."""
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
    """Read a file that `EvaluationRun.to_json` wrote; raise `FrontispieceError` if it is another file."""
    try:
        document = json.loads(path.read_text("utf-8"))
        parts = {name: _parse_section(**section) for name, section in document.pop("parts").items()}
        return EvaluationRun(
            models=[EvaluatedModel(**model_facts) for model_facts in document.pop("models")], parts=parts, **document
        )
    except OSError as error:
        raise FrontispieceError(f"{path}: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FrontispieceError(f"{path} does not contain figures of `frontispiece evaluate all`: {error}") from error


def merge_runs(previous: EvaluationRun, current: EvaluationRun, order: Sequence[str]) -> EvaluationRun:
    """Return the current run with the sections of the previous one that it did not measure, in this order.

    Its day names the first and the last day of measurement.
    Raise `FrontispieceError` if the two runs are not about the same pictures and models.
    """
    facts = [(run.pictures, run.labelled, run.books, list(run.models)) for run in (previous, current)]
    if facts[0] != facts[1]:
        raise FrontispieceError(
            "the file has the figures of other pictures or models, so that single sections cannot be added to them; "
            "leave out --sections, or name another file with --json"
        )
    parts = {**previous.parts, **current.parts}
    first_day = previous.day.split(" and ")[0]
    day = current.day if first_day == current.day else f"{first_day} and {current.day}"
    return replace(current, day=day, parts={name: parts[name] for name in order if name in parts})


def _parse_section(*, tables: Sequence[dict[str, Any]], **texts: str) -> Section:
    return Section(tables=[ReportTable(**table) for table in tables], **texts)
