"""A manifest per book, whose canvases are its pages, and one per picture."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlencode

from api.books import BookDetails, BookLeaf, BookPicture
from api.iiif.presentation import (
    PRESENTATION_CONTEXT,
    Resource,
    english_text,
    image,
    licence_properties,
    link,
    metadata,
    reference,
    text_without_language,
    thumbnail,
)
from api.iiif.urls import IIIFUrls
from api.responses import Hit

EXPORT_MEDIA_TYPES = {"csl": "application/vnd.citationstyles.csl+json", "bibtex": "application/x-bibtex"}
"""The exports that a manifest offers to programs."""

DEFAULT_CANVAS_SIZE = 1_000
"""A canvas needs a shape: where neither scan nor picture gives one it is this much square."""

NAV_DATE_YEARS = range(1, 10_000)
"""What `navDate` can write."""


def book_manifest(
    details: BookDetails, leaves: Sequence[BookLeaf], pictures: Sequence[BookPicture], urls: IIIFUrls
) -> Resource:
    """Pages without ALTO are there as far as they have pictures."""
    pictures_by_page: Mapping[int, list[BookPicture]] = _group_by_page(pictures)
    leaves_by_number = {picture.leaf.number: picture.leaf for picture in pictures} | {
        leaf.number: leaf for leaf in leaves
    }
    canvases = [
        _leaf_canvas(details, leaves_by_number[number], pictures_by_page.get(number, []), urls)
        for number in sorted(leaves_by_number)
    ]
    manifest: Resource = {
        "@context": PRESENTATION_CONTEXT,
        "id": urls.book_manifest(details.key),
        "type": "Manifest",
        "label": text_without_language(details.title or details.book_id),
        "metadata": _book_metadata(details),
        **licence_properties(details.licence),
        "seeAlso": [_export_dataset(details, name, urls) for name in EXPORT_MEDIA_TYPES],
        "service": [reference(urls.content_search(details.key), "SearchService2")],
        "items": canvases,
        "annotations": [reference(f"{urls.book_root(details.key)}/pictures", "AnnotationPage")],
    }
    if details.viewer:
        manifest["homepage"] = [link(details.viewer, "At the library")]
    if details.year in NAV_DATE_YEARS:
        manifest["navDate"] = f"{details.year:04}-01-01T00:00:00Z"
    if thumbnails := [canvas_thumbnail for canvas in canvases for canvas_thumbnail in canvas.get("thumbnail", [])]:
        manifest["thumbnail"] = thumbnails[:1]
    return manifest


def picture_manifest(book_picture: BookPicture, urls: IIIFUrls) -> Resource:
    """The picture alone, as a viewer shows it in a row of results."""
    hit = book_picture.hit
    manifest_url = urls.picture_manifest(hit.id)
    width, height = (side or DEFAULT_CANVAS_SIZE for side in hit.box[2:])
    canvas_url = f"{manifest_url}/canvas"
    body = image(urls.make_absolute(hit.region or hit.large), width=width if hit.region else 0, height=height)
    return {
        "@context": PRESENTATION_CONTEXT,
        "id": manifest_url,
        "type": "Manifest",
        "label": text_without_language(picture_label(hit)),
        "metadata": metadata(
            {
                "Book": [hit.title],
                "Authors": hit.authors,
                "Year": [_format_year(hit.year)],
                "Page": [hit.page_label or str(hit.page)],
                "Kind": [hit.label],
                "Identifiers": [hit.page_id, *hit.identifiers],
            }
        ),
        **licence_properties(hit.licence),
        "homepage": [link(urls.picture_page(hit.id), "With everything that is known of it")],
        "thumbnail": [image(urls.make_absolute(hit.image))],
        "partOf": [reference(urls.book_manifest(hit.book_id), "Manifest")],
        "items": [
            _build_canvas(
                canvas_url,
                text_without_language(picture_label(hit)),
                width,
                height,
                [_painting_annotation(canvas_url, body, canvas_url)],
            )
        ],
    }


def picture_label(hit: Hit) -> str:
    """Its caption, else where it is from."""
    return hit.caption or f"{hit.title or hit.book_id}, {hit.page_label or hit.page}"


def _group_by_page(pictures: Iterable[BookPicture]) -> Mapping[int, list[BookPicture]]:
    pictures_by_page: dict[int, list[BookPicture]] = defaultdict(list)
    for picture in pictures:
        pictures_by_page[picture.leaf.number].append(picture)
    return pictures_by_page


def _leaf_canvas(details: BookDetails, leaf: BookLeaf, pictures: Sequence[BookPicture], urls: IIIFUrls) -> Resource:
    """The library's scan where it serves it, else the pictures that were cut from it, each in its place."""
    canvas_url = urls.canvas(details.key, leaf.number)
    width, height = _canvas_size(leaf, pictures)
    if leaf.image:
        scan = image(leaf.image, width=width, height=height, service=leaf.service)
        paintings = [_painting_annotation(canvas_url, scan, canvas_url)]
    else:
        paintings = [_crop_painting(canvas_url, picture.hit, urls) for picture in pictures if picture.hit.large]
    canvas = _build_canvas(canvas_url, text_without_language(leaf.label or str(leaf.number)), width, height, paintings)
    if leaf.service:
        canvas["thumbnail"] = [thumbnail(leaf.service, width, height)]
    elif pictures:
        canvas["thumbnail"] = [image(urls.make_absolute(pictures[0].hit.image))]
    if leaf.viewer:
        canvas["homepage"] = [link(leaf.viewer, "At the library")]
    if pictures:
        canvas["annotations"] = [reference(urls.page_annotations(details.key, leaf.number), "AnnotationPage")]
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


def _painting_annotation(canvas_url: str, body: Resource, target: str, name: str = "scan") -> Resource:
    return {
        "id": f"{canvas_url}/painting/{name}",
        "type": "Annotation",
        "motivation": "painting",
        "body": body,
        "target": target,
    }


def _crop_painting(canvas_url: str, hit: Hit, urls: IIIFUrls) -> Resource:
    region = ",".join(map(str, hit.box))
    return _painting_annotation(canvas_url, image(urls.make_absolute(hit.large)), f"{canvas_url}#xywh={region}", region)


def _canvas_size(leaf: BookLeaf, pictures: Sequence[BookPicture]) -> tuple[int, int]:
    if leaf.width and leaf.height:
        return leaf.width, leaf.height
    boxes = [picture.hit.box for picture in pictures]
    edges_by_axis = zip(*((x + width, y + height) for x, y, width, height in boxes), strict=True)
    width, height = (max(edges) for edges in edges_by_axis) if boxes else (0, 0)
    return width or DEFAULT_CANVAS_SIZE, height or DEFAULT_CANVAS_SIZE


def _book_metadata(details: BookDetails) -> list[Resource]:
    return metadata(
        {
            "Title": [details.title],
            "Authors": details.authors,
            "Date": [details.date or _format_year(details.year)],
            "Publisher": [details.publisher],
            "Place": [details.place],
            "Language": details.languages,
            "Subjects": details.subjects,
            "Type": [details.type_of_work],
            "Identifiers": details.identifiers or (details.book_id,),
        }
    )


def _format_year(year: int | None) -> str:
    return "" if year is None else str(year)


def _export_dataset(details: BookDetails, format_name: str, urls: IIIFUrls) -> Resource:
    """The book's pictures as citations: a description that programs can read."""
    url = f"{urls.base_url}/api/export/{format_name}?{urlencode({'book': details.book_id})}"
    return {
        "id": url,
        "type": "Dataset",
        "format": EXPORT_MEDIA_TYPES[format_name],
        "label": english_text("Its pictures, to be cited"),
    }
