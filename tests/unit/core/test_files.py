"""Atomic writes and checksums of files."""

import hashlib
from pathlib import Path

import pytest

from core.files import atomic_write, file_sha256


def test_checksum_is_sha256_of_the_content(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"content")
    assert file_sha256(tmp_path / "file") == hashlib.sha256(b"content").hexdigest()


def test_file_is_replaced_at_the_end(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    file.write_text("old")
    with atomic_write(file) as temporary_file:
        temporary_file.write_text("new")
        assert (file.read_text(), temporary_file.parent) == ("old", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]
    assert file.read_text() == "new"


def test_error_keeps_the_old_file_and_leaves_no_other(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    file.write_text("old")
    with pytest.raises(UnicodeEncodeError), atomic_write(file) as temporary_file:
        temporary_file.write_text("half \udc00", "utf-8")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]
