"""The page of one picture, and the page that compares two."""

from collections.abc import Mapping
from typing import Annotated

from litestar import Controller, get
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter
from litestar.response import Template

from api.controllers.exports import build_citation
from api.controllers.parameters import accept_parameters, refuse_search_parameters_but
from api.controllers.pictures import PictureId
from api.elasticsearch.gateway import SearchGateway
from api.exports import WRITERS, Export, Format
from api.iiif.urls import IIIFUrls
from api.pages.comparison import load_comparison
from api.pages.picture_page import PicturePages
from api.search.parameters import MAX_RESULT_WINDOW, PARAMETERS
from api.search.request import SearchRequest

REFERENCE_FORMATS: tuple[Format, ...] = ("bibtex", "ris", "csl")

Position = Annotated[
    int | None,
    QueryParameter(ge=1, le=MAX_RESULT_WINDOW, description="Its place in the results, from 1"),
]
ComparedId = Annotated[str, QueryParameter(description="Id of a picture, as the search returns it")]


def _provide_picture_pages(state: State) -> PicturePages:
    picture_pages: PicturePages = state.picture_pages
    return picture_pages


class PicturePageController(Controller):
    """Pages of pictures; parameters that they do not know are ignored, as mail and social media add their own."""

    include_in_schema = False
    dependencies: Mapping[str, Provide] = {
        **accept_parameters(*PARAMETERS),
        "picture_pages": Provide(_provide_picture_pages, sync_to_thread=False),
    }

    @get("/pictures/{picture_id:str}")
    async def show_picture_page(
        self,
        *,
        urls: NamedDependency[IIIFUrls],
        gateway: NamedDependency[SearchGateway],
        picture_pages: NamedDependency[PicturePages],
        search_request: NamedDependency[SearchRequest],
        picture_id: PictureId,
        n: Position = None,
    ) -> Template:
        """Show a picture; the parameters of a search are those of the search that found it, `n` is its place there."""
        page = await picture_pages.load(picture_id, search_request, n or 0)
        citation = build_citation(page.record.hit, urls)
        return Template(
            "picture.html.jinja",
            context={
                "page": page,
                "hit": page.record.hit,
                "record": page.record,
                "search_request": search_request,
                "new_search": SearchRequest(),
                "urls": urls,
                "citation": citation,
                "references": {
                    name: WRITERS[name].write(Export(citations=(citation,), total=1)) for name in REFERENCE_FORMATS
                },
                "models": [model_state.name for model_state in await gateway.model_states()],
            },
        )

    @get("/compare", before_request=refuse_search_parameters_but())
    async def compare_pictures(
        self, gateway: NamedDependency[SearchGateway], a: ComparedId, b: ComparedId = ""
    ) -> Template:
        """Show two pictures side by side; without `b`, the oldest other of the same print."""
        comparison = await load_comparison(gateway, a, b)
        return Template("compare.html.jinja", context={"comparison": comparison, "search_request": SearchRequest()})
