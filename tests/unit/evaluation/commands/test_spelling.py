"""`frontispiece evaluate spelling`."""

import json
from pathlib import Path

from click.testing import CliRunner

from evaluation.cli import evaluate
from evaluation.commands.spelling import read_vocabulary
from tests.paths import SHARED

PAGE = SHARED / "alto" / "gc_impr16_bpt6k15260973_f47.xml"


def test_command_prints_a_table_the_misses_and_json(tmp_path: Path) -> None:
    (tmp_path / "page.xml").write_bytes(PAGE.read_bytes())
    (tmp_path / "broken.xml").write_text("<alto", "utf-8")
    result = CliRunner().invoke(evaluate, ["spelling", "--texts", str(tmp_path), "--misses", "--json"])
    assert result.exit_code == 0, result.output
    assert "| all | held out |" in result.stdout
    assert "de, tuning, found wrongly: " in result.stdout
    assert "broken.xml" in result.stderr
    figures = next(json.loads(line) for line in result.stdout.splitlines() if line.startswith("{"))
    assert figures["columns"][-1] == "words along"


def test_vocabulary_is_the_different_words_of_the_pages(tmp_path: Path) -> None:
    (tmp_path / "page.xml").write_bytes(PAGE.read_bytes())
    (tmp_path / "notes.txt").write_text("nothing", "utf-8")
    vocabulary = read_vocabulary(tmp_path)
    assert {"choſe", "Chaſſer", "ſouuent"} <= vocabulary
    assert "on" not in vocabulary
