"""Labels are read from tables, JSON and Label Studio exports; an error names the file and the place in it."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.errors import SourceError
from indexer.classification.label_files import LabelEntry, read_labels
from tests.paths import SHARED


def write_labels(folder: Path, content: object) -> Path:
    path = folder / "labels"
    text = content if isinstance(content, str) else json.dumps(content)
    path.write_text(text, "utf-8")
    return path


TASK: dict[str, Any] = {"id": 1, "data": {"image": "/data/upload/3/0a1b2c3d-fyr.jpg", "book": "kyst"}}


def make_annotation(*choices: str, **extra: Any) -> dict[str, Any]:
    result = [{"type": "choices", "from_name": "kind", "value": {"choices": list(choices)}}]
    return {"result": result if choices else [], "was_cancelled": False, **extra}


@pytest.mark.parametrize(
    ("content", "labels"),
    [
        pytest.param(
            "Path;Label;Book\n./a/1.jpg;map;kyst\na/2.jpg;;\na\\3.jpg;music;\n",
            [LabelEntry(picture="a/1.jpg", label="map", book="kyst"), LabelEntry(picture="a/3.jpg", label="music")],
            id="a table: without a label there is none, and a path is a path on every system",
        ),
        pytest.param(
            "id,image,choice,annotator,created_at\n7,1.jpg,map,anna@example.org,2026-01-02\n",
            [LabelEntry(picture="1.jpg", label="map", by="anna@example.org", at="2026-01-02")],
            id="Label Studio's CSV",
        ),
        pytest.param(
            [{"url": "https://example.org/1.jpg", "label": "map", "by": "Anna"}, {"Picture": 7, "Class": "music"}],
            [
                LabelEntry(picture="https://example.org/1.jpg", label="map", by="Anna"),
                LabelEntry(picture="7", label="music"),
            ],
            id="a list",
        ),
        pytest.param(
            {"map": {"1.jpg": True, "2.jpg": False}, "music": {"1.jpg": False, "2.jpg": True}},
            [LabelEntry(picture="1.jpg", label="map"), LabelEntry(picture="2.jpg", label="music")],
            id="by label, as the paper's are published",
        ),
        pytest.param(
            [
                {
                    **TASK,
                    "annotations": [
                        make_annotation("map", completed_by=4, updated_at="2026-02-02"),
                        make_annotation("music", completed_by={"email": "per@example.org"}, updated_at="2026-03-03"),
                        make_annotation("text", updated_at="2026-04-04", was_cancelled=True),
                    ],
                },
                {"data": {"image": "/data/local-files/?d=a/2.jpg"}, "annotations": [make_annotation("map")]},
                {
                    "data": {"image": "https://x.example/crops/0a/12ab-large.jpg"},
                    "annotations": [make_annotation("map")],
                },
                {"data": {"image": "skipped.jpg"}, "annotations": [make_annotation("map", was_cancelled=True)]},
                {"data": {"image": "empty.jpg"}, "annotations": [make_annotation()]},
            ],
            [
                LabelEntry(picture="fyr.jpg", label="music", by="per@example.org", at="2026-03-03", book="kyst"),
                LabelEntry(picture="a/2.jpg", label="map"),
                LabelEntry(picture="0a/12ab.jpg", label="map"),
            ],
            id="Label Studio: the last annotation counts, cancelled ones do not",
        ),
    ],
)
def test_labels_are_read(content: object, labels: list[LabelEntry], tmp_path: Path) -> None:
    assert list(read_labels(write_labels(tmp_path, content))) == labels


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("file,title\n1.jpg,Fyr\n", "line 1: none of its columns is called label,"),
        ("label\nmap\n", "line 1: none of its columns is called path,"),
        ("path,label\n1.jpg,map\n,music\n", "line 3: the label 'music' has no picture"),
        ("path,label\n1.jpg,map\n1.jpg,music\n", "line 3: 1.jpg is music here and map in line 2"),
        ("path,label\n1.jpg,\n", "none of its pictures has a label"),
        ("[{", "not JSON"),
        ([1], "item 1: expected an object"),
        ({"map": ["1.jpg"]}, "map: expected pictures with true or false"),
        ({"map": {"1.jpg": True}, "music": {"1.jpg": True}}, "music: 1.jpg is music here and map in map"),
        (
            [{**TASK, "annotations": [make_annotation("map", "music")]}],
            "item 1: expected one label, found map, mus",
        ),
        ([{"data": {}, "annotations": [make_annotation("map")]}], "item 1: the task's data has none of"),
        ([{**TASK, "annotations": "none"}], "item 1: expected a list of objects, as Label Studio exports it"),
    ],
)
def test_error_names_file_and_place(content: object, message: str, tmp_path: Path) -> None:
    path = write_labels(tmp_path, content)
    with pytest.raises(SourceError) as raised:
        read_labels(path)
    assert str(raised.value).startswith(f"{path}: {message}")


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="nowhere"):
        read_labels(tmp_path / "nowhere")


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_windows_table_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_bytes("path;label\nfjære.jpg;kart\n".encode(encoding))
    assert read_labels(path) == (LabelEntry(picture="fjære.jpg", label="kart"),)


def test_published_labels_of_the_paper_are_read() -> None:
    """Each picture has exactly one of the seven classes."""
    labels = read_labels(SHARED / "images" / "nb_chr24_labelled_data.json")
    assert len(labels) == 2000
    assert len({label.label for label in labels}) == 7
