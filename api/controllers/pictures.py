"""One picture: its page, its document as it was indexed, and the pictures that it has to do with."""

from dataclasses import replace
from secrets import randbelow
from typing import Annotated, Any

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.openapi.spec import Example
from litestar.params import PathParameter, QueryParameter
from litestar.response import Template

from api import pictures
from api.books import Books, NoSuchBook, Record
from api.controllers.narrowing import NARROWING, question_of, refuse_all_but
from api.elasticsearch import hits
from api.elasticsearch.gateway import Engine
from api.errors import PROBLEMS
from api.pictures import PictureList, RandomPick
from api.responses import Hit, SearchPage
from api.search.parameters import refuse_unknown
from api.search.request import Question
from api.search.service import Searcher

SEEDS = 2**31
"""Elasticsearch takes 32 bits."""
ROW = 12
"""Pictures of a row on a picture's page; the rest is a link away."""

PictureId = Annotated[
    str,
    PathParameter(
        description="Id of a picture, as the search gives it",
        examples=[Example(value="digibok_2006082900017_0012:GE1:200,310,900,640")],
    ),
]
Seed = Annotated[
    int | None,
    QueryParameter(
        ge=0,
        lt=SEEDS,
        description="The same seed gives the same pictures; without it, others",
        examples=[Example(value=7)],
    ),
]
MISSING = {status: PROBLEMS[status] for status in (404, 503)}
UNUSABLE = {status: PROBLEMS[status] for status in (400, 404, 503)}


class PictureController(Controller):
    """One picture with everything that is known of it."""

    @get(
        "/api/pictures/{picture_id:str}",
        operation_id="get_picture",
        summary="One picture",
        tags=["pictures"],
        responses=MISSING,
    )
    async def as_json(self, searcher: NamedDependency[Searcher], picture_id: PictureId) -> dict[str, Any]:
        """The document as indexed, with its `id` and without its vectors; `es-mappings/README.md` names the fields."""
        hit, record = await searcher.picture(picture_id)
        return {"id": hit.id, **record}

    @get(
        "/api/pictures/random",
        operation_id="pick_pictures",
        summary="Pictures by chance",
        tags=["pictures"],
        responses={status: PROBLEMS[status] for status in (400, 503)},
        before_request=refuse_all_but("seed", *NARROWING, "size"),
        dependencies={"question": question_of(*NARROWING, "size")},
    )
    async def random(
        self, engine: NamedDependency[Engine], question: NamedDependency[Question], seed: Seed = None
    ) -> RandomPick:
        """`size` pictures of those that the filters of `/api/search` leave; words and other pictures have no part."""
        return await pictures.by_chance(engine, randbelow(SEEDS) if seed is None else seed, question)

    @get(
        "/api/pictures/{picture_id:str}/neighbours",
        operation_id="list_neighbours",
        summary="Pictures on the same page and the pages next to it",
        tags=["pictures"],
        responses=MISSING,
    )
    async def neighbours(
        self, engine: NamedDependency[Engine], searcher: NamedDependency[Searcher], picture_id: PictureId
    ) -> list[Hit]:
        """In page order, at most 100; `page` and `box` say where each stands, and the picture itself is left out."""
        hit, _ = await searcher.picture(picture_id)
        return await pictures.neighbours(engine, hit)

    @get(
        "/api/pictures/{picture_id:str}/similar",
        operation_id="list_similar",
        summary="Pictures that look like it",
        tags=["pictures"],
        responses=UNUSABLE,
        before_request=refuse_unknown,
    )
    async def similar(
        self, searcher: NamedDependency[Searcher], question: NamedDependency[Question], picture_id: PictureId
    ) -> SearchPage:
        """The answer of `/api/search` with the picture as `like`; every parameter of the search can be added."""
        hit, _ = await searcher.picture(picture_id)
        return await searcher.search(replace(question, like=(hit.id, *question.like)))

    @get(
        "/api/pictures/{picture_id:str}/copies",
        operation_id="list_copies",
        summary="Its copies and reprints through time",
        tags=["pictures"],
        responses=UNUSABLE,
        before_request=refuse_all_but("page", "size"),
        dependencies={"question": question_of("page", "size")},
    )
    async def copies(
        self,
        engine: NamedDependency[Engine],
        searcher: NamedDependency[Searcher],
        question: NamedDependency[Question],
        picture_id: PictureId,
    ) -> PictureList:
        """The picture and its family, the oldest first, those of unknown year last; `note` says where there is none."""
        hit, _ = await searcher.picture(picture_id)
        return await pictures.copies(engine, hit, question)

    @get("/pictures/{picture_id:str}", include_in_schema=False)
    async def as_page(
        self, engine: NamedDependency[Engine], searcher: NamedDependency[Searcher], picture_id: PictureId
    ) -> Template:
        hit, record = await searcher.picture(picture_id)
        row = Question(size=ROW)
        return Template(
            "picture.html.jinja",
            context={
                "hit": hit,
                "record": record,
                "page_text": hits.page_text(record),
                "question": Question(),
                "book": await _book_of(engine, hit),
                "models": [state.name for state in await engine.model_states()],
                "copies": await pictures.copies(engine, hit, row),
                "neighbours": await pictures.neighbours(engine, hit),
                "of_book": await pictures.of_book(engine, hit.book_id, row),
            },
        )


async def _book_of(engine: Engine, hit: Hit) -> Record | None:
    """A picture without a book's record is shown all the same."""
    try:
        return await Books(engine).record(hit.book_id)
    except NoSuchBook:
        return None
