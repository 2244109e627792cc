"""`python -m evaluation.reporting.documents`: write the tables of README.md and docs/evaluation.md, and the report."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.errors import FrontispieceError
from evaluation.reporting.page import measurement_note, render_page
from evaluation.reporting.report import EvaluationRun, Section, read_run
from evaluation.reporting.tables import ReportTable

FIGURES_FILE = Path("docs/evaluation.json")
REPORT_FILE = Path("docs/evaluation-report.html")
"""The tables that are too long for the documents too; that of the run itself also has plots."""
DOCUMENTS = (Path("README.md"), Path("docs/evaluation.md"))

BLOCK_PATTERN = re.compile(r"(<!-- evaluated: ([\w-]+) -->\n).*?(<!-- /evaluated -->)", re.DOTALL)

MAX_TABLE_ROWS = 25
"""Longer tables are named in the documents but not shown."""


@dataclass(frozen=True, slots=True)
class FigureLocation:
    """The position of a figure in a run; `{model}` stands for the run's first model."""

    part: str
    table: str
    row: str
    column: str

    def look_up(self, run: EvaluationRun) -> str:
        """Return the figure as text; an empty string if it was not measured."""
        model = run.models[0].name
        part = run.parts.get(self.part)
        tables = [table for table in part.tables if table.title == self.table] if part else []
        row, column = (template.format(model=model) for template in (self.row, self.column))
        return tables[0].cell(row, column) if tables else ""


RETRIEVAL_TABLE = "Exact retrieval, the paper's queries"
HASH_TABLE = "Hash or vector, the paper's queries"
PAPER_RETRIEVAL_TABLE = "The paper's retrieval: 684 rotated, cropped and scaled pictures"
PAPER_CLASSIFIER_ROW = "the paper: SigLIP, split by picture"
BY_BOOK_ROW, MIXED_ROW = "{model}, split by book", "{model}, split by picture"


def _retrieval_figure(column: str) -> FigureLocation:
    return FigureLocation("retrieval", RETRIEVAL_TABLE, "{model}", column)


def _classification_figure(row: str, column: str) -> FigureLocation:
    return FigureLocation("classification", "Classification", row, column)


SUMMARY_ROWS: tuple[tuple[str, FigureLocation | None, FigureLocation], ...] = (
    (
        "rotated, cropped and scaled copies: the picture is ranked first",
        FigureLocation("paper", PAPER_RETRIEVAL_TABLE, "SigLIP", "top 1"),
        _retrieval_figure("top-1"),
    ),
    (
        "the same: the picture is among the first ten",
        FigureLocation("paper", PAPER_RETRIEVAL_TABLE, "SigLIP", "top 10"),
        _retrieval_figure("top-10"),
    ),
    (
        "the same, by perceptual hash (pHash) instead of a model: among the first ten",
        None,
        FigureLocation("hash-or-vector", HASH_TABLE, "pHash", "top-10"),
    ),
    (
        "half of a picture: ranked first",
        None,
        FigureLocation("retrieval", "Harder queries", "half", "{model} top-1"),
    ),
    (
        "a photograph of a picture: ranked first",
        None,
        FigureLocation("retrieval", "Harder queries", "photograph", "{model} top-1"),
    ),
    ("classification, **books not seen before**: macro-F1", None, _classification_figure(BY_BOOK_ROW, "macro-F1")),
    (
        "classification, other pictures of the same books seen: macro-F1, mean of the folds",
        _classification_figure(PAPER_CLASSIFIER_ROW, "mean of the folds"),
        _classification_figure(MIXED_ROW, "mean of the folds"),
    ),
    (
        "irrelevant pictures, **books not seen before**: F1",
        None,
        _classification_figure(BY_BOOK_ROW, "irrelevant or not, F1"),
    ),
    (
        "irrelevant pictures, other pictures of the same books seen: F1",
        _classification_figure(PAPER_CLASSIFIER_ROW, "irrelevant or not, F1"),
        _classification_figure(MIXED_ROW, "irrelevant or not, F1"),
    ),
)
"""Description, position of the paper's figure, and position of our figure."""


def render_summary(run: EvaluationRun) -> str:
    """Render the table of the README."""
    rows = [
        [description, _extract_share(paper_figure.look_up(run)) if paper_figure else "", our_figure.look_up(run)]
        for description, paper_figure, our_figure in SUMMARY_ROWS
    ]
    filled_rows = [[description, paper_cell, our_cell or "not measured"] for description, paper_cell, our_cell in rows]
    table = ReportTable(title="", columns=["measurement", "the paper", "Frontispiece"], rows=filled_rows)
    queries, labelled = _retrieval_figure("queries").look_up(run), _classification_figure(BY_BOOK_ROW, "n").look_up(run)
    note = (
        f"Frontispiece: `{run.models[0].name}`, {queries or 'no'} queries with all pictures as the gallery; "
        f"classification of {labelled or 'no'} pictures. "
        "The paper: SigLIP, 684 queries among 422,589 pictures; classification of 2,000."
    )
    return f"{table.grid()}\n\n{measurement_note(run)} {note} Brackets contain 95 % intervals."


def _extract_share(cell: str) -> str:
    """Return the text in the outer brackets of `529 (77.3 % (74.1–80.3))`."""
    match = re.fullmatch(r"\d+ \((.*)\)", cell)
    return match[1] if match else cell


def render_models(run: EvaluationRun) -> str:
    """Render the table of models with their weights and preprocessing."""
    rows = [
        [model.name, model.model, f"`{model.revision}`", model.preprocessing, model.features or "the vector"]
        for model in run.models
    ]
    columns = ["model", "weights", "revision", "preprocessing", "features for classification"]
    table = ReportTable(title="", columns=columns, rows=rows)
    return f"{measurement_note(run)}\n\n{table.grid()}"


def render_section(section: Section) -> str:
    """Render the tables of a section; long ones are only named."""
    if section.not_measured:
        return f"Not measured: {section.not_measured}."
    long_tables = [
        f"“{table.title}” ({len(table.rows)} rows)" for table in section.tables if len(table.rows) > MAX_TABLE_ROWS
    ]
    short_tables = [table.markdown() for table in section.tables if len(table.rows) <= MAX_TABLE_ROWS]
    omission_note = f"Only in the report, because of their length: {'; '.join(long_tables)}." if long_tables else ""
    return "\n\n".join(block for block in (section.note, *short_tables, omission_note) if block)


RUN_BLOCKS: dict[str, Callable[[EvaluationRun], str]] = {"summary": render_summary, "models": render_models}
"""Blocks that draw on more than one section."""


def fill_blocks(text: str, run: EvaluationRun) -> str:
    """Return the text with every block filled from the run."""

    def render_block(match: re.Match[str]) -> str:
        name = match[2]
        if name not in {*RUN_BLOCKS, *run.parts}:
            raise FrontispieceError(f"the evaluation has no section {name!r}")
        content = RUN_BLOCKS[name](run) if name in RUN_BLOCKS else render_section(run.parts[name])
        return f"{match[1]}{content}\n{match[3]}"

    return BLOCK_PATTERN.sub(render_block, text)


def main() -> None:
    run = read_run(FIGURES_FILE)
    for document in DOCUMENTS:
        document.write_text(fill_blocks(document.read_text("utf-8"), run), "utf-8")
    REPORT_FILE.write_text(render_page(run), "utf-8")


if __name__ == "__main__":
    main()
