"""The terminal helpers of all commands."""

from pathlib import Path

import pytest

from core.console import check_writable, print_message, print_warning
from core.errors import FrontispieceError


def test_file_names_in_brackets_are_not_read_as_markup(capsys: pytest.CaptureFixture[str]) -> None:
    print_message("[1].jpg")
    print_warning("[bold].jpg")
    assert [line for line in capsys.readouterr().err.splitlines() if line] == ["[1].jpg", "[bold].jpg"]


def test_check_writable_creates_the_folders_of_a_file(tmp_path: Path) -> None:
    check_writable(tmp_path / "new" / "report.json")
    assert (tmp_path / "new").is_dir()


def test_check_writable_keeps_the_content_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text("{}", "utf-8")
    check_writable(tmp_path / "report.json")
    assert (tmp_path / "report.json").read_text("utf-8") == "{}"


def test_check_writable_refuses_a_path_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FrontispieceError, match="cannot be written"):
        check_writable(tmp_path / "file" / "report.json")
