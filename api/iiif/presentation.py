"""What all IIIF Presentation 3 resources are made of."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from core import image_api

Resource = dict[str, Any]

PRESENTATION = "http://iiif.io/api/presentation/3/context.json"
SEARCH = "http://iiif.io/api/search/2/context.json"

MEDIA_TYPE = f'application/ld+json;profile="{PRESENTATION}"'
SEARCH_MEDIA_TYPE = f'application/ld+json;profile="{SEARCH}"'

JPEG = "image/jpeg"

_RIGHTS = re.compile(
    r"https?://(?:www\.)?"
    r"(creativecommons\.org/(?:licenses/[a-z-]+/\d\.\d|publicdomain/(?:zero|mark)/1\.0)(?:/[a-z]{2,3}(?![a-z]))?"
    r"|rightsstatements\.org/(?:vocab|page)/[A-Za-z-]+/1\.0)(?=[/?#]|$)",
)


def text(*values: str) -> dict[str, list[str]]:
    """Words of a record or a page: in what language each of them is, nobody wrote down."""
    return {"none": list(values)}


def ours(value: str) -> dict[str, list[str]]:
    """Words of the service's own."""
    return {"en": [value]}


def metadata(pairs: Mapping[str, Iterable[str]]) -> list[Resource]:
    """What a record does not say has no line."""
    return [
        {"label": ours(label), "value": text(*present)}
        for label, values in pairs.items()
        if (present := [value for value in values if value])
    ]


def rights(licence: str) -> str:
    """The canonical URI, which begins with http; empty for a licence in words, which `rights` may not hold."""
    found = _RIGHTS.match(licence)
    return f"http://{found[1].replace('/page/', '/vocab/')}/" if found else ""


def licence(said: str) -> Resource:
    """What must be shown with it, and the URI of it where there is one."""
    if not said:
        return {}
    statement = {"requiredStatement": {"label": ours("Licence"), "value": text(said)}}
    return {**statement, "rights": uri} if (uri := rights(said)) else {**statement}


def image(address: str, *, width: int = 0, height: int = 0, service: str = "") -> Resource:
    body: Resource = {"id": address, "type": "Image", "format": JPEG}
    if width and height:
        body |= {"width": width, "height": height}
    if service:
        body["service"] = [image_service(service, address)]
    return body


def image_service(service: str, request: str) -> Resource:
    """The version is read off a request that was made to it; level 1 is the least that cuts regions."""
    if request.rpartition("/0/")[0].endswith("/max"):
        return {"id": service, "type": "ImageService3", "profile": "level1"}
    version = 1 if "/native." in request else 2
    profile = f"http://iiif.io/api/image/{version}/level1.json"
    return {"@id": service, "@type": f"ImageService{version}", "profile": profile}


def thumbnail(service: str, width: int, height: int) -> Resource:
    """The whole page, small enough for a row of pages."""
    across = max(1, round(width * THUMBNAIL / height))
    address = f"{service}/full/{across},/0/{image_api.quality(2)}.jpg"
    return image(address, width=across, height=THUMBNAIL)


THUMBNAIL = 200
"""Pixels of height; viewers show pages some 100 to 200 high."""


def link(address: str, label: str) -> Resource:
    """A page for people."""
    return {"id": address, "type": "Text", "format": "text/html", "label": ours(label)}


def reference(address: str, kind: str) -> Resource:
    return {"id": address, "type": kind}
