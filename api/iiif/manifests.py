"""Manifests: one per book with a Canvas per page, and one per picture."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlencode

from api.iiif.presentation import (
    PRESENTATION_CONTEXT,
    THUMBNAIL_HEIGHT,
    Resource,
    build_homepage,
    build_image,
    build_metadata,
    build_own_image,
    build_reference,
    build_thumbnail,
    english_text,
    rights_properties,
    text_without_language,
)
from api.iiif.urls import IIIFUrls
from api.page_names import page_name
from api.records import BookDetails, BookLeaf, BookPicture
from api.responses import Hit
from core.dates import describe_date

EXPORT_MEDIA_TYPES = {"csl": "application/vnd.citationstyles.csl+json", "bibtex": "application/x-bibtex"}
"""Export format → media type, for the `seeAlso` of a book's Manifest."""

DEFAULT_CANVAS_SIZE = 1_000
"""Width and height of a Canvas whose scan and pictures have no size; the specification demands some."""

NAV_DATE_YEARS = range(1, 10_000)
"""Years that `navDate` can express."""


def build_book_manifest(
    details: BookDetails, leaves: Sequence[BookLeaf], pictures: Sequence[BookPicture], urls: IIIFUrls
) -> Resource:
    """Return the Manifest of a book. A page without ALTO has a Canvas only if it has pictures."""
    pictures_by_page: Mapping[int, list[BookPicture]] = _group_by_page(pictures)
    leaves_by_number = {picture.leaf.number: picture.leaf for picture in pictures} | {
        leaf.number: leaf for leaf in leaves
    }
    canvases = [
        _build_leaf_canvas(details, leaves_by_number[number], pictures_by_page.get(number, []), urls)
        for number in sorted(leaves_by_number)
    ]
    manifest: Resource = {
        "@context": PRESENTATION_CONTEXT,
        "id": urls.book_manifest(details.key),
        "type": "Manifest",
        "label": text_without_language(details.title or details.book_id),
        "metadata": _build_book_metadata(details),
        **rights_properties(details.licence),
        "seeAlso": [_build_export_dataset(details, name, urls) for name in EXPORT_MEDIA_TYPES],
        "service": [build_reference(urls.content_search(details.key), "SearchService2")],
        "items": canvases,
        "annotations": [build_reference(f"{urls.book_root(details.key)}/pictures", "AnnotationPage")],
    }
    if details.viewer:
        manifest["homepage"] = [build_homepage(details.viewer, "At the library")]
    if details.years and details.years.first in NAV_DATE_YEARS:
        manifest["navDate"] = f"{details.years.first:04}-01-01T00:00:00Z"
    if thumbnails := [canvas_thumbnail for canvas in canvases for canvas_thumbnail in canvas.get("thumbnail", [])]:
        manifest["thumbnail"] = thumbnails[:1]
    return manifest


def build_picture_manifest(book_picture: BookPicture, urls: IIIFUrls) -> Resource:
    """Return a Manifest with the picture as its only Canvas."""
    hit = book_picture.hit
    return {
        "@context": PRESENTATION_CONTEXT,
        "id": urls.picture_manifest(hit.id),
        "type": "Manifest",
        "label": text_without_language(picture_label(hit)),
        "metadata": _build_picture_metadata(hit),
        **rights_properties(hit.licence),
        "homepage": [build_homepage(urls.picture_page(hit.id), "The picture with its catalogue record")],
        "thumbnail": [build_image(urls.make_absolute(hit.image))],
        "partOf": [build_reference(urls.book_manifest(hit.book_key), "Manifest")],
        "items": [_build_picture_canvas(hit, urls)],
    }


def build_list_manifest(url: str, label: str, hits: Sequence[Hit], homepage_url: str, urls: IIIFUrls) -> Resource:
    """Return a Manifest with a Canvas for each picture of a list, so that viewers show them one after the other."""
    return {
        "@context": PRESENTATION_CONTEXT,
        "id": url,
        "type": "Manifest",
        "label": text_without_language(label),
        "homepage": [build_homepage(homepage_url, "The same list")],
        "thumbnail": [build_image(urls.make_absolute(hits[0].image))],
        "items": [
            {
                **_build_picture_canvas(hit, urls),
                "metadata": _build_picture_metadata(hit),
                **rights_properties(hit.licence),
                "homepage": [build_homepage(urls.picture_page(hit.id), "The picture with its catalogue record")],
                "thumbnail": [build_image(urls.make_absolute(hit.image))],
            }
            for hit in hits
        ],
    }


def _build_picture_canvas(hit: Hit, urls: IIIFUrls) -> Resource:
    """Return the Canvas of a picture alone."""
    canvas_url = f"{urls.picture_manifest(hit.id)}/canvas"
    width, height = (side or DEFAULT_CANVAS_SIZE for side in hit.box[2:])
    if hit.region or not hit.large_image:
        body = build_image(hit.region, width=width, height=height)
    else:
        body = build_own_image(urls.image_service(hit.id))
    painting = _build_painting(canvas_url, body, canvas_url)
    return _build_canvas(canvas_url, text_without_language(picture_label(hit)), width, height, [painting])


def picture_label(hit: Hit) -> str:
    """Return the caption, or the book and the page if there is none."""
    return hit.caption or f"{hit.title or hit.book_id}, {page_name(hit.page_label, hit.page)}".removesuffix(", ")


def _group_by_page(pictures: Iterable[BookPicture]) -> Mapping[int, list[BookPicture]]:
    pictures_by_page: dict[int, list[BookPicture]] = defaultdict(list)
    for picture in pictures:
        pictures_by_page[picture.leaf.number].append(picture)
    return pictures_by_page


def _build_leaf_canvas(
    details: BookDetails, leaf: BookLeaf, pictures: Sequence[BookPicture], urls: IIIFUrls
) -> Resource:
    """Return the Canvas of a page, painted with the library's scan, or else with the crops in their places."""
    canvas_url = urls.canvas(details.key, leaf.number)
    width, height = _canvas_size(leaf, pictures)
    own_service = urls.image_service(leaf.scan_id) if leaf.scan_id else ""
    if own_service:
        scan = build_own_image(own_service, width=width, height=height)
        paintings = [_build_painting(canvas_url, scan, canvas_url)]
    elif leaf.image:
        scan = build_image(leaf.image, width=width, height=height, service=leaf.service)
        paintings = [_build_painting(canvas_url, scan, canvas_url)]
    else:
        paintings = [
            _build_crop_painting(canvas_url, picture.hit, urls) for picture in pictures if picture.hit.large_image
        ]
    label = text_without_language(page_name(leaf.label, leaf.number))
    canvas = _build_canvas(canvas_url, label, width, height, paintings)
    if own_service:
        size = f"!{width},{THUMBNAIL_HEIGHT}" if height > THUMBNAIL_HEIGHT else "max"
        canvas["thumbnail"] = [build_own_image(own_service, size=size)]
    elif leaf.service:
        canvas["thumbnail"] = [build_thumbnail(leaf.service, width, height, leaf.image)]
    elif pictures:
        canvas["thumbnail"] = [build_image(urls.make_absolute(pictures[0].hit.image))]
    if leaf.viewer:
        canvas["homepage"] = [build_homepage(leaf.viewer, "At the library")]
    if pictures:
        canvas["annotations"] = [build_reference(urls.page_annotations(details.key, leaf.number), "AnnotationPage")]
    return canvas


def _build_canvas(
    canvas_url: str, label: dict[str, list[str]], width: int, height: int, paintings: Sequence[Resource]
) -> Resource:
    return {
        "id": canvas_url,
        "type": "Canvas",
        "label": label,
        "width": width,
        "height": height,
        "items": [{"id": f"{canvas_url}/painting", "type": "AnnotationPage", "items": list(paintings)}],
    }


def _build_painting(canvas_url: str, body: Resource, target: str, name: str = "scan") -> Resource:
    return {
        "id": f"{canvas_url}/painting/{name}",
        "type": "Annotation",
        "motivation": "painting",
        "body": body,
        "target": target,
    }


def _build_crop_painting(canvas_url: str, hit: Hit, urls: IIIFUrls) -> Resource:
    region = ",".join(map(str, hit.box))
    return _build_painting(
        canvas_url, build_image(urls.make_absolute(hit.large_image)), f"{canvas_url}#xywh={region}", region
    )


def _canvas_size(leaf: BookLeaf, pictures: Sequence[BookPicture]) -> tuple[int, int]:
    if leaf.width and leaf.height:
        return leaf.width, leaf.height
    boxes = [picture.hit.box for picture in pictures]
    edges_by_axis = zip(*((x + width, y + height) for x, y, width, height in boxes), strict=True)
    width, height = (max(edges) for edges in edges_by_axis) if boxes else (0, 0)
    return width or DEFAULT_CANVAS_SIZE, height or DEFAULT_CANVAS_SIZE


def _build_book_metadata(details: BookDetails) -> list[Resource]:
    return build_metadata(
        {
            "Title": [details.title],
            "Other titles": details.alternative_titles,
            "Authors": details.authors,
            "Date": [describe_date(details.date, details.years)],
            "Publisher": [details.publisher],
            "Place": [details.place],
            "Language": details.languages,
            "Subjects": details.subjects,
            "Type": [details.type_of_work],
            "Identifiers": details.identifiers or (details.book_id,),
        }
    )


def _build_picture_metadata(hit: Hit) -> list[Resource]:
    return build_metadata(
        {
            "Book": [hit.title],
            "Authors": hit.authors,
            "Year": [str(hit.years or "")],
            "Page": [page_name(hit.page_label, hit.page)],
            "Kind": [hit.label],
            "Identifiers": [hit.page_id, *hit.identifiers],
        }
    )


def _build_export_dataset(details: BookDetails, format_name: str, urls: IIIFUrls) -> Resource:
    """Return a link to an export of the book's pictures as citations."""
    url = f"{urls.base_url}/api/export/{format_name}?{urlencode({'book': details.book_id})}"
    return {
        "id": url,
        "type": "Dataset",
        "format": EXPORT_MEDIA_TYPES[format_name],
        "label": english_text("Citations of its pictures"),
    }
