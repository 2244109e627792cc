"""The tables of the documents match docs/evaluation.json, which matches the current models."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from core.encoders.registry import SPECS
from core.errors import FrontispieceError
from evaluation.commands.registry import SECTION_NAMES
from evaluation.reporting.documents import (
    BLOCK_PATTERN,
    DOCUMENTS,
    FIGURES_FILE,
    MAX_TABLE_ROWS,
    REPORT_FILE,
    RUN_BLOCKS,
    SUMMARY_ROWS,
    fill_blocks,
)
from evaluation.reporting.page import render_page
from evaluation.reporting.report import Section, read_run
from evaluation.reporting.tables import ReportTable
from tests.paths import ROOT
from tests.unit.evaluation.sample_run import RUN, TABLE

PUBLISHED_RUN = read_run(ROOT / FIGURES_FILE)


@pytest.mark.parametrize("page", DOCUMENTS, ids=str)
def test_tables_of_the_documents_match_the_figures(page: Path) -> None:
    """If it fails, run `python -m evaluation.reporting.documents`."""
    text = (ROOT / page).read_text("utf-8")
    assert fill_blocks(text, PUBLISHED_RUN) == text


def test_the_report_has_the_figures() -> None:
    assert (ROOT / REPORT_FILE).read_text("utf-8") == render_page(PUBLISHED_RUN)


def test_every_section_has_a_block_in_the_documents() -> None:
    block_names = [name for page in DOCUMENTS for _, name, _ in BLOCK_PATTERN.findall((ROOT / page).read_text("utf-8"))]
    assert sorted(block_names) == sorted([*SECTION_NAMES, *RUN_BLOCKS])


def test_every_section_was_measured() -> None:
    assert list(PUBLISHED_RUN.parts) == list(SECTION_NAMES)
    assert {name: part.not_measured for name, part in PUBLISHED_RUN.parts.items() if part.not_measured} == {}


def test_figures_were_measured_with_the_current_models() -> None:
    """If it fails, run `make evaluate`."""
    assert PUBLISHED_RUN.models
    for model in PUBLISHED_RUN.models:
        spec = SPECS[model.name]
        current_facts = (spec.model, spec.revision, spec.preprocessing, spec.features)
        assert (model.model, model.revision, model.preprocessing, model.features) == current_facts


def test_every_row_of_the_readme_has_figures() -> None:
    assert [description for description, _, our_figure in SUMMARY_ROWS if not our_figure.look_up(PUBLISHED_RUN)] == []
    assert [
        description
        for description, paper_figure, _ in SUMMARY_ROWS
        if paper_figure and not paper_figure.look_up(PUBLISHED_RUN)
    ] == []
    assert len(SUMMARY_ROWS) <= 10


def test_figures_contain_no_paths_of_the_machine() -> None:
    assert not re.search(r"/(?:home|root|work|Users|tmp)/", PUBLISHED_RUN.to_json())


def test_block_is_filled_and_the_surrounding_text_is_kept() -> None:
    text = "a\n<!-- evaluated: one -->\nold\n<!-- /evaluated -->\nb <!-- evaluated: absent -->\n<!-- /evaluated -->"
    filled_text = fill_blocks(text, RUN)
    assert filled_text.startswith("a\n<!-- evaluated: one -->\nso < so\n\n**A | B**\n\n| model |")
    assert filled_text.endswith("b <!-- evaluated: absent -->\nNot measured: there is nothing.\n<!-- /evaluated -->")
    assert fill_blocks(filled_text, RUN) == filled_text


def test_changed_figure_changes_the_document() -> None:
    text = (ROOT / DOCUMENTS[0]).read_text("utf-8")
    section = PUBLISHED_RUN.parts["retrieval"]
    table = section.tables[0]
    changed_section = Section(
        section.title, [replace(table, rows=[[row[0], *["1.2 %"] * (len(row) - 1)] for row in table.rows])]
    )
    assert (
        fill_blocks(text, replace(PUBLISHED_RUN, parts={**PUBLISHED_RUN.parts, "retrieval": changed_section})) != text
    )


def test_long_table_is_replaced_by_its_name() -> None:
    long_table = ReportTable(title="Long", columns=["a"], rows=[["x"]] * (MAX_TABLE_ROWS + 1))
    run = replace(RUN, parts={"one": Section("One", [TABLE, long_table])})
    filled_text = fill_blocks("<!-- evaluated: one -->\n<!-- /evaluated -->", run)
    assert f"“Long” ({MAX_TABLE_ROWS + 1} rows)" in filled_text
    assert "**A | B**" in filled_text
    assert "**Long**" not in filled_text


def test_block_of_an_unknown_section_is_an_error() -> None:
    with pytest.raises(FrontispieceError, match="the evaluation has no section 'two'"):
        fill_blocks("<!-- evaluated: two -->\n<!-- /evaluated -->", RUN)
