"""What search engines read about a picture and a book: schema.org as JSON-LD. Pure functions."""

from typing import Any

from api.pages.addresses import book_page_path
from api.pages.picture_links import picture_path
from api.picture_images import image_path
from api.records import BookDetails
from api.responses import Hit
from core.dates import YearRange

CONTEXT = "https://schema.org"
PREVIEW_SIDE = 1200
"""Pixels of the longer side of the picture that other sites show with a link."""

Node = dict[str, Any]


def picture_data(hit: Hit, base_url: str) -> Node:
    """Return a picture as a VisualArtwork with its image, part of its Book; `base_url` has no slash at its end."""
    return _without_empty_values(
        {
            "@context": CONTEXT,
            "@type": "VisualArtwork",
            "@id": base_url + picture_path(hit.id),
            "url": base_url + picture_path(hit.id),
            "name": hit.caption or hit.title,
            "artform": hit.label,
            "datePublished": _date(hit.years),
            "license": _web_address(hit.licence),
            "image": {
                "@type": "ImageObject",
                "contentUrl": preview_url(hit, base_url),
                "caption": hit.caption,
                "license": _web_address(hit.licence),
                "acquireLicensePage": f"{base_url}/rights",
            },
            "isPartOf": {
                "@type": "Book",
                "@id": base_url + book_page_path(hit.book_key),
                "name": hit.title,
                "author": _people(hit.authors),
                "datePublished": _date(hit.years),
                "publisher": _organisation(hit.publisher, hit.place),
                "inLanguage": hit.languages,
            },
        }
    )


def book_data(details: BookDetails, base_url: str) -> Node:
    """Return a book; `base_url` has no slash at its end."""
    return _without_empty_values(
        {
            "@context": CONTEXT,
            "@type": "Book",
            "@id": base_url + book_page_path(details.key),
            "url": base_url + book_page_path(details.key),
            "name": details.title,
            "alternateName": list(details.alternative_titles),
            "author": _people(details.authors),
            "datePublished": _date(details.years),
            "publisher": _organisation(details.publisher, details.place),
            "inLanguage": list(details.languages),
            "about": [{"@type": "Thing", "name": subject} for subject in details.subjects],
            "identifier": list(details.identifiers),
            "license": _web_address(details.licence),
            "sameAs": details.viewer,
        }
    )


def preview_url(hit: Hit, base_url: str) -> str:
    """Return the absolute URL of a picture in a size for previews."""
    if hit.image.startswith("/"):
        return f"{base_url}{image_path(hit.id)}/full/!{PREVIEW_SIDE},{PREVIEW_SIDE}/0/default.jpg"
    return hit.large_image or hit.image


def _date(years: YearRange | None) -> str:
    """Return a year or an interval in ISO 8601, `1867` or `1860/1869`."""
    if years is None:
        return ""
    return f"{years.first:04}" if years.first == years.last else f"{years.first:04}/{years.last:04}"


def _people(names: list[str] | tuple[str, ...]) -> list[Node]:
    return [{"@type": "Person", "name": name} for name in names]


def _organisation(publisher: str, place: str) -> Node:
    if not publisher:
        return {}
    return {"@type": "Organization", "name": publisher, "location": place}


def _web_address(licence: str) -> str:
    return licence if licence.startswith(("https://", "http://")) else ""


def _without_empty_values(node: Node) -> Node:
    """Return the node without empty values, also inside of other nodes."""
    cleaned = {name: _without_empty_values(value) if isinstance(value, dict) else value for name, value in node.items()}
    return {name: value for name, value in cleaned.items() if value}
