"""Addresses of this service's own pictures in the parameter `image`: they name pictures of the index."""

import re
from collections.abc import Collection
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from api.errors import InvalidRequest
from api.search.image_terms import ImageTerm, parse_image_term, parse_region
from api.search.request import SearchRequest

_PICTURE_PATH = re.compile(r"/(?:api/|iiif/)?pictures/(?P<id>[^/]+)(?:/.*)?")
_IMAGE_PATH = re.compile(r"/iiif/image/(?P<id>[^/]+)(?:/info\.json|/(?P<region>[^/]+)/[^/]+/[^/]+/[^/]+|/?)", re.DOTALL)
_WHOLE_REGIONS = ("full", "square")


def replace_own_addresses(search_request: SearchRequest, hosts: Collection[str]) -> SearchRequest:
    """Return the request with `like` in place of each `image` that is an address of a picture of this service.

    `hosts` are those of the service with their ports; an address without a host is one of the service too.
    """
    likes = {value: like for value in search_request.image if (like := _like_value(value, hosts))}
    if not likes:
        return search_request
    return replace(
        search_request,
        like=(*search_request.like, *likes.values()),
        image=tuple(value for value in search_request.image if value not in likes),
    )


def _like_value(image: str, hosts: Collection[str]) -> str:
    """Return the value of `like` for one of `image`; empty if it is another address, or cannot be read."""
    try:
        term = parse_image_term(image)
        address = urlsplit(term.value)
        if address.netloc and address.netloc not in hosts:
            return ""
        if match := _PICTURE_PATH.fullmatch(address.path):
            return str(replace(term, value=unquote(match["id"])))
        if match := _IMAGE_PATH.fullmatch(address.path):
            region_text = match["region"] or "full"
            region = term.region if region_text in _WHOLE_REGIONS else parse_region(unquote(region_text))
            return str(ImageTerm(unquote(match["id"]), term.weight, region))
    except (InvalidRequest, ValueError):
        pass
    return ""
