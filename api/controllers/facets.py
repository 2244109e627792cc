"""The values of a facet."""

from typing import TYPE_CHECKING, Annotated, Literal

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.openapi.spec import Example
from litestar.params import QueryParameter

from api.controllers.parameters import accept_parameters, refuse_all_but
from api.elasticsearch.gateway import SearchGateway
from api.elasticsearch.queries.vocabulary import Order, vocabulary_query
from api.errors import ERROR_RESPONSES
from api.search.facets import Vocabulary, read_vocabulary
from api.search.parameter import MAX_VALUE_LENGTH
from api.search.parameters import FACETS, FILTERS, MAX_RESULT_WINDOW
from api.search.request import SearchRequest
from core.text import clean_text

if TYPE_CHECKING:
    FacetName = str
else:
    FacetName = Literal[FACETS]  # a type checker does not know the table of parameters
Facet = Annotated[
    FacetName, QueryParameter(description="Facet to list the values of", examples=[Example(value="publisher")])
]
Prefix = Annotated[
    str,
    QueryParameter(
        max_length=MAX_VALUE_LENGTH,
        description="Only values that begin with this; case and accents do not matter",
        examples=[Example(value="Asch")],
    ),
]
ValueOrder = Annotated[
    Order,
    QueryParameter(description="Most frequent first, or in alphabetical order", examples=[Example(value="value")]),
]


class FacetController(Controller):
    """The vocabulary of each facet."""

    @get(
        "/api/facets",
        operation_id="list_values",
        summary="Values of a facet",
        tags=["search"],
        responses={status: ERROR_RESPONSES[status] for status in (400, 503)},
        before_request=refuse_all_but("facet", "prefix", "order", "document", *FILTERS, "page", "size"),
        dependencies=accept_parameters("document", *FILTERS, "page", "size"),
    )
    async def list_facet_values(
        self,
        gateway: NamedDependency[SearchGateway],
        search_request: NamedDependency[SearchRequest],
        facet: Facet,
        prefix: Prefix = "",
        order: ValueOrder = "count",
    ) -> Vocabulary:
        """The values of a facet, each with the number of documents that match the other filters.

        Of the parameters of `/api/search`, the filters, `document`, `page` and `size` are accepted.
        """
        start, prefix = (search_request.page - 1) * search_request.size, clean_text(prefix) or prefix
        size = min(start + search_request.size, MAX_RESULT_WINDOW)
        query_body = vocabulary_query(search_request, facet, prefix, order=order, size=size)
        response = await gateway.search(query_body, gateway.index_names(search_request.document))
        return read_vocabulary(response["aggregations"], facet, prefix, start)
