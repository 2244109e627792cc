"""The command line."""

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from api.cli import commands, evaluation_commands
from core.errors import FrontispieceError
from tests.paths import SHARED


def test_inspect_prints_one_json_object_per_file() -> None:
    result = CliRunner().invoke(commands, ["inspect", str(SHARED / "alto"), "--json"])
    file_summaries = [json.loads(line) for line in result.output.splitlines()]
    assert result.exit_code == 0
    assert {Path(summary["file"]).name for summary in file_summaries} == {
        file.name for file in (SHARED / "alto").iterdir()
    }
    for page in (page for summary in file_summaries for page in summary["pages"]):
        assert {"id", "width", "height", "unit", "words", "pictures", "warnings"} <= page.keys()
        assert all(
            set(picture) == {"id", "block_type", "box"} and len(picture["box"]) == 4 for picture in page["pictures"]
        )


@pytest.mark.parametrize("written", [None, b"", b"<mets/>", b"\x1f\x8b broken"], ids=["no", "empty", "METS", "gzip"])
def test_inspect_reports_a_bad_file_continues_and_exits_with_1(tmp_path: Path, written: bytes | None) -> None:
    bad_file = tmp_path / "bad.xml"
    if written is not None:
        bad_file.write_bytes(written)
    good_file = next(iter(sorted((SHARED / "alto").iterdir())))
    result = CliRunner().invoke(commands, ["inspect", "--json", str(bad_file), str(good_file)])
    first, second = (json.loads(line) for line in result.output.splitlines())
    assert result.exit_code == 1
    assert first.keys() == {"file", "error"}
    assert second["pages"]


def test_help_names_every_command() -> None:
    result = CliRunner().invoke(commands, ["--help"])
    names = ["index", "remove", "inspect", "classify", "families", "node", "setup", "kibana", "settings"]
    names += ["serve", "demo", "evaluate"]
    assert [name for name in names if name not in result.output] == []


def test_lists_of_commands_have_whole_sentences() -> None:
    """Click cuts a sentence that is longer than the line; `short_help` has a shorter one."""
    assert [line for group in list_groups(commands) for line in list_commands(*group) if line.endswith("...")] == []


def list_groups(group: click.Group, *names: str) -> Iterator[tuple[str, ...]]:
    """Yield the names of each group below a group; some import their commands only when they are asked for."""
    yield names
    context = click.Context(group)
    for name in group.list_commands(context):
        if isinstance(command := group.get_command(context, name), click.Group):
            yield from list_groups(command, *names, name)


def list_commands(*names: str) -> list[str]:
    """Return the lines of the help of a group that name its commands, as a terminal of 80 columns shows them."""
    _, found, lines = CliRunner().invoke(commands, [*names, "--help"]).output.partition("Commands:\n")
    assert found, names
    return lines.splitlines()


def test_evaluate_without_its_package_explains_the_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    (evaluate,) = evaluation_commands()
    result = CliRunner().invoke(evaluate, ["all", "--images", "folder"])
    assert isinstance(result.exception, FrontispieceError)
    assert "pip install 'frontispiece[evaluation]'" in str(result.exception)


def test_unwritable_report_is_refused_before_the_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    result = CliRunner().invoke(commands, ["index", str(tmp_path), "--report", str(tmp_path / "file" / "report.json")])
    assert isinstance(result.exception, FrontispieceError)
    assert "cannot be written" in str(result.exception)


@pytest.mark.parametrize("alias", ["Bad Alias!", "_x", "æ", "a" * 101])
def test_invalid_alias_is_refused_with_the_rule(alias: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(commands, ["index", "--alias", alias, str(tmp_path)])
    assert result.exit_code == 2
    assert "lower-case letters, digits" in result.output
