"""The search by words, by a picture, or by both: a page for readers and JSON for programs."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import MultipartBody
from litestar.response import Redirect, Template

from api.books import Books
from api.controllers.forms import PictureForm, UploadForm, refuse_broken_form, refuse_unknown_fields
from api.controllers.parameters import accept_parameters, refuse_unknown_parameters
from api.controllers.pictures import Seed
from api.elasticsearch.gateway import SearchGateway
from api.errors import ERROR_RESPONSES, LOOKUP_ERROR_RESPONSES, IndexNotFound, UserFacingError
from api.iiif.urls import IIIFUrls
from api.pages.kind_names import create_kind_namer, find_kind
from api.pages.record_images import RecordDetails, load_record_details
from api.pages.request_chips import unresolved_query_images
from api.pages.result_context import build_result_context
from api.pages.start_page import StartPage, today
from api.pages.tiles import Tile, Tiles
from api.responses import Hit, ResultPage
from api.search.own_addresses import replace_own_addresses
from api.search.parameters import PARAMETERS
from api.search.request import SearchRequest
from api.search.service import Searcher

Form = MultipartBody[UploadForm]
DetailsLoader = Callable[[Sequence[Hit], Hit | None], Awaitable[RecordDetails]]


class SearchController(Controller):
    """The search as JSON and as a page."""

    @get(
        "/api/search",
        operation_id="search_pictures",
        summary="Search",
        tags=["search"],
        responses=LOOKUP_ERROR_RESPONSES,
        before_request=refuse_unknown_parameters,
    )
    async def search_pictures(
        self, searcher: NamedDependency[Searcher], search_request: NamedDependency[SearchRequest]
    ) -> ResultPage:
        """Pictures that match by surrounding text, catalogue record or appearance; without a query, all of them."""
        return await searcher.search(search_request)

    @post(
        "/api/search",
        operation_id="search_by_upload",
        summary="Search by a picture",
        status_code=200,
        tags=["search"],
        responses={status: ERROR_RESPONSES[status] for status in (400, 404, 413, 503)},
        before_request=refuse_unknown_fields,
    )
    async def search_by_upload(self, searcher: NamedDependency[Searcher], data: Form) -> ResultPage:
        """The pictures most similar to the upload; `vector` of the response repeats the search without the file."""
        search_request = await searcher.add_upload(data.read_image, data.image_term(), data.to_search_request())
        result_page = await searcher.search(search_request)
        return replace(result_page, vector=search_request.vector[-1])

    @get("/", include_in_schema=False, dependencies=accept_parameters(*PARAMETERS))
    async def show_search_page(
        self,
        request: Request[Any, Any, Any],
        searcher: NamedDependency[Searcher],
        start_page: NamedDependency[StartPage],
        search_request: NamedDependency[SearchRequest],
        *,
        gateway: NamedDependency[SearchGateway],
        books: NamedDependency[Books],
        seed: Seed = None,
    ) -> Template:
        load_details = partial(load_record_details, gateway, books)
        return await _render_search_page(
            request, searcher, start_page, search_request, load_details=load_details, seed=seed
        )

    @post("/", include_in_schema=False, status_code=303, before_request=refuse_broken_form)
    async def submit_picture(
        self,
        *,
        request: Request[Any, Any, Any],
        searcher: NamedDependency[Searcher],
        start_page: NamedDependency[StartPage],
        search_request: NamedDependency[SearchRequest],
        urls: NamedDependency[IIIFUrls],
        data: MultipartBody[PictureForm],
    ) -> Template | Response[None]:
        """Redirect to the URL of the search with the picture, which can be saved, filtered and paged.

        Pictures in the query of the form's own URL stay in the search.
        """
        form_request = _add_pictures(data.to_search_request(), search_request)
        try:
            if address := data.address_value():
                form_request = replace(form_request, image=(*form_request.image, address))
                form_request = replace_own_addresses(form_request, (request.url.netloc, urls.host))
            else:
                form_request = await searcher.add_upload(data.read_image, data.image_term(), form_request)
        except UserFacingError as error:
            return await _render_search_page(request, searcher, start_page, form_request, error)
        if _is_htmx_swap(request):
            return Response(None, status_code=204, headers={"HX-Redirect": form_request.url()})
        return Redirect(form_request.url(), status_code=303)


def _add_pictures(search_request: SearchRequest, other: SearchRequest) -> SearchRequest:
    return replace(
        search_request,
        like=(*other.like, *search_request.like),
        image=(*other.image, *search_request.image),
        vector=(*other.vector, *search_request.vector),
    )


async def _render_search_page(
    request: Request[Any, Any, Any],
    searcher: Searcher,
    start_page: StartPage,
    search_request: SearchRequest,
    user_error: UserFacingError | None = None,
    *,
    load_details: DetailsLoader | None = None,
    seed: int | None = None,
) -> Template:
    """Render the search page; an error is shown above the search form, which keeps what was typed.

    `load_details` returns what is shown of pages and books; `seed` chooses the random plates of the start page.
    """
    result_context: dict[str, Any] = {}
    if user_error is None and has_criteria(search_request):
        try:
            results = await searcher.search_for_page(search_request)
            models = await start_page.model_names()
            catalogue = results.side_results.catalogue
            book = catalogue.book if catalogue else None
            result_context = {
                **build_result_context(search_request, results),
                "models": models,
                "record_details": await load_details(results.result_page.hits, book)
                if load_details
                else RecordDetails(),
                "named_kind": await _find_named_kind(request, start_page, search_request),
            }
        except IndexNotFound:
            raise
        except UserFacingError as error:
            user_error = error
    query_terms = search_request.query_terms
    return Template(
        "partials/results.html.jinja" if _is_htmx_swap(request) else "search.html.jinja",
        context={
            "search_request": search_request,
            "results": None,
            "query_images": unresolved_query_images(search_request),
            "query_explanation": "" if query_terms.is_plain else query_terms.explanation(search_request.match),
            "problem": user_error.sentence if user_error else "",
            **(result_context or await _start_page_context(start_page, None if user_error else seed or today())),
        },
        status_code=user_error.status if user_error else 200,
        headers={"Vary": "HX-Request, HX-Target"},
    )


async def _find_named_kind(
    request: Request[Any, Any, Any], start_page: StartPage, search_request: SearchRequest
) -> Tile | None:
    """Return the tile of the kind of picture that the words name, such as `map`: few maps have the word beside them."""
    kind = find_kind(search_request, create_kind_namer(request))
    kinds = (await start_page.data()).tiles.kinds if kind else []
    return next((tile for tile in kinds if tile.value == kind), None)


async def _start_page_context(start_page: StartPage, seed: int | None) -> dict[str, Any]:
    """Return what the start page shows; empty if there is no index yet, so that the page says how to make one.

    `seed` chooses its random plates; None if the page is not shown.
    """
    try:
        start_page_data = await start_page.data()
        model_names = await start_page.model_names()
        plates = await start_page.plates(seed) if seed is not None else []
    except IndexNotFound:
        return {"collection": None, "examples": [], "random_hits": [], "models": [], "tiles": Tiles(), "plates": []}
    return {
        "collection": start_page_data.collection,
        "examples": start_page_data.examples,
        "random_hits": start_page_data.random_hits,
        "models": model_names,
        "tiles": start_page_data.tiles,
        "plates": plates,
        "seed": seed,
    }


def has_criteria(search_request: SearchRequest) -> bool:
    """Whether there is anything to search for; if not, the start page is shown."""
    return bool(search_request.query_text) or search_request.has_image_terms or search_request.has_filters


def _is_htmx_swap(request: Request[Any, Any, Any]) -> bool:
    """Whether htmx asks for the results alone.

    It asks for the whole page when its history has lost it, and takes other plates for the start page from there.
    """
    wants_page = "HX-History-Restore-Request" in request.headers or request.headers.get("HX-Target") == "plates"
    return request.headers.get("HX-Request") == "true" and not wants_page
