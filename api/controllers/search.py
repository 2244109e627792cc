"""The search by words, by a picture, or by both: a page for readers and JSON for programs."""

from dataclasses import replace
from typing import Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import MultipartBody
from litestar.response import Redirect, Template

from api.controllers.forms import UploadForm, refuse_broken_form, refuse_unknown_fields
from api.controllers.parameters import refuse_unknown_parameters
from api.errors import ERROR_RESPONSES, LOOKUP_ERROR_RESPONSES, IndexNotFound, UserFacingError
from api.responses import ResultPage
from api.search.request import SearchRequest
from api.search.service import Searcher
from api.start_page import StartPage

Form = MultipartBody[UploadForm]


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
        search_request = await searcher.add_upload(await data.read_image(), data.image_term(), data.to_search_request())
        result_page = await searcher.search(search_request)
        return replace(result_page, vector=search_request.vector[-1])

    @get("/", include_in_schema=False)
    async def show_search_page(
        self,
        request: Request[Any, Any, Any],
        searcher: NamedDependency[Searcher],
        start_page: NamedDependency[StartPage],
        search_request: NamedDependency[SearchRequest],
    ) -> Template:
        return await _render_search_page(request, searcher, start_page, search_request)

    @post("/", include_in_schema=False, status_code=303, before_request=refuse_broken_form)
    async def submit_upload(
        self,
        request: Request[Any, Any, Any],
        searcher: NamedDependency[Searcher],
        start_page: NamedDependency[StartPage],
        data: Form,
    ) -> Template | Redirect:
        """Redirect to the URL of the search with the uploaded picture, which can be saved, filtered and paged."""
        search_request = data.to_search_request()
        try:
            upload_request = await searcher.add_upload(await data.read_image(), data.image_term(), search_request)
        except UserFacingError as error:
            return await _render_search_page(request, searcher, start_page, search_request, error)
        return Redirect(upload_request.url(), status_code=303)


async def _render_search_page(
    request: Request[Any, Any, Any],
    searcher: Searcher,
    start_page: StartPage,
    search_request: SearchRequest,
    user_error: UserFacingError | None = None,
) -> Template:
    """Render the search page; an error is shown above the search form, which keeps what was typed."""
    result_page, query_images = None, []
    if user_error is None and has_criteria(search_request):
        try:
            results = await searcher.search_for_page(search_request)
            result_page, query_images = results.result_page, results.query_images
        except IndexNotFound:
            raise
        except UserFacingError as error:
            user_error = error
    query_terms = search_request.query_terms
    return Template(
        "partials/results.html.jinja" if _is_htmx_swap(request) else "search.html.jinja",
        context={
            "search_request": search_request,
            "results": result_page,
            "query_images": query_images,
            "query_explanation": "" if query_terms.is_plain else query_terms.explanation(search_request.match),
            "problem": str(user_error) if user_error else "",
            **await _start_page_context(start_page),
        },
        status_code=user_error.status if user_error else 200,
        headers={"Vary": "HX-Request"},
    )


async def _start_page_context(start_page: StartPage) -> dict[str, Any]:
    """Return what the start page shows; empty if there is no index yet, so that the page says how to make one."""
    try:
        start_page_data = await start_page.data()
        model_names = await start_page.model_names()
    except IndexNotFound:
        return {"collection": None, "examples": [], "random_hits": [], "models": []}
    return {
        "collection": start_page_data.collection,
        "examples": start_page_data.examples,
        "random_hits": start_page_data.random_hits,
        "models": model_names,
    }


def has_criteria(search_request: SearchRequest) -> bool:
    """Whether there is anything to search for; if not, the start page is shown."""
    return bool(search_request.query_text) or search_request.has_image_terms or search_request.has_filters


def _is_htmx_swap(request: Request[Any, Any, Any]) -> bool:
    """Whether htmx asks for the results alone; it asks for the whole page when its history has lost it."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers
