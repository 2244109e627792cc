"""IIIF Presentation 2 and 3 → `Volume`: each canvas of the first sequence with its picture and its ALTO."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from core import image_api
from core.errors import ProblemCode, SourceError
from indexer.formats.manifests.annotations import annotation_bodies, find_annotations
from indexer.formats.manifests.captions import find_caption
from indexer.formats.manifests.collections import is_collection
from indexer.formats.manifests.documents import load_document
from indexer.formats.manifests.image_services import ImageSource, find_image_source
from indexer.formats.manifests.metadata import book_from_manifest, record_languages
from indexer.formats.manifests.paintings import SOUND_AND_FILM_TYPES, Painting, body_types, find_paintings
from indexer.formats.manifests.values import entries, first_string, identifier, resource_type, web_url
from indexer.page_selection import ImageSelection
from indexer.records import Leaf, Volume

OCR_DESCRIPTION = re.compile(
    r"(?P<alto>\balto\b)|(?P<page_xml>prima(?:research)?\.(?:org/)?page|pagecontent)|(?P<hocr>\bhocr\b)", re.IGNORECASE
)
"""What the format, the profile, the label or the address of a file with the text of a page says, best first."""


def read_manifest(data: bytes, name: str) -> Volume:
    """Return the book of a manifest; SourceError if the file holds something else."""
    document = load_document(data, name)
    if is_collection(document):
        raise SourceError(name, "a IIIF collection, not a manifest", code=ProblemCode.UNSUPPORTED)
    return read_manifest_document(document, name)


def read_manifest_document(document: Mapping[str, Any], name: str) -> Volume:
    """Return the book of a manifest; SourceError if it has no page that can be fetched."""
    leaves = tuple(_leaves(document))
    if not leaves:
        raise SourceError(name, _no_pages_reason(document), code=ProblemCode.EMPTY)
    # Without ALTO the pictures on a page are unknown, unless no page has ALTO: then each scan is a picture.
    kept_leaves = tuple(leaf for leaf in leaves if leaf.alto) or leaves
    canvases = len(list(_canvases(document)))
    warning_counts = (
        (canvases - len(leaves), "of {} canvases have no picture that can be fetched"),
        (len(leaves) - len(kept_leaves), "of {} canvases have no ALTO and are left out"),
    )
    warnings = tuple(f"{count} {template.format(canvases)}" for count, template in warning_counts if count)
    return Volume(
        book=book_from_manifest(document, name),
        leaves=kept_leaves,
        warnings=warnings,
        notes=tuple(_choice_notes(document)),
        is_complete=True,
    )


def _choice_notes(document: Mapping[str, Any]) -> Iterator[str]:
    counts = [sum(painting.alternative_count for painting in find_paintings(canvas)) for canvas in _canvases(document)]
    if total := sum(counts):
        images = "1 alternative image" if total == 1 else f"{total:,} alternative images"
        canvases = "1 canvas" if (choices := sum(map(bool, counts))) == 1 else f"{choices:,} canvases"
        yield f"{images} of {canvases} (Choice) passed over; the default, which comes first, is indexed"


def _no_pages_reason(document: Mapping[str, Any]) -> str:
    canvases = list(_canvases(document))
    if not canvases:
        return "the manifest has no canvas"
    if any(body_type in SOUND_AND_FILM_TYPES for canvas in canvases for body_type in body_types(canvas)):
        return "the manifest has sound or film, not pages"
    return f"none of the {len(canvases)} canvases has a picture that can be fetched over http"


def _canvases(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the canvases: in version 2 of the first sequence (others only reorder them), in version 3 of `items`."""
    for sequence in entries(document, "sequences")[:1]:
        yield from entries(sequence, "canvases")
    if not document.get("sequences"):
        yield from (item for item in entries(document, "items") if resource_type(item) in ("canvas", ""))


def _leaves(document: Mapping[str, Any]) -> Iterator[Leaf]:
    used_ids: set[str] = set()
    languages = record_languages(document)
    for number, canvas in enumerate(_canvases(document), start=1):
        leaves = list(_image_leaves(canvas, number, first_string(canvas.get("label"), languages)))
        if not leaves:
            continue
        leaf = leaves[0]
        if not leaf.alto:
            annotations = find_annotations(canvas)
            # A page with text has its captions on it.
            caption = "" if annotations else find_caption(canvas, leaf.label, languages)
            leaf = replace(leaf, annotations=annotations, caption=caption)
        unique_id = leaf.id if leaf.id not in used_ids else f"{leaf.id}#{number}"
        used_ids.add(unique_id)
        yield replace(leaf, id=unique_id, other_images=tuple(replace(other, id=unique_id) for other in leaves[1:]))


def _image_leaves(canvas: Mapping[str, Any], number: int, label: str) -> Iterator[Leaf]:
    """Yield the images of a canvas that can be fetched, as leaves with the same id and different keys."""
    used_keys: set[str] = set()
    used_images: set[tuple[str | None, ImageSelection]] = set()
    for painting in find_paintings(canvas):
        source = find_image_source(painting.body, painting.canvas_size)
        image = (source.service or source.url, painting.selection)
        # Some manifests list an image twice.
        if not image[0] or image in used_images:
            continue
        used_images.add(image)
        key = _image_key(painting, source) if used_keys else ""
        unique_key = key if key not in used_keys else f"{key}#{len(used_keys) + 1}"
        used_keys.add(unique_key)
        yield replace(_leaf(canvas, painting, source, number), label=label, image_key=unique_key)


def _leaf(canvas: Mapping[str, Any], painting: Painting, source: ImageSource, number: int) -> Leaf:
    width, height = source.size
    return Leaf(
        id=_page_id(identifier(canvas), source.service or "", number),
        number=number,
        alto=_ocr_url(canvas),
        scan=source.url or None,
        image_service=source.service,
        image_api_version=source.version,
        width=width,
        height=height,
        viewer=next((web_url(identifier(homepage)) for homepage in entries(canvas, "homepage")), ""),
        # A picture that is fetched whole already is what its address asks for.
        selection=painting.selection if source.service else _without_requested_region(painting.selection, source.url),
        needs_info=source.needs_info,
    )


def _without_requested_region(selection: ImageSelection, url: str) -> ImageSelection:
    is_requested = selection.region == image_api.requested_region(url)
    return replace(
        selection,
        region="" if is_requested else selection.region,
        rotation=0 if selection.rotation == image_api.requested_rotation(url) else selection.rotation,
    )


def _image_key(painting: Painting, source: ImageSource) -> str:
    """Return what distinguishes an image from the others of its canvas and does not depend on their order."""
    name = unquote((source.service or source.url).rstrip("/").rpartition("/")[2])
    return ":".join(part for part in (painting.fragment, name, painting.selection.region) if part)


def _page_id(canvas_id: str, service_id: str, number: int) -> str:
    """Return the URN at the end of the canvas id (NB), else the canvas id, else the id of the picture."""
    last_segment = unquote(canvas_id.rstrip("/").rpartition("/")[2])
    return last_segment if last_segment.startswith(("URN:", "urn:", "ark:")) else canvas_id or service_id or str(number)


def _ocr_url(canvas: Mapping[str, Any]) -> str | None:
    """Return the URL of ALTO, else of PAGE-XML or hOCR: from `seeAlso` (NB), `rendering` or an annotation."""
    links: dict[str, str] = {}
    for link in [*entries(canvas, "seeAlso"), *entries(canvas, "rendering"), *annotation_bodies(canvas)]:
        description = " ".join(
            [*(str(link.get(key) or "") for key in ("format", "profile")), first_string(link.get("label"))]
        )
        url = web_url(identifier(link))
        match = OCR_DESCRIPTION.search(description + " " + url.partition("?")[0]) if url else None
        if match and match.lastgroup:
            links.setdefault(match.lastgroup, url)
    return next((links[name] for name in OCR_DESCRIPTION.groupindex if name in links), None)
