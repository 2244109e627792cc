"""IIIF Presentation 2 and 3 → Volume: every canvas of the first sequence, its picture, its ALTO."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from core import image_api
from core.errors import SourceError
from indexer.formats.manifests.metadata import book_of
from indexer.formats.manifests.values import as_list, entries, identifier, kind, web_url, words
from indexer.records import Leaf, Volume

PAINTABLE = ("image", "dctypes:image")

NOT_PAGES = ("sound", "audio", "video", "dctypes:movingimage", "dctypes:sound", "model", "dataset", "text")

NAMED = 3
"""Manifests of a collection that the refusal names."""


def read_manifest(data: bytes, name: str) -> Volume:
    """A manifest's book; `SourceError` says what else a document is."""
    if not data.strip():
        raise SourceError(name, "the file is empty")
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise SourceError(name, f"not JSON ({error})") from error
    if not isinstance(document, dict):
        raise SourceError(name, "not a IIIF manifest: the document is not an object")
    _refuse_others(document, name)
    leaves = tuple(_leaves(document))
    if not leaves:
        raise SourceError(name, _why_no_pages(document))
    # Nobody knows where the pictures are on a page without ALTO, unless the whole book is pictures.
    kept = tuple(leaf for leaf in leaves if leaf.alto) or leaves
    canvases = len(list(_canvases(document)))
    told = (
        (canvases - len(leaves), "of {} canvases have no picture that can be fetched"),
        (len(leaves) - len(kept), "of {} canvases have no ALTO and are left out"),
    )
    warnings = tuple(f"{count} {words.format(canvases)}" for count, words in told if count)
    return Volume(book=book_of(document, name), leaves=kept, warnings=warnings, whole=True)


def _refuse_others(document: Mapping[str, Any], name: str) -> None:
    what = kind(document)
    context = " ".join(map(str, as_list(document.get("@context"))))
    if what == "collection":
        members = [each for key in ("items", "manifests", "collections", "members") for each in entries(document, key)]
        some = ", ".join(filter(None, map(identifier, members[:NAMED])))
        total = document.get("total") or len(members)
        raise SourceError(name, f"a IIIF collection of {total} documents; index its manifests one by one ({some} …)")
    if "presentation/4" in context:
        raise SourceError(name, "IIIF Presentation 4 is not read; ask the server for version 3")
    if what.startswith("imageservice") or document.get("protocol") == "http://iiif.io/api/image":
        raise SourceError(name, "a IIIF info.json is one picture, not a book; index its manifest")
    if what != "manifest":
        raise SourceError(name, f"not a IIIF manifest: its type is {what or 'not given'}")


def _why_no_pages(document: Mapping[str, Any]) -> str:
    canvases = list(_canvases(document))
    if not canvases:
        return "the manifest has no canvas"
    bodies = [kind(body) for canvas in canvases for body in _bodies(canvas)]
    if any(each in NOT_PAGES for each in bodies):
        return "the manifest shows sound or film, no pages"
    return f"none of the {len(canvases)} canvases has a picture that can be fetched over http"


def _canvases(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Version 2 keeps them in the first sequence (the others are other orders of the same), version 3 in items."""
    for sequence in entries(document, "sequences")[:1]:
        yield from entries(sequence, "canvases")
    if not document.get("sequences"):
        yield from (each for each in entries(document, "items") if kind(each) in ("canvas", ""))


def _leaves(document: Mapping[str, Any]) -> Iterator[Leaf]:
    seen: set[str] = set()
    for number, canvas in enumerate(_canvases(document), start=1):
        body = next((each for each in _bodies(canvas) if _is_picture(each)), None)
        if body is None:
            continue
        leaf = _leaf(canvas, body, number)
        if leaf.scan is None and leaf.image_service is None:
            continue
        unique = leaf.id if leaf.id not in seen else f"{leaf.id}#{number}"
        seen.add(unique)
        yield replace(leaf, id=unique)


def _bodies(canvas: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What is painted on a canvas, in order; of a choice the default, which stands first."""
    annotations = [*entries(canvas, "images")]
    # Drafts of version 3 said `content`.
    for page in [*entries(canvas, "items"), *entries(canvas, "content")]:
        annotations += entries(page, "items")
    for annotation in annotations:
        motivation = " ".join(map(str, as_list(annotation.get("motivation") or "painting")))
        if "painting" in motivation:
            for body in [*entries(annotation, "resource"), *entries(annotation, "body")]:
                yield from _chosen(body)


def _chosen(body: Mapping[str, Any], depth: int = 0) -> Iterator[Mapping[str, Any]]:
    what = kind(body)
    inner = {
        "oa:choice": [*entries(body, "default"), *entries(body, "item")],
        "choice": [*entries(body, "default"), *entries(body, "items"), *entries(body, "item")],
        "specificresource": entries(body, "source"),
        "oa:specificresource": entries(body, "full"),
    }.get(what)
    if inner is None or depth > 4:
        yield body
    elif inner:
        yield from _chosen(inner[0], depth + 1)


def _is_picture(body: Mapping[str, Any]) -> bool:
    what, media = kind(body), str(body.get("format") or "")
    if what in NOT_PAGES or media.startswith(("audio/", "video/", "text/", "application/pdf")):
        return False
    return what in PAINTABLE or media.startswith("image/") or _service(body) is not None or not what


def _leaf(canvas: Mapping[str, Any], body: Mapping[str, Any], number: int) -> Leaf:
    service = _service(body)
    url = web_url(identifier(body))
    base = web_url(identifier(service)) if service else ""
    version = image_api.api_version(service) if service else 2
    if not base:
        base, service = image_api.service_of(url) or "", None
    # A level 0 server has ready-made tiles alone: the whole picture is fetched once instead.
    cuts = base and not (service and image_api.level(service) == 0 and url)
    width, height = _size(body, service, url)
    return Leaf(
        id=_page_id(identifier(canvas), base, number),
        number=number,
        label=words(canvas.get("label")),
        alto=next(_altos(canvas), None),
        scan=url or None,
        image_service=base.rstrip("/") if cuts else None,
        image_api=version,
        width=width,
        height=height,
        viewer=next((web_url(identifier(each)) for each in entries(canvas, "homepage")), ""),
    )


def _page_id(canvas: str, service: str, number: int) -> str:
    """The page's URN where the canvas ends in one (NB), else the canvas, else the picture."""
    last = unquote(canvas.rstrip("/").rpartition("/")[2])
    return last if last.startswith(("URN:", "urn:", "ark:")) else canvas or service or str(number)


def _service(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The Image API service among those of a picture; others tell its scale or let a reader log in."""
    for service in entries(body, "service") or entries(body, "services"):
        said = " ".join(str(service.get(key) or "") for key in ("@context", "type", "@type", "profile", "protocol"))
        if re.search(r"image[/-](?:api/)?\d|imageservice|api/image|image-api|\blevel\d", said, re.IGNORECASE):
            return service
    return None


def _size(body: Mapping[str, Any], service: Mapping[str, Any] | None, url: str) -> tuple[int | None, int | None]:
    """Pixels of the whole picture, only where they are surely those; else the service is asked (info.json).

    A canvas may be drawn to another scale, and a picture of 1,000 pixels may stand for a service of 10,000.
    """
    if service and all(_pixels(service)):
        return _pixels(service)
    return _pixels(body) if re.search(r"/full/(?:full|max)/0/", url) else (None, None)


def _pixels(thing: Mapping[str, Any]) -> tuple[int | None, int | None]:
    width, height = thing.get("width"), thing.get("height")
    whole = (round(each) if isinstance(each, int | float) and 0 < each < 2**31 else None for each in (width, height))
    return next(whole), next(whole)


def _altos(canvas: Mapping[str, Any]) -> Iterator[str]:
    """ALTO is linked as `seeAlso` (NB, Europeana) or `rendering` (the IIIF cookbook), and named in many ways."""
    for link in [*entries(canvas, "seeAlso"), *entries(canvas, "rendering")]:
        said = " ".join([*(str(link.get(key) or "") for key in ("format", "profile")), words(link.get("label"))])
        url = web_url(identifier(link))
        if url and re.search(r"\balto\b", said + " " + url.partition("?")[0], re.IGNORECASE):
            yield url
