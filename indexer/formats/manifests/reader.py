"""IIIF Presentation 2 and 3 → `Volume`: each canvas of the first sequence with its picture and its ALTO."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from core import image_api
from core.errors import ProblemCode, SourceError
from indexer.formats.manifests.metadata import book_from_manifest
from indexer.formats.manifests.values import as_list, entries, first_string, identifier, resource_type, web_url
from indexer.records import Leaf, Volume

IMAGE_TYPES = ("image", "dctypes:image")

NON_IMAGE_TYPES = ("sound", "audio", "video", "dctypes:movingimage", "dctypes:sound", "model", "dataset", "text")

MAX_NAMED_MANIFESTS = 3
"""Manifests of a collection that the error message names."""


def read_manifest(data: bytes, name: str) -> Volume:
    """Return the book of a manifest; SourceError if the document is something else."""
    if not data.strip():
        raise SourceError(name, "the file is empty", code=ProblemCode.EMPTY)
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise SourceError(name, f"not JSON ({error})") from error
    if not isinstance(document, dict):
        raise SourceError(name, "not a IIIF manifest: the document is not an object")
    _reject_other_documents(document, name)
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
    return Volume(book=book_from_manifest(document, name), leaves=kept_leaves, warnings=warnings, is_complete=True)


def _reject_other_documents(document: Mapping[str, Any], name: str) -> None:
    document_type = resource_type(document)
    context = " ".join(map(str, as_list(document.get("@context"))))
    if document_type == "collection":
        members = [
            member for key in ("items", "manifests", "collections", "members") for member in entries(document, key)
        ]
        named_members = ", ".join(filter(None, map(identifier, members[:MAX_NAMED_MANIFESTS])))
        total = document.get("total") or len(members)
        raise SourceError(
            name, f"a IIIF collection of {total} documents; index its manifests one by one ({named_members} …)"
        )
    if "presentation/4" in context:
        raise SourceError(
            name,
            "IIIF Presentation 4 is not supported; request version 3",
            code=ProblemCode.UNSUPPORTED,
        )
    if document_type.startswith("imageservice") or document.get("protocol") == "http://iiif.io/api/image":
        raise SourceError(
            name, "a IIIF info.json describes one picture, not a book; index its manifest", code=ProblemCode.UNSUPPORTED
        )
    if document_type != "manifest":
        raise SourceError(
            name, f"not a IIIF manifest: its type is {document_type or 'not given'}", code=ProblemCode.UNSUPPORTED
        )


def _no_pages_reason(document: Mapping[str, Any]) -> str:
    canvases = list(_canvases(document))
    if not canvases:
        return "the manifest has no canvas"
    body_types = [resource_type(body) for canvas in canvases for body in _bodies(canvas)]
    if any(body_type in NON_IMAGE_TYPES for body_type in body_types):
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
    for number, canvas in enumerate(_canvases(document), start=1):
        body = next((candidate for candidate in _bodies(canvas) if _is_picture(candidate)), None)
        if body is None:
            continue
        leaf = _leaf(canvas, body, number)
        if leaf.scan is None and leaf.image_service is None:
            continue
        unique_id = leaf.id if leaf.id not in used_ids else f"{leaf.id}#{number}"
        used_ids.add(unique_id)
        yield replace(leaf, id=unique_id)


def _bodies(canvas: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the painted bodies of a canvas in order; of a choice the default, which comes first."""
    annotations = [*entries(canvas, "images")]
    # Drafts of version 3 use `content`.
    for page in [*entries(canvas, "items"), *entries(canvas, "content")]:
        annotations += entries(page, "items")
    for annotation in annotations:
        motivation = " ".join(map(str, as_list(annotation.get("motivation") or "painting")))
        if "painting" in motivation:
            for body in [*entries(annotation, "resource"), *entries(annotation, "body")]:
                yield from _resolve_choice(body)


def _resolve_choice(body: Mapping[str, Any], depth: int = 0) -> Iterator[Mapping[str, Any]]:
    body_type = resource_type(body)
    options = {
        "oa:choice": [*entries(body, "default"), *entries(body, "item")],
        "choice": [*entries(body, "default"), *entries(body, "items"), *entries(body, "item")],
        "specificresource": entries(body, "source"),
        "oa:specificresource": entries(body, "full"),
    }.get(body_type)
    if options is None or depth > 4:
        yield body
    elif options:
        yield from _resolve_choice(options[0], depth + 1)


def _is_picture(body: Mapping[str, Any]) -> bool:
    body_type, media_type = resource_type(body), str(body.get("format") or "")
    if body_type in NON_IMAGE_TYPES or media_type.startswith(("audio/", "video/", "text/", "application/pdf")):
        return False
    return (
        body_type in IMAGE_TYPES or media_type.startswith("image/") or _image_service(body) is not None or not body_type
    )


def _leaf(canvas: Mapping[str, Any], body: Mapping[str, Any], number: int) -> Leaf:
    service = _image_service(body)
    url = web_url(identifier(body))
    base_uri = web_url(identifier(service)) if service else ""
    version = image_api.api_version(service) if service else 2
    if not base_uri:
        base_uri, service = image_api.service_base_uri(url) or "", None
    # A level 0 server only has prepared tiles, so the whole picture is fetched once instead.
    can_crop = base_uri and not (service and image_api.compliance_level(service) == 0 and url)
    width, height = _image_size(body, service, url)
    return Leaf(
        id=_page_id(identifier(canvas), base_uri, number),
        number=number,
        label=first_string(canvas.get("label")),
        alto=next(_alto_urls(canvas), None),
        scan=url or None,
        image_service=base_uri.rstrip("/") if can_crop else None,
        image_api_version=version,
        width=width,
        height=height,
        viewer=next((web_url(identifier(homepage)) for homepage in entries(canvas, "homepage")), ""),
    )


def _page_id(canvas_id: str, service_id: str, number: int) -> str:
    """Return the URN at the end of the canvas id (NB), else the canvas id, else the id of the picture."""
    last_segment = unquote(canvas_id.rstrip("/").rpartition("/")[2])
    return last_segment if last_segment.startswith(("URN:", "urn:", "ark:")) else canvas_id or service_id or str(number)


def _image_service(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the Image API service of a picture; its other services are for physical scale or login."""
    for service in entries(body, "service") or entries(body, "services"):
        description = " ".join(
            str(service.get(key) or "") for key in ("@context", "type", "@type", "profile", "protocol")
        )
        if re.search(r"image[/-](?:api/)?\d|imageservice|api/image|image-api|\blevel\d", description, re.IGNORECASE):
            return service
    return None


def _image_size(body: Mapping[str, Any], service: Mapping[str, Any] | None, url: str) -> tuple[int | None, int | None]:
    """Return the pixels of the whole picture if they are certain, else None; info.json then has them.

    A canvas can have another scale, and the service of a picture of 1,000 pixels can have 10,000.
    """
    if service and all(_pixel_size(service)):
        return _pixel_size(service)
    return _pixel_size(body) if re.search(r"/full/(?:full|max)/0/", url) else (None, None)


def _pixel_size(resource: Mapping[str, Any]) -> tuple[int | None, int | None]:
    width, height = resource.get("width"), resource.get("height")
    sides = (round(side) if isinstance(side, int | float) and 0 < side < 2**31 else None for side in (width, height))
    return next(sides), next(sides)


def _alto_urls(canvas: Mapping[str, Any]) -> Iterator[str]:
    """Return the URL of the ALTO, from `seeAlso` (NB, Europeana) or `rendering` (IIIF cookbook); its format varies."""
    for link in [*entries(canvas, "seeAlso"), *entries(canvas, "rendering")]:
        description = " ".join(
            [*(str(link.get(key) or "") for key in ("format", "profile")), first_string(link.get("label"))]
        )
        url = web_url(identifier(link))
        if url and re.search(r"\balto\b", description + " " + url.partition("?")[0], re.IGNORECASE):
            yield url
