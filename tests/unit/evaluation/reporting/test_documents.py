"""The documents' tables are made of docs/evaluation.json, and that of the models as they are now."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.evaluation.made_run import RUN, TABLE

from core.encoders.registry import SPECS
from core.errors import FrontispieceError
from evaluation.cli import PARTS
from evaluation.reporting.documents import BLOCK, FIGURES, LONGEST, PAGES, SUMMARY, WHOLE, filled
from evaluation.reporting.report import Section, read
from evaluation.reporting.tables import Table
from tests.paths import ROOT

MEASURED = read(ROOT / FIGURES)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_documents_tables_are_those_of_the_figures(page: Path) -> None:
    """If not: `python -m evaluation.reporting.documents`."""
    text = (ROOT / page).read_text("utf-8")
    assert filled(text, MEASURED) == text


def test_every_part_has_its_place_in_the_documents() -> None:
    named = [name for page in PAGES for _, name, _ in BLOCK.findall((ROOT / page).read_text("utf-8"))]
    assert sorted(named) == sorted([*PARTS, *WHOLE])


def test_the_figures_are_of_every_part() -> None:
    assert list(MEASURED.parts) == list(PARTS)
    assert {name: part.not_measured for name, part in MEASURED.parts.items() if part.not_measured} == {}


def test_the_figures_are_of_the_models_as_they_are_now() -> None:
    """If not: `make evaluate`."""
    assert MEASURED.models
    for each in MEASURED.models:
        spec = SPECS[each.name]
        now = (spec.model, spec.revision, spec.preprocessing, spec.traits)
        assert (each.model, each.revision, each.preprocessing, each.traits) == now


def test_every_row_of_the_readmes_table_has_its_figures() -> None:
    assert [what for what, _, ours in SUMMARY if not ours.of(MEASURED)] == []
    assert [what for what, theirs, _ in SUMMARY if theirs and not theirs.of(MEASURED)] == []
    assert len(SUMMARY) <= 10


def test_no_figure_tells_of_the_machine() -> None:
    assert not re.search(r"/(?:home|root|work|Users|tmp)/", MEASURED.json())


def test_a_block_is_filled_and_what_is_around_it_stays() -> None:
    text = "a\n<!-- evaluated: one -->\nold\n<!-- /evaluated -->\nb <!-- evaluated: absent -->\n<!-- /evaluated -->"
    made = filled(text, RUN)
    assert made.startswith("a\n<!-- evaluated: one -->\nso < so\n\n**A | B**\n\n| model |")
    assert made.endswith("b <!-- evaluated: absent -->\nNot measured: there is nothing.\n<!-- /evaluated -->")
    assert filled(made, RUN) == made


def test_another_figure_makes_another_document() -> None:
    text = (ROOT / PAGES[0]).read_text("utf-8")
    found = MEASURED.parts["retrieval"]
    table = found.tables[0]
    other = Section(found.title, [replace(table, rows=[[row[0], *["1.2 %"] * (len(row) - 1)] for row in table.rows])])
    assert filled(text, replace(MEASURED, parts={**MEASURED.parts, "retrieval": other})) != text


def test_a_long_table_is_named_and_left_out() -> None:
    long = Table(title="Long", columns=["a"], rows=[["x"]] * (LONGEST + 1))
    run = replace(RUN, parts={"one": Section("One", [TABLE, long])})
    made = filled("<!-- evaluated: one -->\n<!-- /evaluated -->", run)
    assert f"“Long” ({LONGEST + 1} rows)" in made
    assert "**A | B**" in made
    assert "**Long**" not in made


def test_a_block_of_no_part_is_told() -> None:
    with pytest.raises(FrontispieceError, match="no part of the evaluation is called 'two'"):
        filled("<!-- evaluated: two -->\n<!-- /evaluated -->", RUN)
