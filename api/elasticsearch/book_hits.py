"""Books with their pages and pictures, and words on pages, as dataclasses."""

import re
from collections.abc import Iterator, Sequence

from api.elasticsearch.hits import Fields, http_url, passage_text, read_hit, read_years, string_list
from api.elasticsearch.stored_images import read_stored_image
from api.records import BookDetails, BookLeaf, BookPicture, PageText, PictureRecord
from api.search.highlighting import Highlighter
from core import image_api
from core.identifiers import document_id

WHOLE_SCAN = "Image"
"""The block type of a picture that is a whole scan."""


def read_picture_record(raw_hit: Fields) -> PictureRecord:
    """Return a hit of `queries.picture_query`."""
    source: Fields = raw_hit["_source"]
    page_text = source.get("page_text") or {}
    return PictureRecord(
        hit=read_hit(raw_hit),
        leaf=read_leaf(source, _page_scan_id(raw_hit)),
        alto_id=str(source.get("alto_id", "")),
        page_text=passage_text(page_text),
        page_text_confidence=page_text.get("confidence"),
        stored=read_stored_image(raw_hit),
        document=_without_file_names(source),
    )


def read_book_details(raw_hit: Fields) -> BookDetails:
    """Return a hit of the index of books."""
    source: Fields = raw_hit["_source"]
    return BookDetails(
        key=str(raw_hit["_id"]),
        book_id=str(source["book_id"]),
        title=str(source.get("title", "")),
        alternative_titles=tuple(string_list(source.get("alternative_titles"))),
        authors=tuple(string_list(source.get("authors"))),
        subjects=tuple(string_list(source.get("subjects"))),
        identifiers=tuple(string_list(source.get("identifiers"))),
        year=source.get("year"),
        years=read_years(source),
        date=str(source.get("date", "")),
        publisher=str(source.get("publisher", "")),
        place=str(source.get("place", "")),
        languages=tuple(string_list(source.get("language"))),
        type_of_work=str(source.get("type_of_work", "")),
        licence=str(source.get("licence", "")),
        viewer=http_url(source.get("image", {}).get("viewer")),
    )


def read_page_leaf(raw_hit: Fields) -> BookLeaf:
    """Return a hit of the index of pages as its leaf."""
    return read_leaf(raw_hit["_source"], str(raw_hit["_id"]))


def read_leaf(source: Fields, scan_id: str = "") -> BookLeaf:
    """Return the leaf that the document of a page or of a picture describes.

    `scan_id` identifies the scan in our Image API, if it is on disk.
    """
    scan, image = source.get("scan", {}), source.get("image", {})
    page_image = http_url(image.get("page"))
    return BookLeaf(
        number=int(source.get("page", 0)),
        label=str(source.get("page_label", "")),
        width=int(scan.get("width", 0)),
        height=int(scan.get("height", 0)),
        image=page_image,
        service=http_url(image.get("service")) or image_api.service_base_uri(page_image) or "",
        viewer=http_url(image.get("viewer")),
        scan_name=str(scan.get("file", "")),
        scan_id=scan_id if scan.get("file") else "",
    )


def read_book_picture(raw_hit: Fields, highlighter: Highlighter | None = None) -> BookPicture:
    return BookPicture(
        hit=read_hit(raw_hit, highlighter=highlighter), leaf=read_leaf(raw_hit["_source"], _page_scan_id(raw_hit))
    )


def _page_scan_id(raw_hit: Fields) -> str:
    """Return the identifier of the scan that a picture is on: a page without text has no document of its own."""
    source: Fields = raw_hit["_source"]
    if source.get("block_type") == WHOLE_SCAN:
        return str(raw_hit["_id"])
    return document_id(str(source.get("page_id", "")))


def _without_file_names(source: Fields) -> Fields:
    """Return the document without the place of its scan on the library's disk."""
    scan = {name: value for name, value in source.get("scan", {}).items() if name in ("width", "height")}
    return {**source, "scan": scan} if scan else source


def read_book_match(raw_hit: Fields, highlighter: Highlighter) -> PageText | BookPicture:
    """Return a hit of `queries.book.book_matches_query`: a page with its words, or a picture."""
    is_page = raw_hit["_source"].get("document") == "page"
    return read_page_text(raw_hit, highlighter) if is_page else read_book_picture(raw_hit, highlighter)


def read_page_text(raw_hit: Fields, highlighter: Highlighter) -> PageText:
    """Return the words of a page, and the positions of those that match."""
    source: Fields = raw_hit["_source"]
    text, boxes = passage_text(source.get("page_text")), tuple(str(source.get("boxes", "")).split())
    words = tuple(text.split())
    return PageText(
        leaf=read_page_leaf(raw_hit),
        words=words,
        match_positions=frozenset(_word_positions(text, highlighter.spans(text, string_list(source.get("language"))))),
        boxes=boxes if len(boxes) == len(words) else (),
    )


def _word_positions(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[int]:
    """Yield the positions of the words, parted by spaces, that the spans of characters touch."""
    for position, match in enumerate(re.finditer(r"\S+", text)):
        if any(start < match.end() and match.start() < end for start, end in spans):
            yield position
