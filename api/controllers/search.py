"""Pictures by words, by a picture, or by both: a page for readers, JSON for programs."""

from dataclasses import replace
from typing import Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import MultipartBody
from litestar.response import Redirect, Template

from api.controllers.forms import UploadForm, refuse_broken_form, refuse_unknown_fields
from api.errors import PROBLEMS, NoIndex, ReaderError
from api.responses import SearchPage
from api.search.parameters import refuse_unknown
from api.search.query_syntax import parse
from api.search.request import Question
from api.search.service import Searcher
from api.start_page import Collection

Form = MultipartBody[UploadForm]


class SearchController(Controller):
    """The search, once as JSON and once as a page."""

    @get(
        "/api/search",
        operation_id="search_pictures",
        summary="Search",
        tags=["search"],
        responses={status: PROBLEMS[status] for status in (400, 404, 503)},
        before_request=refuse_unknown,
    )
    async def as_json(self, searcher: NamedDependency[Searcher], question: NamedDependency[Question]) -> SearchPage:
        """Pictures whose surrounding words, catalogue record or look match, in one request; without a question, all."""
        return await searcher.search(question)

    @post(
        "/api/search",
        operation_id="search_by_upload",
        summary="Search by a picture",
        status_code=200,
        tags=["search"],
        responses={status: PROBLEMS[status] for status in (400, 404, 413, 503)},
        before_request=refuse_unknown_fields,
    )
    async def upload_as_json(self, searcher: NamedDependency[Searcher], data: Form) -> SearchPage:
        """The pictures that look most like the one sent; `vector` asks the same again without sending it."""
        question = await searcher.upload(await data.picture(), data.term(), data.question())
        page = await searcher.search(question)
        return replace(page, vector=question.vector[-1])

    @get("/", include_in_schema=False)
    async def as_page(
        self,
        request: Request[Any, Any, Any],
        searcher: NamedDependency[Searcher],
        collection: NamedDependency[Collection],
        question: NamedDependency[Question],
    ) -> Template:
        return await _page(request, searcher, collection, question)

    @post("/", include_in_schema=False, status_code=303, before_request=refuse_broken_form)
    async def upload_as_page(
        self,
        request: Request[Any, Any, Any],
        searcher: NamedDependency[Searcher],
        collection: NamedDependency[Collection],
        data: Form,
    ) -> Template | Redirect:
        """To the address of the same search, which can be kept, narrowed and paged."""
        question = data.question()
        try:
            asked = await searcher.upload(await data.picture(), data.term(), question)
        except ReaderError as error:
            return await _page(request, searcher, collection, question, error)
        return Redirect(asked.url(), status_code=303)


async def _page(
    request: Request[Any, Any, Any],
    searcher: Searcher,
    collection: Collection,
    question: Question,
    problem: ReaderError | None = None,
) -> Template:
    """What cannot be asked is said above the reader's own question, which stays in its fields."""
    results, asked = None, []
    if problem is None and asks(question):
        try:
            results = await searcher.search(question)
            asked = await searcher.pictures_asked(question)
        except NoIndex:
            raise
        except ReaderError as error:
            problem = error
    words = parse(question.words)
    return Template(
        "partials/results.html.jinja" if _swaps(request) else "search.html.jinja",
        context={
            "question": question,
            "results": results,
            "asked": asked,
            "explained": "" if words.plain else words.explained(question.match),
            "problem": str(problem) if problem else "",
            **await _start(collection),
        },
        status_code=problem.status if problem else 200,
        headers={"Vary": "HX-Request"},
    )


async def _start(collection: Collection) -> dict[str, Any]:
    """Empty where there is no index yet: the start page then says how to make one."""
    try:
        start = await collection.start()
        models = await collection.models()
    except NoIndex:
        return {"collection": None, "examples": [], "random": [], "models": []}
    return {"collection": start.collection, "examples": start.examples, "random": start.random, "models": models}


def asks(question: Question) -> bool:
    """Without words, picture and filter there is nothing to answer: that is the start page."""
    return bool(question.words) or question.by_picture or question.filtered


def _swaps(request: Request[Any, Any, Any]) -> bool:
    """htmx wants the results alone, unless it restores a whole page that its history has lost."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers
