"""What a request may carry, spelled once: the URL's parameters and the upload form's fields → a `Question`."""

from dataclasses import fields
from typing import Annotated, Any, Literal

from litestar import Request
from litestar.openapi.spec import Example
from litestar.params import QueryParameter
from msgspec import Meta

from api.elasticsearch.queries import MAX_RESULT_WINDOW
from api.errors import InvalidRequest
from api.search.query_text import clean_query_text
from api.search.request import PAGE_SIZE, DocumentType, Fusion, Hidden, Match, SearchRequest, Sort

MAX_VALUE = 1024
"""The mapping keeps no longer value of a facet (`ignore_above`)."""

YEAR_RANGE = -9999, 9999
PAGE_SIZE_RANGE = 1, 100

ParameterText = Annotated[str, Meta(max_length=MAX_VALUE)]
TextList = list[ParameterText]
MAX_REPETITIONS = 50

QueryTextParameter = Annotated[
    str,
    QueryParameter(
        description="Words to look for in and around the pictures; the first 20 words, up to 500 characters, count",
        examples=[Example(value="fyr ved kysten")],
    ),
]
ResultPageNumber = Annotated[
    int, QueryParameter(ge=1, le=MAX_RESULT_WINDOW, description="Page of results, from 1", examples=[Example(value=2)])
]
PageSize = Annotated[
    int,
    QueryParameter(
        ge=PAGE_SIZE_RANGE[0],
        le=PAGE_SIZE_RANGE[1],
        description="Pictures per page",
        examples=[Example(value=PAGE_SIZE)],
    ),
]


def _single_parameter(description: str, example: object) -> QueryParameter:
    return QueryParameter(description=description, examples=[Example(value=example)])


def _list_parameter(description: str, example: str, *, name: str | None = None) -> QueryParameter:
    examples = [Example(value=[example])]
    return QueryParameter(
        name=name, description=f"{description}; may be repeated", examples=examples, max_items=MAX_REPETITIONS
    )


def _year_parameter(description: str, example: int) -> QueryParameter:
    return QueryParameter(
        ge=YEAR_RANGE[0], le=YEAR_RANGE[1], description=description, examples=[Example(value=example)]
    )


LikeParameter = Annotated[
    TextList | None,
    _list_parameter(
        "Picture in the index, by its id: more like this. May end in a region of it, `#xywh=10,20,300,400` in pixels "
        "or `#xywh=pct:10,20,30,40`, and in a weight, `^0.5`; a negative one asks for less like this",
        "digibok_2006082900017_0012:GE1:200,310,900,640",
    ),
]
ImageParameter = Annotated[
    TextList | None,
    _list_parameter(
        "URL of a picture or IIIF image service on a host that this service may ask; region and weight as in `like`",
        "https://example.org/iiif/page-12/full/512,/0/default.jpg#xywh=pct:10,10,50,50",
    ),
]
VectorParameter = Annotated[
    list[str] | None,
    QueryParameter(
        description="An uploaded picture, as `POST /api/search` gives it back; may be repeated, and end in a weight",
        examples=[Example(value=["sscd.kH8h3gEC_AX5^0.5"])],
        max_items=MAX_REPETITIONS,
    ),
]
BalanceParameter = Annotated[
    float | None,
    QueryParameter(
        ge=0, le=1, description="How much pictures count against words, 0 to 1", examples=[Example(value=0.5)]
    ),
]


def provide_search_request(
    *,
    q: QueryTextParameter = "",
    like: LikeParameter = None,
    image: ImageParameter = None,
    vector: VectorParameter = None,
    match: Annotated[Match, _single_parameter("How many of the words a result needs", "all")] = "most",
    model: Annotated[
        TextList | None,
        _list_parameter(
            "Vision model to ask, `sscd`, or with a weight, `sscd^2`; without it all that the index has", "sscd"
        ),
    ] = None,
    balance: BalanceParameter = None,
    fusion: Annotated[Fusion, _single_parameter("How the scores of words and models become one", "rrf")] = "sum",
    document: Annotated[
        list[DocumentType] | None,
        QueryParameter(
            description="What is looked for: pictures, unless others are named; may be repeated",
            examples=[Example(value=["picture", "page"])],
            max_items=MAX_REPETITIONS,
        ),
    ] = None,
    group: Annotated[Literal["", "book"], _single_parameter("One result per book, with its best", "book")] = "",
    sort: Annotated[
        Sort, _single_parameter("Order of what was found; `-year` is the latest first", "-year")
    ] = "relevance",
    label: Annotated[TextList | None, _list_parameter("Only this kind of picture", "Map")] = None,
    publisher: Annotated[TextList | None, _list_parameter("Only this publisher", "Aschehoug")] = None,
    place: Annotated[TextList | None, _list_parameter("Only this place of publication", "Kristiania")] = None,
    language: Annotated[TextList | None, _list_parameter("Only this language, as the records write it", "nob")] = None,
    author: Annotated[TextList | None, _list_parameter("Only this author", "Collett, Camilla")] = None,
    subject: Annotated[TextList | None, _list_parameter("Only this subject", "Fyrtårn")] = None,
    type_: Annotated[TextList | None, _list_parameter("Only this type of work", "book", name="type")] = None,
    book: Annotated[TextList | None, _list_parameter("Only this book, by its id", "digibok_2006082900017")] = None,
    family: Annotated[TextList | None, _list_parameter("Only this family of copies, by its id", "f1")] = None,
    has_caption: Annotated[
        bool | None, _single_parameter("Only pictures with a printed caption, or only those without", example=True)
    ] = None,
    hidden: Annotated[
        Hidden, _single_parameter("Pictures set aside as blank pages or segmentation anomalies", "include")
    ] = "exclude",
    year_from: Annotated[int | None, _year_parameter("First year of publication", 1880)] = None,
    year_to: Annotated[int | None, _year_parameter("Last year of publication", 1899)] = None,
    page: ResultPageNumber = 1,
    size: PageSize = PAGE_SIZE,
) -> SearchRequest:
    """The question of a URL."""
    return SearchRequest(
        query_text=clean_query_text(q),
        like=tuple(like or ()),
        image=tuple(image or ()),
        vector=tuple(vector or ()),
        match=match,
        model=tuple(model or ()),
        balance=balance,
        fusion=fusion,
        document=tuple(dict.fromkeys(document or ("picture",))),
        group=group,
        sort=sort,
        label=tuple(label or ()),
        publisher=tuple(publisher or ()),
        place=tuple(place or ()),
        language=tuple(language or ()),
        author=tuple(author or ()),
        subject=tuple(subject or ()),
        type=tuple(type_ or ()),
        book=tuple(book or ()),
        family=tuple(family or ()),
        has_caption=has_caption,
        hidden=hidden,
        year_from=year_from,
        year_to=year_to,
        page=page,
        size=size,
    )


PARAMETER_NAMES = ("q", *(field.name for field in fields(SearchRequest) if field.name != "query_text"))


def refuse_unknown_parameters(request: Request[Any, Any, Any]) -> None:
    """A misspelt filter that is passed over would answer another question than was asked."""
    if unknown_names := [name for name in request.query_params if name not in PARAMETER_NAMES]:
        raise InvalidRequest(
            f"There is no parameter `{unknown_names[0][:50]}`. There are: {', '.join(PARAMETER_NAMES)}."
        )
