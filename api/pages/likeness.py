"""The results of a search by picture in parts: the same print, similar pictures, and where likeness ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.responses import Hit, QueryImage, ResultPage
from api.search.request import SearchRequest

COPY_SIMILARITY: Mapping[str, float] = {"sscd": 0.75}
"""Model → cosine from which two pictures are taken for the same print: for SSCD, what its authors advise (Pizzi et
al., 2022). Models that are not listed see likeness, not copies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedHit:
    """A hit, and its position among all results, from 1."""

    hit: Hit
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """The first page of a search by picture."""

    same_print: list[RankedHit]
    similar: list[RankedHit]
    less_similar: list[RankedHit]
    is_measured: bool
    """Whether it is known where likeness ends; otherwise all but the same print counts as similar."""
    may_have_more: bool
    """Whether the next page may have more that are as similar."""


def divide_by_likeness(
    search_request: SearchRequest, result_page: ResultPage, query_images: Sequence[QueryImage]
) -> Likeness | None:
    """Return the parts of a page; None if it is not the first page of a search by pictures alone, the best first."""
    is_picture_search = search_request.has_image_terms and not search_request.query_text and not search_request.group
    if not (is_picture_search and search_request.sort == "relevance" and search_request.page == 1):
        return None
    ranked = [RankedHit(hit=hit, position=number) for number, hit in enumerate(result_page.hits, 1)]
    query_image = query_images[0] if len(query_images) == 1 else None
    same = {entry.position for entry in ranked if query_image and _is_same_print(entry.hit, query_image.hit)}
    cut_off = result_page.cut_off
    similar_end = len(ranked) if cut_off is None else cut_off
    rest = [entry for entry in ranked if entry.position not in same]
    return Likeness(
        same_print=[entry for entry in ranked if entry.position in same],
        similar=[entry for entry in rest if entry.position <= similar_end],
        less_similar=[entry for entry in rest if entry.position > similar_end],
        is_measured=cut_off is not None,
        may_have_more=len(ranked) in same or (cut_off is not None and cut_off >= len(ranked) // 2 > 0),
    )


def _is_same_print(hit: Hit, picture: Hit | None) -> bool:
    """Return whether a hit shows the same print as a picture; None is one that the index does not have.

    Families decide between pictures whose copies are known, as a person may have corrected them; likeness between
    others.
    """
    if picture and picture.family and hit.family and picture.family.id == hit.family.id:
        return True
    if picture and picture.copies_known and hit.copies_known:
        return False
    return any(hit.similarities.get(model, -1) >= minimum for model, minimum in COPY_SIMILARITY.items())
