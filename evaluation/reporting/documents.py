"""The documents' tables, made of the figures of a run: `python -m evaluation.reporting.documents`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.errors import FrontispieceError
from evaluation.reporting.page import measurement_note
from evaluation.reporting.report import EvaluationRun, Section, read_run
from evaluation.reporting.tables import Table

FIGURES_FILE = Path("docs/evaluation.json")
DOCUMENTS = (Path("README.md"), Path("docs/evaluation.md"))

BLOCK_PATTERN = re.compile(r"(<!-- evaluated: ([\w-]+) -->\n).*?(<!-- /evaluated -->)", re.DOTALL)

MAX_TABLE_ROWS = 30
"""Rows of a table that a document still shows."""


@dataclass(frozen=True, slots=True)
class FigureLocation:
    """Where a figure stands; `{model}` is the run's first one."""

    part: str
    table: str
    row: str
    column: str

    def look_up(self, run: EvaluationRun) -> str:
        """Nothing where it was not measured."""
        model = run.models[0].name
        part = run.parts.get(self.part)
        tables = [table for table in part.tables if table.title == self.table] if part else []
        row, column = (template.format(model=model) for template in (self.row, self.column))
        return tables[0].cell(row, column) if tables else ""


RETRIEVAL_TABLE = "Exact retrieval, the paper's queries"
HASH_TABLE = "Hash or vector, the paper's queries"
PAPER_RETRIEVAL_TABLE = "The paper's retrieval: 684 turned, cut and scaled pictures"
PAPER_CLASSIFIER_ROW = "the paper: SigLIP, pictures of one book on both sides"
BY_BOOK_ROW, MIXED_ROW = "{model}, no book on both sides", "{model}, pictures mixed"


def _retrieval_figure(column: str) -> FigureLocation:
    return FigureLocation("retrieval", RETRIEVAL_TABLE, "{model}", column)


def _classification_figure(row: str, column: str) -> FigureLocation:
    return FigureLocation("classification", "Classification", row, column)


SUMMARY_ROWS: tuple[tuple[str, FigureLocation | None, FigureLocation], ...] = (
    (
        "turned, cut and scaled pictures: the picture stands first",
        FigureLocation("paper", PAPER_RETRIEVAL_TABLE, "SigLIP", "top 1"),
        _retrieval_figure("top-1"),
    ),
    (
        "the same: it is among the first ten",
        FigureLocation("paper", PAPER_RETRIEVAL_TABLE, "SigLIP", "top 10"),
        _retrieval_figure("top-10"),
    ),
    (
        "the same, by perceptual hash (pHash) instead of a model: among the first ten",
        None,
        FigureLocation("hash-or-vector", HASH_TABLE, "pHash", "top-10"),
    ),
    (
        "half of a picture: it stands first",
        None,
        FigureLocation("retrieval", "Harder queries", "half", "{model} top-1"),
    ),
    (
        "a photograph of a picture: it stands first",
        None,
        FigureLocation("retrieval", "Harder queries", "photograph", "{model} top-1"),
    ),
    ("kinds of picture, **books not seen before**: macro-F1", None, _classification_figure(BY_BOOK_ROW, "macro-F1")),
    (
        "kinds of picture, other pictures of the same books seen: macro-F1, mean of the folds",
        _classification_figure(PAPER_CLASSIFIER_ROW, "mean of the folds"),
        _classification_figure(MIXED_ROW, "mean of the folds"),
    ),
    (
        "irrelevant or not, **books not seen before**: F1",
        None,
        _classification_figure(BY_BOOK_ROW, "irrelevant or not, F1"),
    ),
    (
        "irrelevant or not, other pictures of the same books seen: F1",
        _classification_figure(PAPER_CLASSIFIER_ROW, "irrelevant or not, F1"),
        _classification_figure(MIXED_ROW, "irrelevant or not, F1"),
    ),
)
"""What is measured, where the paper's figure stands, and where ours."""


def render_summary(run: EvaluationRun) -> str:
    """The README's table."""
    rows = [
        [description, _extract_share(paper_figure.look_up(run)) if paper_figure else "", our_figure.look_up(run)]
        for description, paper_figure, our_figure in SUMMARY_ROWS
    ]
    filled_rows = [[description, paper_cell, our_cell or "not measured"] for description, paper_cell, our_cell in rows]
    table = Table(title="", columns=["what is measured", "the paper", "Frontispiece"], rows=filled_rows)
    queries, labelled = _retrieval_figure("queries").look_up(run), _classification_figure(BY_BOOK_ROW, "n").look_up(run)
    note = (
        f"Ours: `{run.models[0].name}`, {queries or 'no'} queries with all pictures as the gallery; kinds are told of "
        f"{labelled or 'no'} pictures. The paper's: SigLIP, 684 queries among 422,589 pictures; kinds of 2,000."
    )
    return f"{table.grid()}\n\n{measurement_note(run)} {note} In brackets 95 % intervals."


def _extract_share(cell: str) -> str:
    """Of `529 (77.3 % (74.1–80.3))` what is in the outer brackets."""
    match = re.fullmatch(r"\d+ \((.*)\)", cell)
    return match[1] if match else cell


def render_models(run: EvaluationRun) -> str:
    rows = [
        [model.name, model.model, f"`{model.revision}`", model.preprocessing, model.features or "the vector"]
        for model in run.models
    ]
    columns = ["model", "weights", "revision", "pictures are", "kinds are learnt from"]
    table = Table(title="", columns=columns, rows=rows)
    return f"{measurement_note(run)}\n\n{table.grid()}"


def render_section(section: Section) -> str:
    """Its tables; a long one is but named."""
    if section.not_measured:
        return f"Not measured: {section.not_measured}."
    long_tables = [
        f"“{table.title}” ({len(table.rows)} rows)" for table in section.tables if len(table.rows) > MAX_TABLE_ROWS
    ]
    short_tables = [table.markdown() for table in section.tables if len(table.rows) <= MAX_TABLE_ROWS]
    omission_note = (
        f"Too long for here, and therefore in the report alone: {'; '.join(long_tables)}." if long_tables else ""
    )
    return "\n\n".join(block for block in (section.note, *short_tables, omission_note) if block)


RUN_BLOCKS: dict[str, Callable[[EvaluationRun], str]] = {"summary": render_summary, "models": render_models}
"""Blocks that are of more than one part."""


def fill_blocks(text: str, run: EvaluationRun) -> str:
    """The document with every block as the run has it."""

    def render_block(match: re.Match[str]) -> str:
        name = match[2]
        if name not in {*RUN_BLOCKS, *run.parts}:
            raise FrontispieceError(f"no part of the evaluation is called {name!r}")
        content = RUN_BLOCKS[name](run) if name in RUN_BLOCKS else render_section(run.parts[name])
        return f"{match[1]}{content}\n{match[3]}"

    return BLOCK_PATTERN.sub(render_block, text)


def main() -> None:
    run = read_run(FIGURES_FILE)
    for document in DOCUMENTS:
        document.write_text(fill_blocks(document.read_text("utf-8"), run), "utf-8")


if __name__ == "__main__":
    main()
