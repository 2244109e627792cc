"""Annotations with the text of a page: embedded in a manifest, or in documents of their own."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.geometry import Box
from core.text import clean_text
from indexer.formats.manifests.documents import load_json_object
from indexer.formats.manifests.paintings import fragment_box, parse_fragment
from indexer.formats.manifests.values import (
    as_list,
    entries,
    identifier,
    pixel_size,
    resource_type,
    strip_markup,
    web_url,
)
from indexer.page_records import Page, TextBlock, TextLine, Word
from indexer.page_selection import TextAnnotations

TEXT_MOTIVATIONS = ("supplementing", "painting", "transcribing")

TEXT_BODY_TYPES = ("textualbody", "oa:textualbody", "cnt:contentastext", "dctypes:text", "text", "")

LIST_TYPES = ("annotationlist", "annotationpage", "annotationcollection", "layer", "")

GRANULARITIES = ("line", "word", "block", "paragraph", "page", "glyph")
"""Units of text, best first. Some lists hold the same text in several units."""

MAX_LISTS = 10
"""Documents with annotations that are fetched for one page."""

MAX_ANNOTATIONS = 50_000
"""Annotations of one document that are read; a page of a newspaper has some 10,000 words."""

WHOLE_PAGE = Box(0, 0, 1, 1)


@dataclass(frozen=True, slots=True)
class _TextAnnotation:
    text: str
    place: Box | None
    """Fractions of the canvas; None for the whole canvas or an unknown place."""
    granularity: str
    language: str


def find_annotations(canvas: Mapping[str, Any]) -> TextAnnotations | None:
    """Return the text of a canvas and the addresses of more; None if there is neither."""
    width, height = pixel_size(canvas)
    page = Page(id=identifier(canvas), width=width or 0, height=height or 0)
    lists = [
        resource
        for key in ("otherContent", "annotations")
        for resource in entries(canvas, key)
        if resource_type(resource) in LIST_TYPES
    ]
    for resource in lists:
        page = _add_text(page, resource)
    urls = [web_url(identifier(resource)) for resource in lists if not _items(resource)]
    known_urls = tuple(dict.fromkeys(filter(None, urls)))[:MAX_LISTS]
    return TextAnnotations(page=page, urls=known_urls) if page.blocks or known_urls else None


def annotation_bodies(canvas: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the bodies of the annotations that a manifest embeds; some are links to files with text."""
    for resource in [*entries(canvas, "annotations"), *entries(canvas, "otherContent")]:
        for annotation in _items(resource):
            yield from [*entries(annotation, "body"), *entries(annotation, "resource")]


def add_annotation_list(page: Page, data: bytes, name: str) -> tuple[Page, tuple[str, ...]]:
    """Return a page with the text of an annotation list, and the URLs of the list's further pages.

    SourceError if the document is no JSON object.
    """
    document = load_json_object(data, name)
    pages = [resource for key in ("first", "next") for resource in entries(document, key)]
    for resource in [document, *pages]:
        page = _add_text(page, resource)
    urls = (web_url(identifier(resource)) for resource in pages if not _items(resource))
    return page, tuple(filter(None, urls))


def _items(annotation_list: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [*entries(annotation_list, "items"), *entries(annotation_list, "resources")][:MAX_ANNOTATIONS]


def _add_text(page: Page, annotation_list: Mapping[str, Any]) -> Page:
    annotations = [
        annotation
        for item in _items_of_canvas(_items(annotation_list), page.id)
        for annotation in _read_annotation(item, (round(page.width), round(page.height)))
    ]
    kept_annotations = _without_repetitions(annotations)
    if not kept_annotations:
        return page
    languages = Counter(annotation.language for annotation in kept_annotations if annotation.language)
    first_number = len(page.blocks) + 1
    blocks = [
        _build_block(annotation, page, number) for number, annotation in enumerate(kept_annotations, first_number)
    ]
    return replace(
        page, blocks=(*page.blocks, *blocks), language=page.language or next(iter(dict(languages.most_common(1))), "")
    )


def _items_of_canvas(items: list[Mapping[str, Any]], canvas_id: str) -> list[Mapping[str, Any]]:
    """Return the annotations of this canvas, for a list can serve a whole book.

    If all have the same target it is this canvas, even if it is spelled differently.
    """
    targets = [_target_id(item) for item in items]
    if len(set(targets)) <= 1:
        return items
    return [item for item, target in zip(items, targets, strict=True) if target in (canvas_id, "")]


def _target_id(annotation: Mapping[str, Any]) -> str:
    target = next(iter(as_list(annotation.get("target") or annotation.get("on"))), "")
    while isinstance(target, Mapping):
        source = next(iter(as_list(target.get("source") or target.get("full"))), None)
        target = identifier(target) if source is None else source
    return str(target).partition("#")[0]


def _read_annotation(annotation: Mapping[str, Any], size: tuple[int, int]) -> Iterator[_TextAnnotation]:
    motivation = " ".join(map(str, as_list(annotation.get("motivation")))).lower()
    if motivation and not any(name in motivation for name in TEXT_MOTIVATIONS):
        return
    place = fragment_box(parse_fragment(annotation.get("target") or annotation.get("on")), size)
    granularity = str(annotation.get("textGranularity") or annotation.get("dcType") or "").lower()
    for body in _text_bodies(annotation):
        # Text without motivation is a transcription in version 2 only if it says that it is text.
        if (text := _body_text(body)) and (motivation or resource_type(body) == "cnt:contentastext"):
            language = str(next(iter(as_list(body.get("language") or body.get("dc:language"))), ""))
            yield _TextAnnotation(text, place, granularity, language)


def _text_bodies(annotation: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for body in [*entries(annotation, "body"), *entries(annotation, "resource")]:
        if resource_type(body) in ("specificresource", "oa:specificresource"):
            yield from [*entries(body, "source"), *entries(body, "full")]
        elif resource_type(body) in ("choice", "oa:choice"):
            yield from [*entries(body, "default"), *entries(body, "items"), *entries(body, "item")][:1]
        else:
            yield body
    if isinstance(text := annotation.get("bodyValue"), str):
        yield {"type": "TextualBody", "value": text}


def _body_text(body: Mapping[str, Any]) -> str:
    purpose = str(body.get("purpose") or "")
    media_type = str(body.get("format") or "").lower()
    is_other_text = purpose and not any(name in purpose for name in TEXT_MOTIVATIONS)
    if resource_type(body) not in TEXT_BODY_TYPES or is_other_text or "vtt" in media_type:
        return ""
    text = next((value for key in ("value", "chars", "cnt:chars") if isinstance(value := body.get(key), str)), "")
    return " ".join(clean_text(text).split()) if media_type == "text/plain" else strip_markup(text)


def _without_repetitions(annotations: list[_TextAnnotation]) -> list[_TextAnnotation]:
    """Return the text in one unit only: lines, if there are any; text with a place before text without."""
    units = {annotation.granularity for annotation in annotations}
    best_unit = next((unit for unit in GRANULARITIES if unit in units), "")
    annotations = [annotation for annotation in annotations if annotation.granularity in (best_unit, "")]
    placed = [annotation for annotation in annotations if annotation.place]
    total, placed_total = _text_length(annotations), _text_length(placed)
    return placed if placed_total * 3 >= total else annotations


def _text_length(annotations: Iterable[_TextAnnotation]) -> int:
    return sum(len(annotation.text) for annotation in annotations)


def _build_block(annotation: _TextAnnotation, page: Page, number: int) -> TextBlock:
    x, y, width, height = annotation.place or WHOLE_PAGE
    box = Box(x * page.width, y * page.height, width * page.width, height * page.height)
    return TextBlock(f"annotation-{number}", box, (TextLine(box, (Word.in_box(annotation.text, box),)),))
