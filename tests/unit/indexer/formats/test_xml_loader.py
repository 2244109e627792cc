"""The one loader of XML: limits, gzip, recovery, document type declarations, root element names."""

import gzip
from pathlib import Path

import pytest

from core.errors import ProblemCode, SourceError
from indexer.formats import xml_loader

BROKEN = b"<mets><a>one</a><b></mets>"


def test_a_gzipped_file_is_read_with_any_suffix(tmp_path: Path) -> None:
    path = tmp_path / "mets.xml"
    path.write_bytes(gzip.compress(b"<mets/>"))
    assert xml_loader.load(path).tag == "mets"
    assert xml_loader.root_element_name(path) == "mets"


@pytest.mark.parametrize(
    ("data", "message", "code"),
    [
        (b" \n", "the file is empty", ProblemCode.EMPTY),
        (BROKEN, "line 1: not well-formed XML", ProblemCode.MALFORMED),
        (gzip.compress(b"<mets/>" * 99)[:20], "the gzip data end too early", ProblemCode.MALFORMED),
        (gzip.compress(b" " * (65 * 2**20)), "larger than 64 MiB when unpacked", ProblemCode.TOO_LARGE),
        (b" " * (65 * 2**20), "larger than 64 MiB", ProblemCode.TOO_LARGE),
        (b"<?xml version='1.0'?>\n<!DOCTYPE m><m/>", "line 2: it has a document type", ProblemCode.MALFORMED),
    ],
    ids=["empty", "broken", "cut gzip", "gzip bomb", "large", "doctype"],
)
def test_error_names_file_line_and_reason(tmp_path: Path, data: bytes, message: str, code: ProblemCode) -> None:
    path = tmp_path / "mets.xml"
    path.write_bytes(data)
    with pytest.raises(SourceError) as raised:
        xml_loader.load(path)
    assert str(raised.value).startswith(f"{path}: {message}")
    assert raised.value.code == code


def test_a_missing_file_and_an_impossible_name_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.xml", tmp_path / "a\0b"):
        with pytest.raises(SourceError) as raised:
            xml_loader.load(path)
        assert raised.value.code == ProblemCode.UNREADABLE


def test_a_broken_document_is_recovered_on_request() -> None:
    warnings: list[str] = []
    root = xml_loader.parse(BROKEN, "x", warnings)
    assert root.findtext("a") == "one"
    assert warnings == ["not well-formed, line 1: " + warnings[0].split(": ", 1)[1]]


def test_a_doctype_inside_a_comment_or_cdata_is_harmless() -> None:
    assert xml_loader.parse(b"<!-- <!DOCTYPE x> --><m><![CDATA[<!DOCTYPE html>]]></m>", "x").tag == "m"


def test_comments_and_processing_instructions_are_removed() -> None:
    assert len(xml_loader.parse(b"<m><!-- c --><?p q?><a/></m>", "x")) == 1
