"""Results as a Collection: a manifest per picture, so that any viewer shows them in a row."""

from collections.abc import Mapping, Sequence

from api.iiif.addresses import Addresses
from api.iiif.manifests import picture_label
from api.iiif.presentation import PRESENTATION, Resource, image, link, ours, reference, text
from api.responses import SearchPage


def whole(address: str, pages: Sequence[str], label: str, found: SearchPage, home: str) -> Resource:
    """All of the results: a Collection of Collections, because Presentation 3 has no other paging."""
    return {
        **_collection(address, label, f"{found.total:,} pictures", home),
        "behavior": ["multi-part"],
        "items": [
            {**reference(page, "Collection"), "label": ours(_span(number, found.size, found.total))}
            for number, page in enumerate(pages, 1)
        ],
    }


def page(addresses: Mapping[str, str], label: str, found: SearchPage, at: Addresses) -> Resource:
    """One page of results; `addresses` are those of `this`, the `whole`, its `annotations` and the `home` page."""
    collection = _collection(addresses["this"], label, _span(found.page, found.size, found.total), addresses["home"])
    return {
        **collection,
        "partOf": [reference(addresses["whole"], "Collection")],
        "items": [
            {
                **reference(at.picture_manifest(hit.id), "Manifest"),
                "label": text(picture_label(hit)),
                "thumbnail": [image(at.absolute(hit.image))],
            }
            for hit in found.hits
        ],
        "annotations": [reference(addresses["annotations"], "AnnotationPage")],
    }


def _collection(address: str, label: str, summary: str, home: str) -> Resource:
    return {
        "@context": PRESENTATION,
        "id": address,
        "type": "Collection",
        "label": text(label),
        "summary": ours(summary),
        "homepage": [link(home, "The same search")],
    }


def _span(page: int, size: int, total: int) -> str:
    first, last = (page - 1) * size + 1, min(page * size, total)
    return f"Pictures {first:,} to {last:,} of {total:,}" if first <= last else "No pictures"
