"""Results as a IIIF Collection with one Manifest per picture, for any viewer."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.iiif.manifests import picture_label
from api.iiif.presentation import (
    PRESENTATION_CONTEXT,
    Resource,
    build_homepage,
    build_image,
    build_reference,
    english_text,
    text_without_language,
)
from api.iiif.urls import IIIFUrls
from api.responses import ResultPage


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPageLinks:
    """URLs that the Collection of one page of results refers to."""

    this: str
    whole: str
    """The Collection of all pages."""
    annotations: str
    """The same pictures as an AnnotationPage."""
    homepage: str
    """The same search as a page for readers."""


def build_result_collection(
    url: str, page_urls: Sequence[str], label: str, result_page: ResultPage, homepage_url: str
) -> Resource:
    """Return all results as a Collection of Collections, because Presentation 3 has no other way of paging."""
    return {
        **_build_collection(url, label, f"{result_page.total:,} pictures", homepage_url),
        "behavior": ["multi-part"],
        "items": [
            {
                **build_reference(page_url, "Collection"),
                "label": english_text(_range_summary(number, result_page.size, result_page.total)),
            }
            for number, page_url in enumerate(page_urls, 1)
        ],
    }


def build_result_page_collection(
    links: ResultPageLinks, label: str, result_page: ResultPage, urls: IIIFUrls
) -> Resource:
    """Return one page of results as a Collection of the Manifests of its pictures."""
    summary = _range_summary(result_page.page, result_page.size, result_page.total)
    return {
        **_build_collection(links.this, label, summary, links.homepage),
        "partOf": [build_reference(links.whole, "Collection")],
        "items": [
            {
                **build_reference(urls.picture_manifest(hit.id), "Manifest"),
                "label": text_without_language(picture_label(hit)),
                "thumbnail": [build_image(urls.make_absolute(hit.image))],
            }
            for hit in result_page.hits
        ],
        "annotations": [build_reference(links.annotations, "AnnotationPage")],
    }


def _build_collection(url: str, label: str, summary: str, homepage_url: str) -> Resource:
    return {
        "@context": PRESENTATION_CONTEXT,
        "id": url,
        "type": "Collection",
        "label": text_without_language(label),
        "summary": english_text(summary),
        "homepage": [build_homepage(homepage_url, "The same search")],
    }


def _range_summary(page: int, size: int, total: int) -> str:
    first, last = (page - 1) * size + 1, min(page * size, total)
    if first <= last:
        return f"Pictures {first:,} to {last:,} of {total:,}"
    return f"No pictures on this page, {total:,} in all" if total else "No pictures"
