"""The results of a search as a file: for spreadsheets, for programs, and for lists of references."""

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import quote

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example, OpenAPIMediaType, OpenAPIResponse, Operation, Schema
from litestar.params import PathParameter

from api.errors import PROBLEMS
from api.exports import MOST, WRITERS, Citation, Export, Format
from api.iiif.addresses import Addresses
from api.responses import SearchPage
from api.search.parameters import refuse_unknown
from api.search.request import Question
from api.search.service import Searcher

FormatName = Annotated[Format, PathParameter(description="The file's format", examples=[Example(value="bibtex")])]

FILE = ResponseSpec(
    str,
    generate_examples=False,
    media_type=WRITERS["csv"].media_type,
    description="The file. `X-Total-Count` says how many pictures were found, however many of them are in it.",
)


@dataclass
class ExportOperation(Operation):
    """Every format's media type: Litestar's own description of an answer has room for one."""

    def __post_init__(self) -> None:
        file = self.responses and self.responses["200"]
        if isinstance(file, OpenAPIResponse):
            file.content = {writer.media_type: OpenAPIMediaType(schema=Schema()) for writer in WRITERS.values()}


class ExportController(Controller):
    """All that was found, up to a limit, in one file."""

    @get(
        "/api/export/{form:str}",
        operation_id="export_pictures",
        operation_class=ExportOperation,
        summary="Export",
        tags=["export"],
        responses={200: FILE, **{status: PROBLEMS[status] for status in (400, 404, 503)}},
        before_request=refuse_unknown,
    )
    async def as_file(
        self,
        request: Request[Any, Any, Any],
        searcher: NamedDependency[Searcher],
        question: NamedDependency[Question],
        form: FormatName,
    ) -> Response[bytes]:
        """The first 1,000 pictures of a search, whatever its `page` and `size`, as a file to keep.

        BibTeX, RIS and CSL-JSON cite each picture within its book. Where there are more pictures, a comment in BibTeX
        and a note in RIS say so; in every format `X-Total-Count` gives their number.
        """
        asked = replace(question, document=("picture",), group="", page=1, size=MOST)
        at = Addresses(str(request.base_url).rstrip("/"))
        found = await searcher.search(asked)
        writer = WRITERS[form]
        return Response(
            writer.write(export(found, at)).encode(),
            media_type=writer.media_type,
            headers={
                "Content-Disposition": disposition(question.words, writer.ending),
                "X-Total-Count": str(found.total),
            },
        )


def export(found: SearchPage, at: Addresses) -> Export:
    """The pictures of what was found; pages and books are not cited."""
    pictures = [hit for hit in found.hits if hit.document == "picture"][:MOST]
    citations = [Citation(hit=hit, url=at.picture(hit.id), image=at.absolute(hit.large)) for hit in pictures]
    return Export(citations=tuple(citations), total=found.total)


def disposition(words: str, ending: str) -> str:
    """A file called after the words, for browsers that know only ASCII as well (RFC 6266)."""
    name = "-".join(re.findall(r"\w+", words))[:80] or "pictures"
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode() or "pictures"
    return f"attachment; filename=\"{plain}.{ending}\"; filename*=UTF-8''{quote(name)}.{ending}"
