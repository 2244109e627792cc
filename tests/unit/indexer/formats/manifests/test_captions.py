"""Captions of canvases that are pictures, in manifests without ALTO."""

import json
from typing import Any

import pytest

from indexer.formats.manifests import read_manifest
from indexer.formats.manifests.captions import find_caption
from indexer.records import Leaf


def read_leaf(**fields: Any) -> Leaf:
    body = {"id": "https://x/1.jpg", "type": "Image"}
    page = {"type": "AnnotationPage", "items": [{"type": "Annotation", "motivation": "painting", "body": body}]}
    canvas = {"id": "https://x/c1", "type": "Canvas", "items": [page], **fields}
    return read_manifest(json.dumps({"type": "Manifest", "items": [canvas]}).encode(), "x.json").leaves[0]


@pytest.mark.parametrize(
    "label",
    [
        "The lighthouse at Lista",
        "Self-Portrait",
        "Fyr i Bergen",
        "View of Oslo",
        "00B. Voorstelling van Rivierstanden (1863)",
        "A1 - Amstelodamum celebre emporium",
    ],
)
def test_a_label_that_names_a_picture_is_its_caption(label: str) -> None:
    leaf = read_leaf(label={"en": [label]})
    assert (leaf.label, leaf.caption) == (label, label)


@pytest.mark.parametrize(
    "label",
    [
        *("", "1", "12v", "[iii]", "- [1]", "p. 12", "Page spread 1", "pages 1–2", "f. 033v - 034", "Seite 3", "S. 12"),
        *("Front cover", "front cover with color bar", "inside cover; 1r", "Foldout, folded (recto)", "Image 1"),
        *("contreplat sup.", "MS. Arabe 350 fol. 104v 42:34-36", "Object image 0", "Vorderer Deckel innen", "NP"),
        *("Harley MS 4431", "Digital Colorchecker", "fragm1a", "Section 1 [Recto]", "Painting"),
    ],
)
def test_a_label_that_designates_a_page_is_no_caption(label: str) -> None:
    assert find_caption({}, label, ()) == ""


def test_the_summary_and_the_title_of_a_canvas_are_its_caption_if_its_label_is_not() -> None:
    metadata = [{"label": {"en": ["Title"]}, "value": {"en": ["Laocoon"]}}]
    summary = {"en": ["The lighthouse in a storm"]}
    assert read_leaf(label="1", summary=summary, metadata=metadata).caption == "The lighthouse in a storm"
    assert read_leaf(label="1", metadata=metadata).caption == "Laocoon"
    assert find_caption({"description": "A ship at sea"}, "p. 1", ()) == "A ship at sea"


def test_a_page_with_text_has_its_captions_on_it() -> None:
    alto = [{"id": "https://x/1.xml", "format": "application/alto+xml"}]
    assert read_leaf(label="The lighthouse at Lista", seeAlso=alto).caption == ""
    annotations = [{"type": "AnnotationPage", "id": "https://x/text.json"}]
    assert read_leaf(label="The lighthouse at Lista", annotations=annotations).caption == ""
