"""Addresses of picture pages that remember the search which led there."""

from urllib.parse import quote

from api.picture_images import SAFE_CHARACTERS
from api.search.request import SearchRequest

POSITION_PARAMETER = "n"
"""The parameter that says which of the results a picture is, from 1."""


def picture_path(picture_id: str, search_request: SearchRequest | None = None, position: int = 0) -> str:
    """Return the address of a picture's page.

    With the `search_request` that found it, the page marks its words and leads back to its results; with the position
    among these, from 1, also to the previous and the next.
    """
    path = f"/pictures/{quote(picture_id, safe=SAFE_CHARACTERS)}"
    query = search_request.with_changes(page=1).query_string() if search_request else ""
    if query and position:
        query = f"{query}&{POSITION_PARAMETER}={position}"
    return f"{path}?{query}" if query else path
