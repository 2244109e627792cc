"""The text of pages in annotations of versions 2 and 3, embedded and in documents of their own."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import SourceError
from core.geometry import Box, PixelBox
from indexer.formats.manifests.annotations import add_annotation_list, annotation_bodies, find_annotations
from indexer.page_records import Page
from tests.paths import SHARED

CANVAS = "https://x/c1"
EMPTY_PAGE = Page(id=CANVAS, width=1000, height=2000)


def line_3(text: str, xywh: str = "100,200,300,40", **fields: Any) -> dict[str, Any]:
    body = {"type": "TextualBody", "value": text, "format": "text/plain", "language": "de"}
    return {
        "type": "Annotation",
        "motivation": "supplementing",
        "body": body,
        "target": f"{CANVAS}#xywh={xywh}" if xywh else CANVAS,
        **fields,
    }


def read_list(*items: Any, **fields: Any) -> Page:
    page, _ = add_annotation_list(EMPTY_PAGE, json.dumps({"items": items, **fields}).encode(), "list.json")
    return page


def test_lines_of_version_3_keep_their_boxes_and_language() -> None:
    page = read_list(line_3("Erste Zeile"), line_3("Zweite Zeile", "100,240,300,40"))
    assert page.text == "Erste Zeile\nZweite Zeile"
    assert page.blocks[0].lines[0].words[0].box.to_pixel_box() == PixelBox(100, 200, 300, 40)
    assert page.language == "de"


def test_lists_of_version_2_are_read() -> None:
    """As in Wales and Princeton: the OCR is painted as `cnt:ContentAsText`."""
    annotations = [
        {
            "@type": "oa:Annotation",
            "motivation": "sc:painting",
            "resource": {"@type": "cnt:ContentAsText", key: text, "format": "text/plain"},
            "on": f"{CANVAS}#xywh=0,{y},500,100",
        }
        for key, text, y in (("chars", "Yr ardd", 0), ("cnt:chars", "a'r blodau", 100))
    ]
    page, _ = add_annotation_list(EMPTY_PAGE, json.dumps({"resources": annotations}).encode(), "list.json")
    assert page.text == "Yr ardd\na'r blodau"
    assert page.blocks[1].box == Box(0, 100, 500, 100)


@pytest.mark.parametrize("motivation", ["commenting", "oa:commenting", "tagging", ["describing"], "linking"])
def test_comments_and_tags_are_no_text_of_the_page(motivation: Any) -> None:
    assert read_list(line_3("Schön!", motivation=motivation)).blocks == ()


def test_captions_of_film_are_no_text_of_the_page() -> None:
    body = {"type": "Text", "format": "text/vtt", "id": "https://x/a.vtt", "value": "WEBVTT"}
    assert read_list(line_3("", body=body)).blocks == ()


def test_text_that_is_listed_in_several_units_is_read_once() -> None:
    page = read_list(
        line_3("Erste Zeile zweite", "", textGranularity="page"),
        line_3("Erste Zeile", textGranularity="line"),
        *(line_3(word, textGranularity="word") for word in ("Erste", "Zeile")),
    )
    assert page.text == "Erste Zeile"


def test_text_of_the_whole_page_gives_way_to_its_lines() -> None:
    assert read_list(line_3("Erste Zeile", ""), line_3("Erste"), line_3("Zeile")).text == "Erste\nZeile"


def test_text_without_a_place_is_read() -> None:
    page = read_list(line_3("Der ganze Text", ""))
    assert (page.text, page.blocks[0].box) == ("Der ganze Text", Box(0, 0, 1000, 2000))


def test_markup_is_removed() -> None:
    body = {"type": "TextualBody", "value": "<p>Erste<br>Zeile &amp; mehr</p>", "format": "text/html"}
    assert read_list(line_3("", body=body)).text == "Erste Zeile & mehr"


def test_a_list_for_the_whole_book_gives_only_the_text_of_the_canvas() -> None:
    other = line_3("Andere Seite", target="https://x/c2#xywh=0,0,9,9")
    assert read_list(line_3("Diese Seite"), other).text == "Diese Seite"


def test_a_list_whose_canvas_is_spelled_differently_is_believed() -> None:
    assert read_list(line_3("Zeile", target="http://x/c1/#xywh=0,0,9,9")).text == "Zeile"


def test_further_pages_of_a_list_are_named() -> None:
    data = json.dumps({"items": [line_3("a")], "next": "https://x/2", "first": {"items": [line_3("b")]}}).encode()
    page, urls = add_annotation_list(EMPTY_PAGE, data, "list.json")
    assert (page.text, urls) == ("a\nb", ("https://x/2",))


def test_embedded_and_external_annotations_of_a_canvas_are_found() -> None:
    canvas = {
        "id": CANVAS,
        "width": 1000,
        "height": 2000,
        "annotations": [{"type": "AnnotationPage", "items": [line_3("Zeile")]}, {"id": "https://x/a1"}],
        "otherContent": ["https://x/a2", {"@id": "file:///etc/passwd"}, {"@id": "https://x/a1"}],
    }
    annotations = find_annotations(canvas)
    assert annotations
    assert annotations.page.text == "Zeile"
    assert set(annotations.urls) == {"https://x/a1", "https://x/a2"}


def test_a_link_to_alto_in_an_annotation_is_followed() -> None:
    body = {"id": "https://x/1.xml", "type": "Text", "format": "application/alto+xml"}
    assert [link["id"] for link in annotation_bodies({"annotations": [{"items": [line_3("", body=body)]}]})] == [
        "https://x/1.xml"
    ]


def test_the_cookbooks_newspaper_is_read() -> None:
    data = (SHARED / "iiif" / "cookbook68_newspaper_issue_2-anno_p1.json").read_bytes()
    page, _ = add_annotation_list(Page(id="c", width=5000, height=6000), data, "anno")
    assert len(page.blocks) == 287
    assert page.language == "de"
    assert "der glänzendon Sprache" in page.text


@pytest.mark.parametrize("data", [b"", b"[]", b"<html>", b'"x"'])
def test_a_file_that_is_no_list_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError):
        add_annotation_list(EMPTY_PAGE, data, "list.json")


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "type", "source", "value", "selector", "chars"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.sampled_from(["body", "resource", "target", "on", "motivation", "textGranularity"]), JSON_VALUES)
def test_any_value_in_an_annotation_is_read_or_ignored(field: str, value: Any) -> None:
    page = read_list(line_3("Zeile", **{field: value}))
    assert all(block.text for block in page.blocks)
