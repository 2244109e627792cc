"""What a reader asks, as data: the same for the page, the JSON API and a kept URL."""

from dataclasses import dataclass, fields, replace
from typing import Any, Self
from urllib.parse import urlencode

FACETS = ("publisher", "place", "language", "label")
"""Facets whose values are words; `year` is a range and stands apart."""

PAGE_SIZE = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Words, a picture, or both, and what narrows them; each field is the URL parameter of its name, `words` is `q`."""

    words: str = ""
    like: str = ""
    """Id of a picture in the index: more like this."""
    vector: str = ""
    """An uploaded picture, already encoded; see `api.vectors`."""
    model: tuple[str, ...] = ()
    """Vision models to ask; empty means all that the index has."""
    publisher: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    label: tuple[str, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    page: int = 1
    size: int = PAGE_SIZE

    @property
    def filtered(self) -> bool:
        return any(getattr(self, facet) for facet in FACETS) or self.year_from is not None or self.year_to is not None

    @property
    def by_picture(self) -> bool:
        return bool(self.like or self.vector)

    def query_string(self) -> str:
        """Only what differs from an empty question, so that a kept URL stays short."""
        pairs: list[tuple[str, str]] = []
        for part in fields(self):
            value = getattr(self, part.name)
            if value != part.default:
                name = "q" if part.name == "words" else part.name
                pairs += [(name, str(each)) for each in (value if isinstance(value, tuple) else (value,))]
        return urlencode(pairs)

    def url(self, **changes: Any) -> str:
        """The page's address for this question with changes; any change but of the page goes back to page 1."""
        changes.setdefault("page", 1)
        asked = replace(self, **changes).query_string()
        return f"/?{asked}" if asked else "/"

    def with_value(self, facet: str, value: str) -> Self:
        """The question with one more value of a facet, or one less where it was chosen already."""
        chosen: tuple[str, ...] = getattr(self, facet)
        left = tuple(each for each in chosen if each != value) if value in chosen else (*chosen, value)
        changes: dict[str, Any] = {facet: left}
        return replace(self, page=1, **changes)
