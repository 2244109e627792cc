"""One picture: its page, and its document as it was indexed."""

from typing import Annotated, Any

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import PathParameter
from litestar.response import Template

from api import results
from api.errors import PROBLEMS
from api.question import Question
from api.search import Searcher

PictureId = Annotated[str, PathParameter(description="Id of a picture, as the search gives it")]


class PictureController(Controller):
    """One picture with everything that is known of it."""

    @get(
        "/api/pictures/{picture_id:str}",
        operation_id="get_picture",
        summary="One picture",
        tags=["pictures"],
        responses={status: PROBLEMS[status] for status in (404, 503)},
    )
    async def as_json(self, searcher: NamedDependency[Searcher], picture_id: PictureId) -> dict[str, Any]:
        """The document as indexed, with its `id` and without its vectors; `es-mappings/README.md` names the fields."""
        hit, record = await searcher.picture(picture_id)
        return {"id": hit.id, **record}

    @get("/pictures/{picture_id:str}", include_in_schema=False)
    async def as_page(self, searcher: NamedDependency[Searcher], picture_id: PictureId) -> Template:
        hit, record = await searcher.picture(picture_id)
        return Template(
            "picture.html.jinja",
            context={
                "hit": hit,
                "record": record,
                "page_text": results.page_text(record),
                "question": Question(),
                "models": [state.name for state in await searcher.model_states()],
            },
        )
