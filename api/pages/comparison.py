"""Two pictures side by side, and those of the same print that the reader may choose instead."""

from dataclasses import dataclass

from api.elasticsearch.gateway import IndexSearch, SearchGateway
from api.elasticsearch.hits import read_hits
from api.elasticsearch.queries import lookups
from api.errors import PictureNotFound
from api.pictures import select_pictures
from api.responses import Hit

MAX_CHOICES = 60
"""Copies that can be chosen from a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two pictures to compare."""

    first: Hit
    second: Hit | None
    """None if there is nothing to compare the first with."""
    choices: list[Hit]
    """The pictures that can be compared: the copies of both, the oldest first."""


async def load_comparison(gateway: SearchGateway, first_id: str, second_id: str = "") -> Comparison:
    """Return two pictures; the second is by default the oldest other of the first's family.

    Raises PictureNotFound.
    """
    selection = await select_pictures(gateway, [picture_id for picture_id in (first_id, second_id) if picture_id])
    if selection.missing:
        raise PictureNotFound(selection.missing[0])
    named = {hit.id: hit for hit in selection.hits}
    family_ids = list(dict.fromkeys(hit.family.id for hit in named.values() if hit.family))
    copies: list[Hit] = []
    if family_ids:
        pictures = gateway.index_names(["picture"])
        searches = [
            IndexSearch(lookups.copies_query(family_id, size=MAX_CHOICES), pictures) for family_id in family_ids
        ]
        copies = [hit for response in await gateway.search_side_by_side(searches) for hit in read_hits(response)]
    choices = list({hit.id: hit for hit in (*copies, *named.values())}.values())
    first = named[first_id]
    others = [hit for hit in choices if hit.id != first_id]
    second = next((hit for hit in others if hit.id == second_id), others[0] if others else None)
    return Comparison(first=first, second=second, choices=choices)
