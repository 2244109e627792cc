"""A manifest per book, whose canvases are its pages, and one per picture."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlencode

from api.books import Leaf, Plate, Record
from api.iiif.addresses import Addresses
from api.iiif.presentation import (
    PRESENTATION,
    Resource,
    image,
    licence,
    link,
    metadata,
    ours,
    reference,
    text,
    thumbnail,
)
from api.responses import Hit

FORMATS = {"csl": "application/vnd.citationstyles.csl+json", "bibtex": "application/x-bibtex"}
"""The exports that a manifest offers to programs."""

NO_SIZE = 1_000
"""A canvas needs a shape: where neither scan nor picture gives one it is this much square."""

YEARS = range(1, 10_000)
"""What `navDate` can write."""


def book(record: Record, leaves: Sequence[Leaf], plates: Sequence[Plate], at: Addresses) -> Resource:
    """Pages without ALTO are there as far as they have pictures."""
    on_page: Mapping[int, list[Plate]] = _by_page(plates)
    pages = {plate.leaf.number: plate.leaf for plate in plates} | {leaf.number: leaf for leaf in leaves}
    canvases = [_canvas(record, pages[number], on_page.get(number, []), at) for number in sorted(pages)]
    manifest: Resource = {
        "@context": PRESENTATION,
        "id": at.manifest(record.key),
        "type": "Manifest",
        "label": text(record.title or record.book_id),
        "metadata": _metadata(record),
        **licence(record.licence),
        "seeAlso": [_export(record, name, at) for name in FORMATS],
        "service": [reference(at.search_in(record.key), "SearchService2")],
        "items": canvases,
        "annotations": [reference(f"{at.book(record.key)}/pictures", "AnnotationPage")],
    }
    if record.viewer:
        manifest["homepage"] = [link(record.viewer, "At the library")]
    if record.year in YEARS:
        manifest["navDate"] = f"{record.year:04}-01-01T00:00:00Z"
    if thumbnails := [each for canvas in canvases for each in canvas.get("thumbnail", [])]:
        manifest["thumbnail"] = thumbnails[:1]
    return manifest


def picture(plate: Plate, at: Addresses) -> Resource:
    """The picture alone, as a viewer shows it in a row of results."""
    hit = plate.hit
    address = at.picture_manifest(hit.id)
    width, height = (side or NO_SIZE for side in hit.box[2:])
    canvas = f"{address}/canvas"
    body = image(at.absolute(hit.region or hit.large), width=width if hit.region else 0, height=height)
    return {
        "@context": PRESENTATION,
        "id": address,
        "type": "Manifest",
        "label": text(picture_label(hit)),
        "metadata": metadata(
            {
                "Book": [hit.title],
                "Authors": hit.authors,
                "Year": [_year(hit.year)],
                "Page": [hit.page_label or str(hit.page)],
                "Kind": [hit.label],
                "Identifiers": [hit.page_id, *hit.identifiers],
            }
        ),
        **licence(hit.licence),
        "homepage": [link(at.picture(hit.id), "With everything that is known of it")],
        "thumbnail": [image(at.absolute(hit.image))],
        "partOf": [reference(at.manifest(hit.book_id), "Manifest")],
        "items": [_filled(canvas, text(picture_label(hit)), width, height, [_painting(canvas, body, canvas)])],
    }


def picture_label(hit: Hit) -> str:
    """Its caption, else where it is from."""
    return hit.caption or f"{hit.title or hit.book_id}, {hit.page_label or hit.page}"


def _by_page(plates: Iterable[Plate]) -> Mapping[int, list[Plate]]:
    on_page: dict[int, list[Plate]] = defaultdict(list)
    for plate in plates:
        on_page[plate.leaf.number].append(plate)
    return on_page


def _canvas(record: Record, leaf: Leaf, plates: Sequence[Plate], at: Addresses) -> Resource:
    """The library's scan where it serves it, else the pictures that were cut from it, each in its place."""
    address = at.canvas(record.key, leaf.number)
    width, height = _size(leaf, plates)
    if leaf.image:
        whole = image(leaf.image, width=width, height=height, service=leaf.service)
        painted = [_painting(address, whole, address)]
    else:
        painted = [_crop(address, plate.hit, at) for plate in plates if plate.hit.large]
    canvas = _filled(address, text(leaf.label or str(leaf.number)), width, height, painted)
    if leaf.service:
        canvas["thumbnail"] = [thumbnail(leaf.service, width, height)]
    elif plates:
        canvas["thumbnail"] = [image(at.absolute(plates[0].hit.image))]
    if leaf.viewer:
        canvas["homepage"] = [link(leaf.viewer, "At the library")]
    if plates:
        canvas["annotations"] = [reference(at.pictures_of(record.key, leaf.number), "AnnotationPage")]
    return canvas


def _filled(
    address: str, label: dict[str, list[str]], width: int, height: int, painted: Sequence[Resource]
) -> Resource:
    return {
        "id": address,
        "type": "Canvas",
        "label": label,
        "width": width,
        "height": height,
        "items": [{"id": f"{address}/painting", "type": "AnnotationPage", "items": list(painted)}],
    }


def _painting(address: str, body: Resource, target: str, name: str = "scan") -> Resource:
    return {
        "id": f"{address}/painting/{name}",
        "type": "Annotation",
        "motivation": "painting",
        "body": body,
        "target": target,
    }


def _crop(address: str, hit: Hit, at: Addresses) -> Resource:
    place = ",".join(map(str, hit.box))
    return _painting(address, image(at.absolute(hit.large)), f"{address}#xywh={place}", place)


def _size(leaf: Leaf, plates: Sequence[Plate]) -> tuple[int, int]:
    if leaf.width and leaf.height:
        return leaf.width, leaf.height
    boxes = [plate.hit.box for plate in plates]
    sides = zip(*((x + width, y + height) for x, y, width, height in boxes), strict=True)
    width, height = (max(each) for each in sides) if boxes else (0, 0)
    return width or NO_SIZE, height or NO_SIZE


def _metadata(record: Record) -> list[Resource]:
    return metadata(
        {
            "Title": [record.title],
            "Authors": record.authors,
            "Date": [record.date or _year(record.year)],
            "Publisher": [record.publisher],
            "Place": [record.place],
            "Language": record.languages,
            "Subjects": record.subjects,
            "Type": [record.type_of_work],
            "Identifiers": record.identifiers or (record.book_id,),
        }
    )


def _year(year: int | None) -> str:
    return "" if year is None else str(year)


def _export(record: Record, name: str, at: Addresses) -> Resource:
    """The book's pictures as citations: a description that programs can read."""
    address = f"{at.base}/api/export/{name}?{urlencode({'book': record.book_id})}"
    return {"id": address, "type": "Dataset", "format": FORMATS[name], "label": ours("Its pictures, to be cited")}
