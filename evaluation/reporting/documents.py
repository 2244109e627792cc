"""The documents' tables, made of the figures of a run: `python -m evaluation.reporting.documents`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.errors import FrontispieceError
from evaluation.reporting.page import measured_on
from evaluation.reporting.report import Run, Section, read
from evaluation.reporting.tables import Table

FIGURES = Path("docs/evaluation.json")
PAGES = (Path("README.md"), Path("docs/evaluation.md"))

BLOCK = re.compile(r"(<!-- evaluated: ([\w-]+) -->\n).*?(<!-- /evaluated -->)", re.DOTALL)

LONGEST = 30
"""Rows of a table that a document still shows."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure stands; `{model}` is the run's first one."""

    part: str
    table: str
    row: str
    column: str

    def of(self, run: Run) -> str:
        """Nothing where it was not measured."""
        model = run.models[0].name
        part = run.parts.get(self.part)
        tables = [table for table in part.tables if table.title == self.table] if part else []
        row, column = (each.format(model=model) for each in (self.row, self.column))
        return tables[0].cell(row, column) if tables else ""


FOUND = "Exact retrieval, the paper's queries"
HASHED = "Hash or vector, the paper's queries"
THEIRS = "The paper's retrieval: 684 turned, cut and scaled pictures"
THEIR_CLASSIFIER = "the paper: SigLIP, pictures of one book on both sides"
BY_BOOK, MIXED = "{model}, no book on both sides", "{model}, pictures mixed"


def _found(column: str) -> Place:
    return Place("retrieval", FOUND, "{model}", column)


def _named(row: str, column: str) -> Place:
    return Place("classification", "Classification", row, column)


SUMMARY: tuple[tuple[str, Place | None, Place], ...] = (
    (
        "turned, cut and scaled pictures: the picture stands first",
        Place("paper", THEIRS, "SigLIP", "top 1"),
        _found("top-1"),
    ),
    ("the same: it is among the first ten", Place("paper", THEIRS, "SigLIP", "top 10"), _found("top-10")),
    (
        "the same, by perceptual hash (pHash) instead of a model: among the first ten",
        None,
        Place("hash-or-vector", HASHED, "pHash", "top-10"),
    ),
    (
        "half of a picture: it stands first",
        None,
        Place("retrieval", "Harder queries", "half", "{model} top-1"),
    ),
    (
        "a photograph of a picture: it stands first",
        None,
        Place("retrieval", "Harder queries", "photograph", "{model} top-1"),
    ),
    ("kinds of picture, **books not seen before**: macro-F1", None, _named(BY_BOOK, "macro-F1")),
    (
        "kinds of picture, other pictures of the same books seen: macro-F1, mean of the folds",
        _named(THEIR_CLASSIFIER, "mean of the folds"),
        _named(MIXED, "mean of the folds"),
    ),
    ("irrelevant or not, **books not seen before**: F1", None, _named(BY_BOOK, "irrelevant or not, F1")),
    (
        "irrelevant or not, other pictures of the same books seen: F1",
        _named(THEIR_CLASSIFIER, "irrelevant or not, F1"),
        _named(MIXED, "irrelevant or not, F1"),
    ),
)
"""What is measured, where the paper's figure stands, and where ours."""


def summary(run: Run) -> str:
    """The README's table."""
    rows = [[what, _share(theirs.of(run)) if theirs else "", ours.of(run)] for what, theirs, ours in SUMMARY]
    filled = [[what, theirs, ours or "not measured"] for what, theirs, ours in rows]
    table = Table(title="", columns=["what is measured", "the paper", "Frontispiece"], rows=filled)
    queries, labelled = _found("queries").of(run), _named(BY_BOOK, "n").of(run)
    ours = (
        f"Ours: `{run.models[0].name}`, {queries or 'no'} queries with all pictures as the gallery; kinds are told of "
        f"{labelled or 'no'} pictures. The paper's: SigLIP, 684 queries among 422,589 pictures; kinds of 2,000."
    )
    return f"{table.grid()}\n\n{measured_on(run)} {ours} In brackets 95 % intervals."


def _share(cell: str) -> str:
    """Of `529 (77.3 % (74.1–80.3))` what is in the outer brackets."""
    found = re.fullmatch(r"\d+ \((.*)\)", cell)
    return found[1] if found else cell


def models(run: Run) -> str:
    rows = [
        [each.name, each.model, f"`{each.revision}`", each.preprocessing, each.traits or "the vector"]
        for each in run.models
    ]
    columns = ["model", "weights", "revision", "pictures are", "kinds are learnt from"]
    table = Table(title="", columns=columns, rows=rows)
    return f"{measured_on(run)}\n\n{table.grid()}"


def part(section: Section) -> str:
    """Its tables; a long one is but named."""
    if section.not_measured:
        return f"Not measured: {section.not_measured}."
    long = [f"“{each.title}” ({len(each.rows)} rows)" for each in section.tables if len(each.rows) > LONGEST]
    short = [each.markdown() for each in section.tables if len(each.rows) <= LONGEST]
    more = f"Too long for here, and therefore in the report alone: {'; '.join(long)}." if long else ""
    return "\n\n".join(each for each in (section.note, *short, more) if each)


WHOLE: dict[str, Callable[[Run], str]] = {"summary": summary, "models": models}
"""Blocks that are of more than one part."""


def filled(text: str, run: Run) -> str:
    """The document with every block as the run has it."""

    def block(found: re.Match[str]) -> str:
        name = found[2]
        if name not in {*WHOLE, *run.parts}:
            raise FrontispieceError(f"no part of the evaluation is called {name!r}")
        made = WHOLE[name](run) if name in WHOLE else part(run.parts[name])
        return f"{found[1]}{made}\n{found[3]}"

    return BLOCK.sub(block, text)


def main() -> None:
    run = read(FIGURES)
    for page in PAGES:
        page.write_text(filled(page.read_text("utf-8"), run), "utf-8")


if __name__ == "__main__":
    main()
