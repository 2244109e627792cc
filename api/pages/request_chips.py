"""The pictures of a search request as chips that can be edited: each change is an address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from api.errors import InvalidRequest
from api.responses import Hit, QueryImage
from api.search.image_terms import ImageRegion, ImageTerm
from api.search.prepared_search import query_images_of
from api.search.request import SearchRequest

WEIGHTS: Mapping[str, float] = {"little": 0.5, "normal": 1.0, "strong": 2.0}
"""Step → weight, without its sign."""

BALANCE_STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Shares of the pictures that readers without scripts can choose."""

PercentBox = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureChip:
    """One picture of a search request, and the addresses of the same search with a change."""

    image: QueryImage
    number: int
    """Its place among the pictures of its parameter, from 1."""
    is_negative: bool
    weight: float
    """Without its sign."""
    region: PercentBox | None
    """x, y, width and height of the region in percent of the picture; None if there is none or it cannot be drawn."""
    remove_url: str
    opposite_url: str
    """The search for less like it in place of more; empty if nothing would be left to search for."""
    weight_urls: dict[str, str]
    """Step of `WEIGHTS` → the search with it; empty if the picture is alone, so that its weight changes nothing."""
    whole_url: str
    """The search with the whole picture; empty if it has no region."""


def unresolved_query_images(search_request: SearchRequest) -> list[QueryImage]:
    """Return the pictures of a request that could not be run, without those of the index; empty if one is malformed."""
    try:
        return query_images_of(search_request, {})
    except InvalidRequest:
        return []


def picture_chips(search_request: SearchRequest, query_images: Sequence[QueryImage]) -> list[PictureChip]:
    """Return the pictures of a request with the addresses that change them."""
    numbers: dict[str, int] = {}
    chips = []
    for image in query_images:
        numbers[image.parameter] = numbers.get(image.parameter, 0) + 1
        chips.append(_create_chip(search_request, query_images, image, numbers[image.parameter]))
    return chips


def _create_chip(
    search_request: SearchRequest, query_images: Sequence[QueryImage], image: QueryImage, number: int
) -> PictureChip:
    term = image.image_term
    opposite = replace(term, weight=-term.weight)
    others = [other for other in query_images if other is not image]
    can_be_negative = bool(search_request.query_text) or any(other.image_term.weight > 0 for other in others)
    weights = {step: weight if term.weight > 0 else -weight for step, weight in WEIGHTS.items()} if others else {}
    return PictureChip(
        image=image,
        number=number,
        is_negative=term.weight < 0,
        weight=abs(term.weight),
        region=_percent_box(term.region, image.hit) if term.region and image.hit else None,
        remove_url=_url_with(search_request, image, number, None),
        opposite_url=_url_with(search_request, image, number, opposite) if term.weight < 0 or can_be_negative else "",
        weight_urls={
            step: _url_with(search_request, image, number, replace(term, weight=weight))
            for step, weight in weights.items()
        },
        whole_url=_url_with(search_request, image, number, replace(term, region=None)) if term.region else "",
    )


def _url_with(search_request: SearchRequest, image: QueryImage, number: int, term: ImageTerm | None) -> str:
    """Return the address with another term in place of a picture's, or without it; `number` counts from 1."""
    values = list(search_request.values(image.parameter))
    values[number - 1 : number] = [str(term)] if term else []
    return search_request.url(**{image.parameter: tuple(values)})


def _percent_box(region: ImageRegion, hit: Hit) -> PercentBox | None:
    width, height = (100, 100) if region.percent else hit.box[2:]
    if not (width and height):
        return None
    scale_x, scale_y = 100 / width, 100 / height
    return (region.x * scale_x, region.y * scale_y, region.width * scale_x, region.height * scale_y)
