"""Results as a Collection: a manifest per picture, so that any viewer shows them in a row."""

from collections.abc import Mapping, Sequence

from api.iiif.manifests import picture_label
from api.iiif.presentation import (
    PRESENTATION_CONTEXT,
    Resource,
    english_text,
    image,
    link,
    reference,
    text_without_language,
)
from api.iiif.urls import IIIFUrls
from api.responses import ResultPage


def result_collection(
    url: str, page_urls: Sequence[str], label: str, result_page: ResultPage, homepage_url: str
) -> Resource:
    """All of the results: a Collection of Collections, because Presentation 3 has no other paging."""
    return {
        **_build_collection(url, label, f"{result_page.total:,} pictures", homepage_url),
        "behavior": ["multi-part"],
        "items": [
            {
                **reference(page_url, "Collection"),
                "label": english_text(_range_summary(number, result_page.size, result_page.total)),
            }
            for number, page_url in enumerate(page_urls, 1)
        ],
    }


def result_page_collection(
    related_urls: Mapping[str, str], label: str, result_page: ResultPage, urls: IIIFUrls
) -> Resource:
    """One page of results; `addresses` are those of `this`, the `whole`, its `annotations` and the `home` page."""
    collection = _build_collection(
        related_urls["this"],
        label,
        _range_summary(result_page.page, result_page.size, result_page.total),
        related_urls["home"],
    )
    return {
        **collection,
        "partOf": [reference(related_urls["whole"], "Collection")],
        "items": [
            {
                **reference(urls.picture_manifest(hit.id), "Manifest"),
                "label": text_without_language(picture_label(hit)),
                "thumbnail": [image(urls.make_absolute(hit.image))],
            }
            for hit in result_page.hits
        ],
        "annotations": [reference(related_urls["annotations"], "AnnotationPage")],
    }


def _build_collection(url: str, label: str, summary: str, homepage_url: str) -> Resource:
    return {
        "@context": PRESENTATION_CONTEXT,
        "id": url,
        "type": "Collection",
        "label": text_without_language(label),
        "summary": english_text(summary),
        "homepage": [link(homepage_url, "The same search")],
    }


def _range_summary(page: int, size: int, total: int) -> str:
    first, last = (page - 1) * size + 1, min(page * size, total)
    return f"Pictures {first:,} to {last:,} of {total:,}" if first <= last else "No pictures"
