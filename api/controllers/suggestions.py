"""Suggestions while a reader types."""

from typing import Annotated, Any

from litestar import Controller, Request, get
from litestar.datastructures import CacheControlHeader
from litestar.di import NamedDependency
from litestar.openapi.spec import Example
from litestar.params import QueryParameter
from litestar.response import Template

from api import autocomplete
from api.autocomplete import Suggestions
from api.controllers.parameters import refuse_all_but
from api.elasticsearch.gateway import SearchGateway
from api.errors import ERROR_RESPONSES
from api.pages.kind_names import KIND_NAMES, create_kind_namer
from api.search.query_text import clean_query_text

MAX_TYPED_LENGTH = 500
"""As many letters as the search field takes."""

BROWSER_CACHE = CacheControlHeader(max_age=60, private=True)
"""A reader who deletes a letter and types it again sees the same list."""

TypedQuery = Annotated[
    str,
    QueryParameter(
        max_length=MAX_TYPED_LENGTH,
        description="What the reader has typed so far; its last word may be incomplete",
        examples=[Example(value="fyr")],
    ),
]


class SuggestionController(Controller):
    """The list below the search field."""

    @get(
        "/api/suggest",
        operation_id="suggest",
        summary="Suggestions while typing",
        tags=["search"],
        responses={status: ERROR_RESPONSES[status] for status in (400, 503)},
        before_request=refuse_all_but("q"),
        cache_control=BROWSER_CACHE,
    )
    async def suggest_values(self, gateway: NamedDependency[SearchGateway], q: TypedQuery = "") -> Suggestions:
        """Titles, people, subjects, places and kinds of picture whose words begin so, and other spellings.

        At most three of each. Case, accents and old spelling do not matter.
        """
        return await autocomplete.suggest(gateway, _clean_typed_text(q))

    @get("/suggest", include_in_schema=False, before_request=refuse_all_but("q"), cache_control=BROWSER_CACHE)
    async def show_suggestions(
        self, request: Request[Any, Any, Any], gateway: NamedDependency[SearchGateway], q: TypedQuery = ""
    ) -> Template:
        """The same as options of the list below the search field, in the language of the page."""
        suggestions = await autocomplete.suggest(gateway, _clean_typed_text(q), KIND_NAMES, create_kind_namer(request))
        return Template("partials/suggestions.html.jinja", context={"suggestions": suggestions.suggestions})


def _clean_typed_text(text: str) -> str:
    """Return the text as a search cleans it, with the space that ends its last word."""
    cleaned_text = clean_query_text(text)
    return f"{cleaned_text} " if cleaned_text and text[-1].isspace() else cleaned_text
