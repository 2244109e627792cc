"""Pictures as annotations: the region of the page, and what is known of it in words."""

from collections.abc import Iterable, Mapping

from api.iiif.presentation import PRESENTATION_CONTEXT, Resource, reference, text_without_language
from api.iiif.urls import IIIFUrls
from api.responses import Hit

PICTURE_MOTIVATION, TEXT_MOTIVATION = "describing", "supplementing"
"""Motivations: a caption describes a region, OCR stands for what is printed there."""


def picture_annotation(hit: Hit, urls: IIIFUrls, *, with_manifest: bool = False) -> Resource:
    """`with_manifest` says in which book the page is, where not all of an answer are of one."""
    target: str | Resource = urls.picture_region(hit)
    if with_manifest:
        manifest = {
            **reference(urls.book_manifest(hit.book_id), "Manifest"),
            "label": text_without_language(hit.title or hit.book_id),
        }
        canvas = {**reference(urls.canvas(hit.book_id, hit.page), "Canvas"), "partOf": [manifest]}
        selector = {
            "type": "FragmentSelector",
            "conformsTo": "http://www.w3.org/TR/media-frags/",
            "value": f"xywh={','.join(map(str, hit.box))}",
        }
        target = {"type": "SpecificResource", "source": canvas, "selector": [selector]}
    return {
        "id": f"{urls.picture_manifest(hit.id)}/annotation",
        "type": "Annotation",
        "motivation": PICTURE_MOTIVATION,
        "body": _annotation_bodies(hit, urls),
        "target": target,
    }


def _annotation_bodies(hit: Hit, urls: IIIFUrls) -> list[Resource]:
    """Its words, its kind as a tag, and its own page in the service."""
    textual_bodies: list[Resource] = [
        {"type": "TextualBody", "value": value, "format": "text/plain", "purpose": purpose}
        for value, purpose in ((hit.caption, PICTURE_MOTIVATION), (hit.label, "tagging"))
        if value
    ]
    return [*textual_bodies, {"id": urls.picture_page(hit.id), "type": "Text", "format": "text/html"}]


def annotation_page(url: str, hits: Iterable[Hit], urls: IIIFUrls) -> Resource:
    """The pictures of one page or of one book."""
    return {
        "@context": PRESENTATION_CONTEXT,
        "id": url,
        "type": "AnnotationPage",
        "items": [picture_annotation(hit, urls) for hit in hits],
    }


def result_annotation_page(
    related_urls: Mapping[str, str], total: int, hits: Iterable[Hit], urls: IIIFUrls
) -> Resource:
    """A page of results; `addresses` are those of `this` page and of the `whole`, `first`, `last`, `prev`, `next`."""
    content: Resource = {"@context": PRESENTATION_CONTEXT, "id": related_urls["this"], "type": "AnnotationPage"}
    if "first" in related_urls:
        content["partOf"] = [{**annotation_collection(related_urls), "total": total}]
    content |= paging_links(related_urls)
    content["items"] = [picture_annotation(hit, urls, with_manifest=True) for hit in hits]
    return content


def annotation_collection(related_urls: Mapping[str, str]) -> Resource:
    """The collection of annotations that a page is one of."""
    end_pages = {name: reference(related_urls[name], "AnnotationPage") for name in ("first", "last")}
    return {**reference(related_urls["whole"], "AnnotationCollection"), **end_pages}


def paging_links(related_urls: Mapping[str, str]) -> Resource:
    return {name: reference(related_urls[name], "AnnotationPage") for name in ("next", "prev") if name in related_urls}
