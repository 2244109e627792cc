"""One picture: its page, its document in the index, and related pictures."""

from dataclasses import replace
from secrets import randbelow
from typing import Annotated, Any

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.openapi.spec import Example
from litestar.params import PathParameter, QueryParameter

from api import pictures
from api.controllers.parameters import (
    accept_parameters,
    refuse_all_but,
    refuse_unknown_parameters,
)
from api.elasticsearch.gateway import SearchGateway
from api.errors import ERROR_RESPONSES, LOOKUP_ERROR_RESPONSES
from api.pictures import PictureList, RandomPictures
from api.responses import Hit, ResultPage
from api.search.image_terms import ImageTerm
from api.search.parameters import FILTERS
from api.search.request import SearchRequest
from api.search.service import Searcher

SEED_LIMIT = 2**31
"""Elasticsearch takes seeds of 32 bits."""

PictureId = Annotated[
    str,
    PathParameter(
        description="Id of a picture, as the search returns it",
        examples=[Example(value="digibok_2006082900017_0012:GE1:200,310,900,640")],
    ),
]
Seed = Annotated[
    int | None,
    QueryParameter(
        ge=0,
        lt=SEED_LIMIT,
        description="The same seed returns the same pictures; without a seed they differ every time",
        examples=[Example(value=7)],
    ),
]


class PictureController(Controller):
    """One picture and related pictures."""

    @get(
        "/api/pictures/{picture_id:str}",
        operation_id="get_picture",
        summary="One picture",
        tags=["pictures"],
        responses=LOOKUP_ERROR_RESPONSES,
        before_request=refuse_all_but(),
    )
    async def get_picture(self, searcher: NamedDependency[Searcher], picture_id: PictureId) -> dict[str, Any]:
        """The document as indexed, with its `id` and without its vectors; `es-mappings/README.md` lists the fields."""
        picture_record = await searcher.get_picture(picture_id)
        return {"id": picture_record.hit.id, **picture_record.document}

    @get(
        "/api/pictures/random",
        operation_id="pick_pictures",
        summary="Random pictures",
        tags=["pictures"],
        responses={status: ERROR_RESPONSES[status] for status in (400, 503)},
        before_request=refuse_all_but("seed", *FILTERS, "size"),
        dependencies=accept_parameters(*FILTERS, "size"),
    )
    async def pick_random_pictures(
        self, gateway: NamedDependency[SearchGateway], search_request: NamedDependency[SearchRequest], seed: Seed = None
    ) -> RandomPictures:
        """`size` random pictures that match the filters of `/api/search`; takes no words and no pictures."""
        return await pictures.pick_random(gateway, randbelow(SEED_LIMIT) if seed is None else seed, search_request)

    @get(
        "/api/pictures/{picture_id:str}/neighbours",
        operation_id="list_neighbours",
        summary="Pictures on the same page and the pages next to it",
        tags=["pictures"],
        responses=LOOKUP_ERROR_RESPONSES,
        before_request=refuse_all_but(),
    )
    async def list_neighbours(
        self, gateway: NamedDependency[SearchGateway], searcher: NamedDependency[Searcher], picture_id: PictureId
    ) -> list[Hit]:
        """At most 100 pictures in page order, without the picture itself; `page` and `box` give their positions."""
        hit = (await searcher.get_picture(picture_id)).hit
        return await pictures.list_neighbours(gateway, hit)

    @get(
        "/api/pictures/{picture_id:str}/similar",
        operation_id="list_similar",
        summary="Similar pictures",
        tags=["pictures"],
        responses=LOOKUP_ERROR_RESPONSES,
        before_request=refuse_unknown_parameters,
    )
    async def list_similar_pictures(
        self, searcher: NamedDependency[Searcher], search_request: NamedDependency[SearchRequest], picture_id: PictureId
    ) -> ResultPage:
        """The response of `/api/search` with the picture as `like`; takes all parameters of the search."""
        like = str(ImageTerm(picture_id)), *search_request.like
        return await searcher.search(replace(search_request, like=like))

    @get(
        "/api/pictures/{picture_id:str}/copies",
        operation_id="list_copies",
        summary="Copies and reprints",
        tags=["pictures"],
        responses=LOOKUP_ERROR_RESPONSES,
        before_request=refuse_all_but("page", "size"),
        dependencies=accept_parameters("page", "size"),
    )
    async def list_copies(
        self,
        gateway: NamedDependency[SearchGateway],
        searcher: NamedDependency[Searcher],
        search_request: NamedDependency[SearchRequest],
        picture_id: PictureId,
    ) -> PictureList:
        """The picture and its family, the oldest first, unknown years last; `note` says if there are no copies."""
        hit = (await searcher.get_picture(picture_id)).hit
        return await pictures.list_copies(gateway, hit, search_request)
