"""Hits of Elasticsearch as dataclasses. No other module of `api` reads the fields of `_source`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from api.elasticsearch.scores import clause_scores, similarities
from api.records import (
    BookDetails,
    BookLeaf,
    BookPicture,
    NamedPicture,
    PageText,
    PictureFiles,
    PictureRecord,
)
from api.responses import Family, Hit
from api.search.decorations import read_decoration
from api.search.highlighting import Highlighter
from core import image_api
from core.dates import YearRange
from core.geometry import PixelBox
from core.identifiers import document_id

Fields = Mapping[str, Any]

CROPS_PATH = "/crops"
"""Path below which the service serves the crops."""

BOX_SIDES = ("x", "y", "width", "height")


def read_hits(response: Fields) -> list[Hit]:
    """Return the hits of a response, in its order and without highlights."""
    return [read_hit(raw_hit) for raw_hit in response["hits"]["hits"]]


def read_hit(
    raw_hit: Fields, knn_boosts: Mapping[str, float] | None = None, highlighter: Highlighter | None = None
) -> Hit:
    """Return one hit; fields that the document lacks are empty."""
    source: Fields = raw_hit.get("_source", {})
    image: Fields = source.get("image", {})
    region, scores = http_url(image.get("region")), clause_scores(raw_hit)
    total_score = sum(scores.values())
    return Hit(
        document=source.get("document", "picture"),
        id=str(raw_hit["_id"]),
        score=float(raw_hit.get("_score") or 0),
        scores=scores,
        score_shares={name: score / total_score for name, score in scores.items()} if total_score else {},
        similarities=similarities(scores, knn_boosts or {}),
        book_id=str(source.get("book_id", "")),
        book_key=document_id(str(source.get("book_id", ""))),
        page_id=str(source.get("page_id", "")),
        title=str(source.get("title", "")),
        authors=_string_list(source.get("authors")),
        year=source.get("year"),
        years=_read_years(source),
        date=str(source.get("date", "")),
        publisher=str(source.get("publisher", "")),
        place=str(source.get("place", "")),
        languages=_string_list(source.get("language")),
        type_of_work=str(source.get("type_of_work", "")),
        subjects=_string_list(source.get("subjects")),
        identifiers=_string_list(source.get("identifiers")),
        **_label_values(source.get("label") or {}),
        hidden=bool(source.get("hidden", False)),
        decoration=read_decoration(source),
        family=_read_family(source.get("family")),
        page=int(source.get("page", 0)),
        page_label=str(source.get("page_label", "")),
        pages=_parse_count(source.get("pages")),
        pictures=_parse_count(source.get("pictures")),
        block_type=str(source.get("block_type", "")),
        box=[int(source.get("box", {}).get(side, 0)) for side in BOX_SIDES],
        caption=_passage_text(source.get("caption")),
        before=_passage_text(source.get("context", {}).get("before")),
        after=_passage_text(source.get("context", {}).get("after")),
        highlights=highlighter.highlight(_texts(source), _string_list(source.get("language"))) if highlighter else {},
        image=_crop_url(image, "crop") or region,
        large_image=_crop_url(image, "large") or _crop_url(image, "crop") or region,
        region=region,
        viewer=http_url(image.get("viewer")),
        licence=str(source.get("licence", "")),
    )


def read_picture_record(raw_hit: Fields) -> PictureRecord:
    """Return a hit of `queries.picture_query`."""
    source: Fields = raw_hit["_source"]
    page_text = source.get("page_text") or {}
    return PictureRecord(
        hit=read_hit(raw_hit),
        leaf=read_leaf(source),
        alto_id=str(source.get("alto_id", "")),
        page_text=_passage_text(page_text),
        page_text_confidence=page_text.get("confidence"),
        document=source,
    )


def read_named_picture(raw_hit: Fields) -> NamedPicture:
    """Return a hit of `queries.named_pictures_query`, whose vectors stand in `fields`."""
    source, fields = raw_hit["_source"], raw_hit.get("fields", {})
    image: Fields = source.get("image", {})
    return NamedPicture(
        hit=read_hit(raw_hit),
        files=PictureFiles(
            box=PixelBox(*(int(source["box"][side]) for side in BOX_SIDES)),
            crop_names=tuple(str(image[size]) for size in ("large", "crop") if image.get(size)),
            region_url=http_url(image.get("region")),
        ),
        vectors={name.removeprefix("vectors."): list(values) for name, values in fields.items()},
    )


def read_book_details(raw_hit: Fields) -> BookDetails:
    """Return a hit of the index of books."""
    source: Fields = raw_hit["_source"]
    return BookDetails(
        key=str(raw_hit["_id"]),
        book_id=str(source["book_id"]),
        title=str(source.get("title", "")),
        authors=tuple(_string_list(source.get("authors"))),
        subjects=tuple(_string_list(source.get("subjects"))),
        identifiers=tuple(_string_list(source.get("identifiers"))),
        year=source.get("year"),
        years=_read_years(source),
        date=str(source.get("date", "")),
        publisher=str(source.get("publisher", "")),
        place=str(source.get("place", "")),
        languages=tuple(_string_list(source.get("language"))),
        type_of_work=str(source.get("type_of_work", "")),
        licence=str(source.get("licence", "")),
        viewer=http_url(source.get("image", {}).get("viewer")),
    )


def read_page_leaf(raw_hit: Fields) -> BookLeaf:
    """Return a hit of the index of pages as its leaf."""
    return read_leaf(raw_hit["_source"])


def read_leaf(source: Fields) -> BookLeaf:
    """Return the leaf that the document of a page or of a picture describes."""
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
    )


def read_book_picture(raw_hit: Fields) -> BookPicture:
    return BookPicture(hit=read_hit(raw_hit), leaf=read_leaf(raw_hit["_source"]))


def read_book_match(raw_hit: Fields, highlighter: Highlighter) -> PageText | BookPicture:
    """Return a hit of `queries.book.book_matches_query`: a page with its words, or a picture."""
    is_page = raw_hit["_source"].get("document") == "page"
    return read_page_text(raw_hit, highlighter) if is_page else read_book_picture(raw_hit)


def read_page_text(raw_hit: Fields, highlighter: Highlighter) -> PageText:
    """Return the words of a page, and the positions of those that match."""
    source: Fields = raw_hit["_source"]
    text, boxes = _passage_text(source.get("page_text")), tuple(str(source.get("boxes", "")).split())
    words = tuple(text.split())
    return PageText(
        leaf=read_leaf(source),
        words=words,
        match_positions=frozenset(_word_positions(text, highlighter.spans(text))),
        boxes=boxes if len(boxes) == len(words) else (),
    )


def _word_positions(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[int]:
    """Yield the positions of the words, parted by spaces, that the spans of characters touch."""
    for position, match in enumerate(re.finditer(r"\S+", text)):
        if any(start < match.end() and match.start() < end for start, end in spans):
            yield position


def _texts(source: Fields) -> dict[str, str]:
    """Return the texts of a document that a result shows."""
    context: Fields = source.get("context", {})
    return {
        "caption": _passage_text(source.get("caption")),
        "before": _passage_text(context.get("before")),
        "after": _passage_text(context.get("after")),
        "page_text": _passage_text(source.get("page_text")),
        "title": str(source.get("title", "")),
        "authors": "; ".join(_string_list(source.get("authors"))),
    }


def _read_years(source: Fields) -> YearRange | None:
    first, is_certain = source.get("year"), source.get("year_is_certain", True)
    return None if first is None else YearRange(first, source.get("last_year", first), is_certain)


def _label_values(label: Fields) -> dict[str, Any]:
    """Return the label, and who or what gave it when; a correction clears fields with null."""
    return {
        "label": str(label.get("name") or ""),
        **{f"label_{name}": str(label.get(name) or "") for name in ("source", "by", "model", "at")},
        "label_confidence": label.get("confidence"),
    }


def _read_family(family: Fields | None) -> Family | None:
    if not family:
        return None
    return Family(
        id=str(family.get("id", "")),
        size=_parse_count(family.get("size")),
        first_year=family.get("first_year"),
        last_year=family.get("last_year"),
        tier=str(family.get("tier", "")),
    )


def _crop_url(image: Fields, size: str) -> str:
    """Return the path of a crop on this service; empty where there is none."""
    return f"{CROPS_PATH}/{quote(image[size])}" if image.get(size) else ""


def _parse_count(value: Any) -> int:
    return int(value or 0)


def _string_list(value: Any) -> list[str]:
    """Return a list: `_source` keeps a single value without brackets."""
    return [] if value is None else [str(item) for item in value] if isinstance(value, list) else [str(value)]


def http_url(address: Any) -> str:
    """Return the address if its scheme is http or https, else an empty text: manifests may hold `javascript:`."""
    return str(address) if str(address).startswith(("https://", "http://")) else ""


def _passage_text(passage: Fields | None) -> str:
    return str(passage.get("text", "")) if passage else ""
