"""The values that a filter can take."""

from typing import Annotated, Literal

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.openapi.spec import Example
from litestar.params import QueryParameter

from api.controllers.narrowing import NARROWING, question_of, refuse_all_but
from api.elasticsearch.gateway import Engine
from api.elasticsearch.queries.vocabulary import Order
from api.elasticsearch.queries.vocabulary import vocabulary as body
from api.errors import PROBLEMS
from api.pictures import offset
from api.search.facets import Vocabulary, vocabulary
from api.search.parameters import MAX_VALUE
from api.search.request import Question

FacetName = Literal["label", "publisher", "place", "language", "author", "subject", "type"]
Facet = Annotated[
    FacetName, QueryParameter(description="Whose values are asked for", examples=[Example(value="publisher")])
]
Prefix = Annotated[
    str,
    QueryParameter(
        max_length=MAX_VALUE,
        description="Only values that begin like this, in upper or lower case, with or without accents",
        examples=[Example(value="Asch")],
    ),
]
Sorted = Annotated[
    Order, QueryParameter(description="The most frequent first, or by the alphabet", examples=[Example(value="value")])
]


class FacetController(Controller):
    """The vocabularies of the collection."""

    @get(
        "/api/facets",
        operation_id="list_values",
        summary="Values of a facet",
        tags=["search"],
        responses={status: PROBLEMS[status] for status in (400, 503)},
        before_request=refuse_all_but("facet", "prefix", "order", "document", *NARROWING, "page", "size"),
        dependencies={"question": question_of("document", *NARROWING, "page", "size")},
    )
    async def as_json(
        self,
        engine: NamedDependency[Engine],
        question: NamedDependency[Question],
        facet: Facet,
        prefix: Prefix = "",
        order: Sorted = "count",
    ) -> Vocabulary:
        """Publishers, places, languages…, each with its documents under the other filters of the address.

        Of the parameters of `/api/search` only its filters, `document`, `page` and `size` are taken.
        """
        start = offset(question)
        asked = body(question, facet, prefix, order=order, size=start + question.size)
        answer = await engine.ask(asked, engine.where(question.document))
        return vocabulary(answer["aggregations"], facet, prefix, start)
