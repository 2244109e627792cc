"""Building blocks of IIIF Presentation 3 resources."""

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
    """Return a language map of texts whose language is not known, such as those of a catalogue record."""
    return {"none": list(values)}


def english_text(value: str) -> dict[str, list[str]]:
    """Return a language map of a text that the service itself writes."""
    return {"en": [value]}


def build_metadata(pairs: Mapping[str, Iterable[str]]) -> list[Resource]:
    """Return the `metadata` property: one entry per label that has a value."""
    return [
        {"label": english_text(label), "value": text_without_language(*texts)}
        for label, values in pairs.items()
        if (texts := [value for value in values if value])
    ]


def rights_uri(licence: str) -> str:
    """Return the canonical http URI of a licence; empty if it is none that `rights` may hold."""
    match = _RIGHTS_URI.match(licence)
    return f"http://{match[1].replace('/page/', '/vocab/')}/" if match else ""


def rights_properties(licence: str) -> Resource:
    """Return `requiredStatement` with the licence, and `rights` if the licence has a canonical URI."""
    if not licence:
        return {}
    statement = {"requiredStatement": {"label": english_text("Licence"), "value": text_without_language(licence)}}
    return {**statement, "rights": uri} if (uri := rights_uri(licence)) else {**statement}


def build_image(url: str, *, width: int = 0, height: int = 0, service: str = "") -> Resource:
    """Return an Image; `service` is the base URI of the image service that it is from."""
    body: Resource = {"id": url, "type": "Image", "format": JPEG}
    if width and height:
        body |= {"width": width, "height": height}
    if service:
        body["service"] = [build_image_service(service, url)]
    return body


def build_image_service(service: str, request_url: str) -> Resource:
    """Return an image service; its version follows from a request URL. Level 1 is the lowest that serves regions."""
    if request_url.rpartition("/0/")[0].endswith("/max"):
        return {"id": service, "type": "ImageService3", "profile": "level1"}
    version = 1 if _is_version_1(request_url) else 2
    profile = f"http://iiif.io/api/image/{version}/level1.json"
    return {"@id": service, "@type": f"ImageService{version}", "profile": profile}


def _is_version_1(request_url: str) -> bool:
    return "/native." in request_url


def build_own_image(service: str, *, width: int = 0, height: int = 0, size: str = "max") -> Resource:
    """Return an Image from our own Image API; `service` is the base URI of its service."""
    image = build_image(f"{service}/full/{size}/0/default.jpg", width=width, height=height)
    return {**image, "service": [{"id": service, "type": "ImageService3", "profile": "level2"}]}


def build_thumbnail(service: str, width: int, height: int, page_url: str) -> Resource:
    """Return a thumbnail of the whole page from the image service, in the version of the page's own image."""
    thumbnail_width = max(1, round(width * THUMBNAIL_HEIGHT / height))
    quality = image_api.quality_keyword(1 if _is_version_1(page_url) else 2)
    url = f"{service}/full/{thumbnail_width},/0/{quality}.jpg"
    return build_image(url, width=thumbnail_width, height=THUMBNAIL_HEIGHT)


THUMBNAIL_HEIGHT = 200
"""Pixels; viewers show pages at a height of 100 to 200."""


def build_homepage(url: str, label: str) -> Resource:
    """Return a link to a web page, for the property `homepage`."""
    return {"id": url, "type": "Text", "format": "text/html", "label": english_text(label)}


def build_reference(url: str, resource_type: str) -> Resource:
    """Return a reference to a resource: its id and type."""
    return {"id": url, "type": resource_type}
