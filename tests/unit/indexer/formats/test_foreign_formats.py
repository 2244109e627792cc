"""Formats that are not read are recognised by their content, whatever the file is called."""

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from indexer.formats.foreign_formats import identify_format


def picture_bytes(format_name: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (9, 9)).save(file, format_name)
    return file.getvalue()


def zip_bytes(name: str, content: bytes = b"x") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, content)
    return file.getvalue()


def tar_bytes() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a"), io.BytesIO())
    return file.getvalue()


XHTML = b'<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><body>'

EXAMPLES = {
    "hOCR file with an unusual suffix": [
        XHTML + b'<div class="ocr_page">',
        b'<html><head><meta name="ocr-system" content="tesseract">',
    ],
    "web page": [XHTML + b"<p>", b"<!DOCTYPE html><title>x</title>"],
    "ABBYY FineReader XML file": [
        b'<document xmlns="http://www.abbyy.com/FineReader_xml/FineReader10-schema-v1.xml">',
        gzip.compress(b'<document xmlns="http://www.abbyy.com/FineReader_xml/FineReader6-schema-v1.xml">'),
    ],
    "Internet Archive page list (scandata)": [b"<book><bookData><leafCount>4</leafCount></bookData>"],
    "TEI file": [b'<TEI xmlns="http://www.tei-c.org/ns/1.0"/>', b"<TEI.2/>"],
    "PDF file": [b"%PDF-1.7\n", b"\r\n\r\n%PDF-1.4"],
    "EPUB file": [zip_bytes("mimetype", b"application/epub+zip")],
    "zip archive": [zip_bytes("bok_0001.xml")],
    "tar archive": [tar_bytes(), gzip.compress(tar_bytes())],
    "archive": [b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\x00", gzip.compress(b"x" * 600)],
    "binary MARC file": [
        b"00720cam a22002051  4500001001300000",
        b"01060cam  22002894a 45000010009",
        b"00000nam#a2200000 a 4500",
    ],
    "picture with an unusual suffix": [
        *(picture_bytes(name) for name in ("JPEG", "PNG", "TIFF", "WEBP", "GIF", "JPEG2000", "AVIF")),
        b"\x00\x00\x00\x18ftypheic",
        b"\x00\x00\x00\x18ftypmif1",
    ],
    "file of ALTO, PAGE-XML or METS with an unusual suffix": [
        b"<alto/>",
        b'<mets:mets xmlns:mets="http://www.loc.gov/METS/">',
        b'<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"/>',
        b"\xef\xbb\xbf<?xml version='1.0'?><!-- Transkribus --><pc:PcGts/>",
        b'<?xml version="1.0"?>\n<!DOCTYPE DjVuXML>\n<DjVuXML>',
    ],
    "file of boxes of an annotation tool": [
        b"<annotation><filename>p1.jpg</filename><object/></annotation>",
        b"<annotations><version>1.1</version></annotations>",
    ],
    "catalogue record with an unusual suffix": [
        b'<mods xmlns="http://www.loc.gov/mods/v3"/>',
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
    ],
    "database": [b"SQLite format 3\x00", b"PAR1"],
    "file of an unknown kind (.x)": [b"\x00\x01\x02", b"words"],
}


@pytest.mark.parametrize(
    ("singular", "data"), [(singular, data) for singular, examples in EXAMPLES.items() for data in examples]
)
def test_content_tells_the_format(singular: str, data: bytes, tmp_path: Path) -> None:
    (tmp_path / "file.x").write_bytes(data)
    assert identify_format(tmp_path / "file.x").singular == singular


JSON_EXAMPLES = {
    "COCO file of boxes": '{"info":{},"images":[{"id":1,"file_name":"p1.jpg"}],"annotations":[],"categories":[]}',
    "Label Studio export": '[{"id": 1, "data": {"image": "/data/upload/1/p1.jpg"}, "annotations": []}]',
    "IIIF info.json": '{"@context": "http://iiif.io/api/image/3/context.json"}',
    "file of boxes of an annotation tool": '{"p.jpg9": {"filename": "p.jpg", "regions": [{"shape_attributes": {}}]}}',
    "file of MARC in JSON": '{"leader": "01471cjm a2200349 a 4500", "fields": [{"001": "5674874"}]}',
    "IIIF document": '{"@context": "http://iiif.io/api/presentation/3/context.json", "type": "Manifest"}',
    "JSON file": '{"title": "Sange"}',
}


@pytest.mark.parametrize(("singular", "text"), JSON_EXAMPLES.items())
def test_json_is_told_apart_by_its_keys(singular: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(text)
    assert identify_format(tmp_path / "x.json").singular == singular


NAME_EXAMPLES = {
    "picture in another format": ["scan.pnm", "scan.pgm", "scan.tga", "logo.eps", "scan.fits"],
    "catalogue record in another format": ["bok.mrk", "bok.ris", "bok.ttl"],
    "file with a suffix of binary MARC contains no MARC record": ["bok.mrc"],
    "office document": ["bok.docx", "list.xlsx", "list.ods"],
    "program or file of settings": ["make_alto.py", "alto.xsd", "Makefile"],
    "web page": ["list.htm"],
    "file of an unknown kind (.glb)": ["globe.glb"],
    "file of an unknown kind": ["notes", "a.b c", "x." + "y" * 40],
}


@pytest.mark.parametrize(
    ("singular", "name"), [(singular, name) for singular, names in NAME_EXAMPLES.items() for name in names]
)
def test_the_name_tells_what_the_content_does_not(singular: str, name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"x")
    assert identify_format(tmp_path / name).singular == singular


def test_boxes_of_yolo_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "p1.txt").write_text("0 0.5 0.5 0.25 0.1\n3 0.1 0.2 0.3 1\n")
    assert identify_format(tmp_path / "p1.txt").plural == "files of boxes of annotation tools"


def test_context_at_the_end_of_a_large_manifest_is_seen(tmp_path: Path) -> None:
    padding = '"label": "' + "x" * 20_000 + '"'
    (tmp_path / "x.json").write_text(f'{{{padding}, "@context": "http://iiif.io/api/presentation/2/context.json"}}')
    assert identify_format(tmp_path / "x.json").singular == "IIIF document"


@pytest.mark.parametrize(
    ("name", "is_ignored"),
    [("Thumbs.db", True), ("manifest-sha256.txt", True), ("LICENSE", True), ("page.txt", False), ("table.xlsx", False)],
)
def test_only_files_that_nobody_expects_are_ignored(name: str, is_ignored: bool, tmp_path: Path) -> None:  # noqa: FBT001
    (tmp_path / name).write_bytes(b"x")
    assert identify_format(tmp_path / name).is_ignored is is_ignored


@given(data=st.binary(max_size=300), suffix=st.sampled_from([".xml", ".json", ".gz", ".txt", ""]))
def test_any_content_has_a_sentence(data: bytes, suffix: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("files") / f"x{suffix}"
    path.write_bytes(data)
    assert identify_format(path).describe(2).startswith("2 ")
