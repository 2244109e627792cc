"""The images that a canvas shows: each with its place on the canvas and the part of it that is shown."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core import image_api
from core.geometry import Box
from indexer.formats.manifests.values import as_list, entries, identifier, pixel_size, resource_type
from indexer.page_selection import ImageSelection

IMAGE_TYPES = ("image", "dctypes:image")

SOUND_AND_FILM_TYPES = ("sound", "audio", "video", "dctypes:movingimage", "dctypes:sound")
NON_IMAGE_TYPES = (
    *SOUND_AND_FILM_TYPES,
    *("model", "dataset", "text", "canvas", "dctypes:text", "cnt:contentastext", "textualbody"),
)

CHOICE_KEYS = {"oa:choice": ("default", "item"), "choice": ("default", "items", "item")}

SOURCE_KEYS = {"specificresource": ("source",), "oa:specificresource": ("full", "source")}

MAX_DEPTH = 4
"""Choices and selections inside each other."""

MAX_IMAGES = 200
"""Images of one canvas that are read."""

FRAGMENT = re.compile(r"xywh=(?P<unit>pixel:|percent:|pct:)?(?P<numbers>[-+\d.eE]+(?:,[-+\d.eE]+){3})")
"""A media fragment (W3C Media Fragments 1.0) at the end of a URL or in a FragmentSelector."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Painting:
    """An image on a canvas."""

    body: Mapping[str, Any]
    """The image resource, after choices and selections are resolved."""
    selection: ImageSelection
    fragment: str
    """The fragment of the canvas that it fills, as written: `xywh=600,0,600,1600`; empty for the whole canvas."""
    canvas_size: tuple[float | None, float | None] = (None, None)
    """Width and height of the part of the canvas that it fills, in the units of the canvas."""
    alternative_count: int = 0
    """How many other images a choice offers for the same place."""


@dataclass(frozen=True, slots=True)
class _ResolvedBody:
    body: Mapping[str, Any]
    selectors: tuple[Mapping[str, Any], ...] = ()
    alternative_count: int = 0


def find_paintings(canvas: Mapping[str, Any]) -> list[Painting]:
    """Return the pictures of a canvas, scans of the whole canvas first, else in the order of painting."""
    canvas_size = pixel_size(canvas)
    paintings = [
        _build_painting(annotation, resolved, canvas_size)
        for annotation, resolved in _painted_bodies(canvas)
        if _is_picture(resolved.body)
    ]
    return sorted(paintings[:MAX_IMAGES], key=lambda painting: not painting.selection.fills_page)


def body_types(canvas: Mapping[str, Any]) -> list[str]:
    """Return the types of everything that a canvas shows or plays."""
    return [resource_type(resolved.body) for _, resolved in _painted_bodies(canvas)]


def parse_fragment(target: Any) -> str:
    """Return the media fragment of an annotation's target, as written; empty if it is the whole canvas."""
    for single_target in as_list(target):
        if isinstance(single_target, str):
            texts = [single_target]
        elif isinstance(single_target, Mapping):
            texts = [identifier(single_target), *map(identifier, entries(single_target, "source"))]
            texts += [str(selector.get("value") or "") for selector in _selectors(single_target)]
        else:
            continue
        for text in texts:
            if match := FRAGMENT.search(text):
                return match[0]
    return ""


def fragment_box(fragment: str, size: tuple[int | None, int | None]) -> Box | None:
    """Return a media fragment in fractions of something of this size; None if it is invalid or the size unknown."""
    match = FRAGMENT.search(fragment)
    if match is None:
        return None
    try:
        x, y, width, height = map(float, match["numbers"].split(","))
    except ValueError:
        return None
    full_width, full_height = (100, 100) if match["unit"] in ("percent:", "pct:") else size
    if not full_width or not full_height:
        return None
    box = Box(x / full_width, y / full_height, width / full_width, height / full_height).clip(1, 1)
    return box if min(box.width, box.height) > 0 else None


def _painted_bodies(canvas: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], _ResolvedBody]]:
    annotations = [*entries(canvas, "images")]
    # Drafts of version 3 use `content`.
    for page in [*entries(canvas, "items"), *entries(canvas, "content")]:
        annotations += entries(page, "items")
    for annotation in annotations:
        motivation = " ".join(map(str, as_list(annotation.get("motivation") or "painting")))
        if "painting" in motivation.lower():
            for body in [*entries(annotation, "resource"), *entries(annotation, "body")]:
                if resolved := _resolve_body(body):
                    yield annotation, resolved


def _resolve_body(body: Mapping[str, Any], depth: int = 0) -> _ResolvedBody | None:
    """Return the image behind choices and selections; of a choice the default, which comes first."""
    body_type = resource_type(body)
    if depth > MAX_DEPTH:
        return None
    if keys := CHOICE_KEYS.get(body_type):
        options = [option for key in keys for option in entries(body, key)]
        resolved_options = [resolved for option in options if (resolved := _resolve_body(option, depth + 1))]
        pictures = [resolved for resolved in resolved_options if _is_picture(resolved.body)]
        first = next(iter(pictures or resolved_options), None)
        return first and _ResolvedBody(first.body, first.selectors, max(0, len(pictures) - 1))
    if keys := SOURCE_KEYS.get(body_type):
        source = next((source for key in keys for source in entries(body, key)), None)
        resolved = _resolve_body(source, depth + 1) if source else None
        return resolved and _ResolvedBody(
            resolved.body, (*_selectors(body), *resolved.selectors), resolved.alternative_count
        )
    return _ResolvedBody(body)


def _selectors(resource: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    selectors = [selector for selector in entries(resource, "selector") if "type" in selector or "@type" in selector]
    return [
        *selectors,
        *(
            option
            for selector in selectors
            for key in ("default", "items", "item")
            for option in entries(selector, key)
        ),
    ]


def _is_picture(body: Mapping[str, Any]) -> bool:
    body_type, media_type = resource_type(body), str(body.get("format") or "")
    if body_type in NON_IMAGE_TYPES or media_type.startswith(("audio/", "video/", "text/", "application/pdf")):
        return False
    has_service = bool(body.get("service") or body.get("services"))
    return body_type in IMAGE_TYPES or media_type.startswith("image/") or has_service or not body_type


def _build_painting(
    annotation: Mapping[str, Any], resolved: _ResolvedBody, canvas_size: tuple[int | None, int | None]
) -> Painting:
    fragment = parse_fragment(annotation.get("target") or annotation.get("on"))
    place = fragment_box(fragment, canvas_size)
    region, rotation = _selected_region(resolved)
    return Painting(
        body=resolved.body,
        selection=ImageSelection(
            region=region, rotation=rotation, place=None if place is None or place.area >= 0.999 else place
        ),
        fragment=fragment,
        canvas_size=(
            (canvas_size[0] * place.width, canvas_size[1] * place.height)
            if place and canvas_size[0] and canvas_size[1]
            else canvas_size
        ),
        alternative_count=resolved.alternative_count,
    )


def _selected_region(resolved: _ResolvedBody) -> tuple[str, int]:
    """Return the region and the rotation that selectors, or else the address of the image, ask for."""
    url = identifier(resolved.body)
    region, rotation = image_api.requested_region(url), image_api.requested_rotation(url)
    for selector in resolved.selectors:
        if resource_type(selector).endswith("imageapiselector"):
            region = str(selector.get("region") or "") or region
            rotation = image_api.quarter_turns(selector.get("rotation")) or rotation
        else:
            region = _fragment_region(str(selector.get("value") or ""), resolved.body) or region
    region = region or _fragment_region(url.partition("#")[2], resolved.body)
    return "" if region == "full" else region, rotation


def _fragment_region(fragment: str, body: Mapping[str, Any]) -> str:
    """Return a media fragment of an image as a region of the Image API, empty if it is none."""
    if box := fragment_box(fragment, pixel_size(body)):
        return "pct:" + ",".join(f"{number * 100:.6g}" for number in box)
    match = FRAGMENT.search(fragment)
    is_in_pixels = match and match["unit"] in (None, "pixel:") and not all(pixel_size(body))
    return match["numbers"] if match and is_in_pixels and re.fullmatch(r"\d+(?:,\d+){3}", match["numbers"]) else ""
