"""Pictures, pages and books of a result as dataclasses.

Of the modules of `api` only this one, `book_hits` and `stored_images` read the fields of `_source`.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from api.elasticsearch.scores import clause_scores, has_exact_match, key_values, result_id, similarities
from api.records import NamedPicture, PictureFiles
from api.responses import Family, Hit
from api.search.collapse import ResultKey
from api.search.decorations import read_decoration
from api.search.highlighting import Highlighter
from core.dates import YearRange
from core.geometry import PixelBox
from core.identifiers import document_id

Fields = Mapping[str, Any]

CROPS_PATH = "/crops"
"""Path below which the service serves the crops."""

VERSION_DIGITS = 8
"""Hexadecimal digits of the fingerprint that tell a document's versions apart."""

COLOUR = re.compile("[0-9a-f]{6}")

BOX_SIDES = ("x", "y", "width", "height")


def read_hits(response: Fields) -> list[Hit]:
    """Return the hits of a response, in its order and without highlights."""
    return [read_hit(raw_hit) for raw_hit in response["hits"]["hits"]]


def read_hit(
    raw_hit: Fields, knn_boosts: Mapping[str, float] | None = None, highlighter: Highlighter | None = None
) -> Hit:
    """Return one hit; fields that the document lacks are empty."""
    source: Fields = raw_hit["_source"]
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
        authors=string_list(source.get("authors")),
        year=source.get("year"),
        years=read_years(source),
        date=str(source.get("date", "")),
        publisher=str(source.get("publisher", "")),
        place=str(source.get("place", "")),
        languages=string_list(source.get("language")),
        type_of_work=str(source.get("type_of_work", "")),
        subjects=string_list(source.get("subjects")),
        identifiers=string_list(source.get("identifiers")),
        **_label_values(source.get("label") or {}),
        hidden=bool(source.get("hidden", False)),
        decoration=read_decoration(source),
        family=_read_family(source.get("family")),
        copies_known=bool(source.get("hash")),
        page=int(source.get("page", 0)),
        page_label=str(source.get("page_label", "")),
        pages=_parse_count(source.get("pages")),
        pictures=_parse_count(source.get("pictures")),
        block_type=str(source.get("block_type", "")),
        box=[int(source.get("box", {}).get(side, 0)) for side in BOX_SIDES],
        caption=passage_text(source.get("caption")),
        before=passage_text(source.get("context", {}).get("before")),
        after=passage_text(source.get("context", {}).get("after")),
        highlights=highlighter.highlight(_texts(source), string_list(source.get("language"))) if highlighter else {},
        image=_crop_url(image, "crop") or region,
        large_image=_crop_url(image, "large") or _crop_url(image, "crop") or region,
        region=region,
        viewer=http_url(image.get("viewer")),
        licence=str(source.get("licence", "")),
        colour=_read_colour(image.get("colour")),
        version=read_version(source),
    )


def read_version(source: Fields) -> str:
    """Return what changes when a document is written anew."""
    return str(source.get("fingerprint", ""))[:VERSION_DIGITS]


def _read_colour(value: object) -> str:
    """Return a colour if it is one: a library's own pipeline may write the field too."""
    return str(value) if COLOUR.fullmatch(str(value)) else ""


def read_result_key(raw_hit: Fields) -> ResultKey:
    """Return what tells a hit with `KEY_FIELDS` apart from others of its book and of its print."""
    keys = key_values(raw_hit)
    return ResultKey(
        id=result_id(raw_hit),
        book_id=f"{keys.get('document')} {keys.get('book_id')}",
        family_id=str(keys.get("family.id", "")),
        is_exact=has_exact_match(clause_scores(raw_hit)),
    )


def read_named_picture(raw_hit: Fields) -> NamedPicture:
    """Return a hit of `queries.named_pictures_query`, whose vectors stand in `fields`."""
    source, fields = raw_hit["_source"], raw_hit.get("fields", {})
    image: Fields = source.get("image", {})
    return NamedPicture(
        hit=read_hit(raw_hit),
        files=PictureFiles(
            box=read_box(source),
            crop_names=crop_names(image),
            region_url=http_url(image.get("region")),
        ),
        vectors={name.removeprefix("vectors."): list(values) for name, values in fields.items()},
    )


def _texts(source: Fields) -> dict[str, str]:
    """Return the texts of a document that a result shows."""
    context: Fields = source.get("context", {})
    return {
        "caption": passage_text(source.get("caption")),
        "before": passage_text(context.get("before")),
        "after": passage_text(context.get("after")),
        "page_text": passage_text(source.get("page_text")),
        "title": str(source.get("title", "")),
        "authors": "; ".join(string_list(source.get("authors"))),
    }


def read_years(source: Fields) -> YearRange | None:
    """Return the years of a record; None if it names none."""
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
        books=_parse_count(family.get("books")),
        first_year=family.get("first_year"),
        last_year=family.get("last_year"),
        tier=str(family.get("tier", "")),
    )


def _crop_url(image: Fields, size: str) -> str:
    """Return the path of a crop on this service; empty where there is none."""
    return f"{CROPS_PATH}/{quote(image[size])}" if image.get(size) else ""


def _parse_count(value: Any) -> int:
    return int(value or 0)


def string_list(value: Any) -> list[str]:
    """Return a list: `_source` keeps a single value without brackets."""
    return [] if value is None else [str(item) for item in value] if isinstance(value, list) else [str(value)]


def http_url(address: Any) -> str:
    """Return the address if its scheme is http or https, else an empty text: manifests may hold `javascript:`."""
    return str(address) if str(address).startswith(("https://", "http://")) else ""


def read_box(source: Fields) -> PixelBox:
    """Return the picture's box in pixels of its scan."""
    return PixelBox(*(int(source["box"][side]) for side in BOX_SIDES))


def crop_names(image: Fields) -> tuple[str, ...]:
    """Return the files of a picture below the folder of crops, the largest first."""
    return tuple(str(image[size]) for size in ("large", "crop") if image.get(size))


def passage_text(passage: Fields | None) -> str:
    """Return the text of a passage; empty if the document has none."""
    return str(passage.get("text", "")) if passage else ""


EMPTY_HIT = read_hit({"_id": "", "_source": {}})
"""A hit whose document has not been fetched."""
