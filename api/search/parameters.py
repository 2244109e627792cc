"""What a request may carry, spelled once: the URL's parameters and the upload form's fields → a `Question`."""

from dataclasses import fields
from typing import Annotated, Any, Literal

from litestar import Request
from litestar.openapi.spec import Example
from litestar.params import QueryParameter
from msgspec import Meta

from api.elasticsearch.queries import WINDOW
from api.errors import BadQuestion
from api.search.query_text import clean
from api.search.request import PAGE_SIZE, Document, Fusion, Match, Question, SetAside, Sort

MAX_VALUE = 1024
"""The mapping keeps no longer value of a facet (`ignore_above`)."""

YEARS = -9999, 9999
SIZES = 1, 100

Text = Annotated[str, Meta(max_length=MAX_VALUE)]
Several = list[Text]
MOST = 50

Words = Annotated[
    str,
    QueryParameter(
        description="Words to look for in and around the pictures; the first 20 words, up to 500 characters, count",
        examples=[Example(value="fyr ved kysten")],
    ),
]
Page = Annotated[
    int, QueryParameter(ge=1, le=WINDOW, description="Page of results, from 1", examples=[Example(value=2)])
]
Size = Annotated[
    int,
    QueryParameter(ge=SIZES[0], le=SIZES[1], description="Pictures per page", examples=[Example(value=PAGE_SIZE)]),
]


def _one(description: str, example: object) -> QueryParameter:
    return QueryParameter(description=description, examples=[Example(value=example)])


def _several(description: str, example: str, *, name: str | None = None) -> QueryParameter:
    examples = [Example(value=[example])]
    return QueryParameter(name=name, description=f"{description}; may be repeated", examples=examples, max_items=MOST)


def _year(description: str, example: int) -> QueryParameter:
    return QueryParameter(ge=YEARS[0], le=YEARS[1], description=description, examples=[Example(value=example)])


Like = Annotated[
    Several | None,
    _several(
        "Picture in the index, by its id: more like this. May end in a region of it, `#xywh=10,20,300,400` in pixels "
        "or `#xywh=pct:10,20,30,40`, and in a weight, `^0.5`; a negative one asks for less like this",
        "digibok_2006082900017_0012:GE1:200,310,900,640",
    ),
]
ImageUrl = Annotated[
    Several | None,
    _several(
        "URL of a picture or IIIF image service on a host that this service may ask; region and weight as in `like`",
        "https://example.org/iiif/page-12/full/512,/0/default.jpg#xywh=pct:10,10,50,50",
    ),
]
Vector = Annotated[
    list[str] | None,
    QueryParameter(
        description="An uploaded picture, as `POST /api/search` gives it back; may be repeated, and end in a weight",
        examples=[Example(value=["sscd.kH8h3gEC_AX5^0.5"])],
        max_items=MOST,
    ),
]
Balance = Annotated[
    float | None,
    QueryParameter(
        ge=0, le=1, description="How much pictures count against words, 0 to 1", examples=[Example(value=0.5)]
    ),
]


def provide_question(
    *,
    q: Words = "",
    like: Like = None,
    image: ImageUrl = None,
    vector: Vector = None,
    match: Annotated[Match, _one("How many of the words a result needs", "all")] = "most",
    model: Annotated[
        Several | None,
        _several("Vision model to ask, `sscd`, or with a weight, `sscd^2`; without it all that the index has", "sscd"),
    ] = None,
    balance: Balance = None,
    fusion: Annotated[Fusion, _one("How the scores of words and models become one", "rrf")] = "sum",
    document: Annotated[
        list[Document] | None,
        QueryParameter(
            description="What is looked for: pictures, unless others are named; may be repeated",
            examples=[Example(value=["picture", "page"])],
            max_items=MOST,
        ),
    ] = None,
    group: Annotated[Literal["", "book"], _one("One result per book, with its best", "book")] = "",
    sort: Annotated[Sort, _one("Order of what was found; `-year` is the latest first", "-year")] = "relevance",
    label: Annotated[Several | None, _several("Only this kind of picture", "Map")] = None,
    publisher: Annotated[Several | None, _several("Only this publisher", "Aschehoug")] = None,
    place: Annotated[Several | None, _several("Only this place of publication", "Kristiania")] = None,
    language: Annotated[Several | None, _several("Only this language, as the records write it", "nob")] = None,
    author: Annotated[Several | None, _several("Only this author", "Collett, Camilla")] = None,
    subject: Annotated[Several | None, _several("Only this subject", "Fyrtårn")] = None,
    type_: Annotated[Several | None, _several("Only this type of work", "book", name="type")] = None,
    book: Annotated[Several | None, _several("Only this book, by its id", "digibok_2006082900017")] = None,
    family: Annotated[Several | None, _several("Only this family of copies, by its id", "f1")] = None,
    has_caption: Annotated[
        bool | None, _one("Only pictures with a printed caption, or only those without", example=True)
    ] = None,
    set_aside: Annotated[
        SetAside, _one("Pictures set aside as blank pages or segmentation anomalies", "show")
    ] = "hide",
    year_from: Annotated[int | None, _year("First year of publication", 1880)] = None,
    year_to: Annotated[int | None, _year("Last year of publication", 1899)] = None,
    page: Page = 1,
    size: Size = PAGE_SIZE,
) -> Question:
    """The question of a URL."""
    return Question(
        words=clean(q),
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
        set_aside=set_aside,
        year_from=year_from,
        year_to=year_to,
        page=page,
        size=size,
    )


NAMES = ("q", *(each.name for each in fields(Question) if each.name != "words"))


def refuse_unknown(request: Request[Any, Any, Any]) -> None:
    """A misspelt filter that is passed over would answer another question than was asked."""
    if unknown := [name for name in request.query_params if name not in NAMES]:
        raise BadQuestion(f"There is no parameter `{unknown[0][:50]}`. There are: {', '.join(NAMES)}.")
