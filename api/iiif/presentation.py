"""What all IIIF Presentation 3 resources are made of."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from core import image_api

Resource = dict[str, Any]

PRESENTATION_CONTEXT = "http://iiif.io/api/presentation/3/context.json"
SEARCH_CONTEXT = "http://iiif.io/api/search/2/context.json"

MEDIA_TYPE = f'application/ld+json;profile="{PRESENTATION_CONTEXT}"'
SEARCH_MEDIA_TYPE = f'application/ld+json;profile="{SEARCH_CONTEXT}"'

JPEG = "image/jpeg"

_RIGHTS_URI = re.compile(
    r"https?://(?:www\.)?"
    r"(creativecommons\.org/(?:licenses/[a-z-]+/\d\.\d|publicdomain/(?:zero|mark)/1\.0)(?:/[a-z]{2,3}(?![a-z]))?"
    r"|rightsstatements\.org/(?:vocab|page)/[A-Za-z-]+/1\.0)(?=[/?#]|$)",
)


def text_without_language(*values: str) -> dict[str, list[str]]:
    """Words of a record or a page: in what language each of them is, nobody wrote down."""
    return {"none": list(values)}


def english_text(value: str) -> dict[str, list[str]]:
    """Words of the service's own."""
    return {"en": [value]}


def metadata(pairs: Mapping[str, Iterable[str]]) -> list[Resource]:
    """What a record does not say has no line."""
    return [
        {"label": english_text(label), "value": text_without_language(*texts)}
        for label, values in pairs.items()
        if (texts := [value for value in values if value])
    ]


def rights_uri(licence: str) -> str:
    """The canonical URI, which begins with http; empty for a licence in words, which `rights` may not hold."""
    match = _RIGHTS_URI.match(licence)
    return f"http://{match[1].replace('/page/', '/vocab/')}/" if match else ""


def licence_properties(licence: str) -> Resource:
    """What must be shown with it, and the URI of it where there is one."""
    if not licence:
        return {}
    statement = {"requiredStatement": {"label": english_text("Licence"), "value": text_without_language(licence)}}
    return {**statement, "rights": uri} if (uri := rights_uri(licence)) else {**statement}


def image(url: str, *, width: int = 0, height: int = 0, service: str = "") -> Resource:
    body: Resource = {"id": url, "type": "Image", "format": JPEG}
    if width and height:
        body |= {"width": width, "height": height}
    if service:
        body["service"] = [image_service(service, url)]
    return body


def image_service(service: str, request_url: str) -> Resource:
    """The version is read off a request that was made to it; level 1 is the least that cuts regions."""
    if request_url.rpartition("/0/")[0].endswith("/max"):
        return {"id": service, "type": "ImageService3", "profile": "level1"}
    version = 1 if "/native." in request_url else 2
    profile = f"http://iiif.io/api/image/{version}/level1.json"
    return {"@id": service, "@type": f"ImageService{version}", "profile": profile}


def thumbnail(service: str, width: int, height: int) -> Resource:
    """The whole page, small enough for a row of pages."""
    thumbnail_width = max(1, round(width * THUMBNAIL_HEIGHT / height))
    url = f"{service}/full/{thumbnail_width},/0/{image_api.quality_keyword(2)}.jpg"
    return image(url, width=thumbnail_width, height=THUMBNAIL_HEIGHT)


THUMBNAIL_HEIGHT = 200
"""Pixels of height; viewers show pages some 100 to 200 high."""


def link(url: str, label: str) -> Resource:
    """A page for people."""
    return {"id": url, "type": "Text", "format": "text/html", "label": english_text(label)}


def reference(url: str, resource_type: str) -> Resource:
    return {"id": url, "type": resource_type}
