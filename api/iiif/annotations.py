"""Pictures as annotations: the region of the page, and what is known of it in words."""

from collections.abc import Iterable, Mapping

from api.iiif.addresses import Addresses
from api.iiif.presentation import PRESENTATION, Resource, reference, text
from api.responses import Hit

PICTURES, WORDS = "describing", "supplementing"
"""Motivations: a caption describes a region, OCR stands for what is printed there."""


def picture(hit: Hit, at: Addresses, *, with_manifest: bool = False) -> Resource:
    """`with_manifest` says in which book the page is, where not all of an answer are of one."""
    target: str | Resource = at.region(hit)
    if with_manifest:
        whole = {**reference(at.manifest(hit.book_id), "Manifest"), "label": text(hit.title or hit.book_id)}
        canvas = {**reference(at.canvas(hit.book_id, hit.page), "Canvas"), "partOf": [whole]}
        selector = {
            "type": "FragmentSelector",
            "conformsTo": "http://www.w3.org/TR/media-frags/",
            "value": f"xywh={','.join(map(str, hit.box))}",
        }
        target = {"type": "SpecificResource", "source": canvas, "selector": [selector]}
    return {
        "id": f"{at.picture_manifest(hit.id)}/annotation",
        "type": "Annotation",
        "motivation": PICTURES,
        "body": _bodies(hit, at),
        "target": target,
    }


def _bodies(hit: Hit, at: Addresses) -> list[Resource]:
    """Its words, its kind as a tag, and its own page in the service."""
    said: list[Resource] = [
        {"type": "TextualBody", "value": value, "format": "text/plain", "purpose": purpose}
        for value, purpose in ((hit.caption, PICTURES), (hit.label, "tagging"))
        if value
    ]
    return [*said, {"id": at.picture(hit.id), "type": "Text", "format": "text/html"}]


def page(address: str, hits: Iterable[Hit], at: Addresses) -> Resource:
    """The pictures of one page or of one book."""
    return {
        "@context": PRESENTATION,
        "id": address,
        "type": "AnnotationPage",
        "items": [picture(hit, at) for hit in hits],
    }


def found(addresses: Mapping[str, str], total: int, hits: Iterable[Hit], at: Addresses) -> Resource:
    """A page of results; `addresses` are those of `this` page and of the `whole`, `first`, `last`, `prev`, `next`."""
    content: Resource = {"@context": PRESENTATION, "id": addresses["this"], "type": "AnnotationPage"}
    if "first" in addresses:
        content["partOf"] = [{**whole(addresses), "total": total}]
    content |= neighbours(addresses)
    content["items"] = [picture(hit, at, with_manifest=True) for hit in hits]
    return content


def whole(addresses: Mapping[str, str]) -> Resource:
    """The collection of annotations that a page is one of."""
    ends = {name: reference(addresses[name], "AnnotationPage") for name in ("first", "last")}
    return {**reference(addresses["whole"], "AnnotationCollection"), **ends}


def neighbours(addresses: Mapping[str, str]) -> Resource:
    return {name: reference(addresses[name], "AnnotationPage") for name in ("next", "prev") if name in addresses}
