"""AnnotationPages: the regions of pictures on their pages, with captions and labels."""

from collections.abc import Iterable

from api.iiif.paging import PageLinks
from api.iiif.presentation import PRESENTATION_CONTEXT, Resource, build_reference, text_without_language
from api.iiif.urls import IIIFUrls
from api.responses import Hit

PICTURE_MOTIVATION, TEXT_MOTIVATION = "describing", "supplementing"
"""Motivations: a caption describes a region, OCR text supplements the page that it is read from."""


def build_picture_annotation(hit: Hit, urls: IIIFUrls, *, with_manifest: bool = False) -> Resource:
    """Return an Annotation of a picture's region; `with_manifest` names the Manifest that the Canvas is part of."""
    return {
        "id": f"{urls.picture_manifest(hit.id)}/annotation",
        "type": "Annotation",
        "motivation": PICTURE_MOTIVATION,
        "body": _annotation_bodies(hit, urls),
        "target": _build_region_resource(hit, urls) if with_manifest else urls.picture_region(hit),
    }


def _build_region_resource(hit: Hit, urls: IIIFUrls) -> Resource:
    """Return the region as a SpecificResource, which can say that its Canvas is part of a Manifest."""
    manifest = {
        **build_reference(urls.book_manifest(hit.book_key), "Manifest"),
        "label": text_without_language(hit.title or hit.book_id),
    }
    canvas = {**build_reference(urls.canvas(hit.book_key, hit.page), "Canvas"), "partOf": [manifest]}
    selector = {
        "type": "FragmentSelector",
        "conformsTo": "http://www.w3.org/TR/media-frags/",
        "value": f"xywh={','.join(map(str, hit.box))}",
    }
    return {"type": "SpecificResource", "source": canvas, "selector": [selector]}


def _annotation_bodies(hit: Hit, urls: IIIFUrls) -> list[Resource]:
    """Return the caption, the label as a tag, and a link to the picture's page in this service."""
    caption = [_textual_body(hit.caption, PICTURE_MOTIVATION)] if hit.caption else []
    label = [{**_textual_body(hit.label, "tagging"), **_label_provenance(hit)}] if hit.label else []
    return [*caption, *label, {"id": urls.picture_page(hit.id), "type": "Text", "format": "text/html"}]


def _textual_body(value: str, purpose: str) -> Resource:
    return {"type": "TextualBody", "value": value, "format": "text/plain", "purpose": purpose}


def _label_provenance(hit: Hit) -> Resource:
    """Return who gave the label and when, in the Web Annotation model's terms; `confidence` is our own."""
    provenance: Resource = {}
    if hit.label_model:
        provenance["generator"] = {"type": "Software", "name": f"{hit.label_source} {hit.label_model}"}
    elif hit.label_by:
        provenance["creator"] = {"type": "Person", "name": hit.label_by}
    elif hit.label_source:
        provenance["creator"] = {"type": "Organization", "name": hit.label_source}
    if hit.label_at:
        provenance["created"] = hit.label_at
    if hit.label_confidence is not None:
        provenance["confidence"] = hit.label_confidence
    return provenance


def build_annotation_page(url: str, hits: Iterable[Hit], urls: IIIFUrls) -> Resource:
    """Return an AnnotationPage of the pictures of one page or of one book."""
    return {
        "@context": PRESENTATION_CONTEXT,
        "id": url,
        "type": "AnnotationPage",
        "items": [build_picture_annotation(hit, urls) for hit in hits],
    }


def build_result_annotation_page(links: PageLinks, total: int, hits: Iterable[Hit], urls: IIIFUrls) -> Resource:
    """Return one page of results as an AnnotationPage; each region names the Manifest of its book."""
    content: Resource = {"@context": PRESENTATION_CONTEXT, "id": links.this, "type": "AnnotationPage"}
    if links.is_paged:
        content["partOf"] = [{**build_annotation_collection(links), "total": total}]
    content |= next_and_previous(links)
    content["items"] = [build_picture_annotation(hit, urls, with_manifest=True) for hit in hits]
    return content


def build_annotation_collection(links: PageLinks) -> Resource:
    """Return the AnnotationCollection that a page is part of, with references to its first and last page."""
    return {
        **build_reference(links.whole, "AnnotationCollection"),
        "first": build_reference(links.first, "AnnotationPage"),
        "last": build_reference(links.last, "AnnotationPage"),
    }


def next_and_previous(links: PageLinks) -> Resource:
    """Return the properties `next` and `prev` of an AnnotationPage, as far as there are such pages."""
    urls = {"next": links.next, "prev": links.prev}
    return {name: build_reference(url, "AnnotationPage") for name, url in urls.items() if url}
