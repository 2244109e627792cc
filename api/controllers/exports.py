"""Exports: the results of a search as a file."""

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

from api.controllers.parameters import EXPORT_PARAMETERS, accept_parameters, refuse_all_but
from api.errors import LOOKUP_ERROR_RESPONSES
from api.exports import MAX_EXPORTED_PICTURES, WRITERS, Citation, Export, Format
from api.iiif.urls import IIIFUrls
from api.responses import ResultPage
from api.search.request import SearchRequest
from api.search.service import Searcher

FormatName = Annotated[Format, PathParameter(description="The file's format", examples=[Example(value="bibtex")])]

FILE_RESPONSE = ResponseSpec(
    str,
    generate_examples=False,
    media_type=WRITERS["csv"].media_type,
    description="The file. `X-Total-Count` is the number of results, which may be more than the file holds.",
)


@dataclass
class ExportOperation(Operation):
    """An operation that lists the media types of all formats; Litestar itself can describe one only."""

    def __post_init__(self) -> None:
        file_response = self.responses and self.responses["200"]
        if isinstance(file_response, OpenAPIResponse):
            file_response.content = {
                writer.media_type: OpenAPIMediaType(schema=Schema()) for writer in WRITERS.values()
            }


class ExportController(Controller):
    """Exports of up to `MAX_EXPORTED_PICTURES` results."""

    @get(
        "/api/export/{format_name:str}",
        operation_id="export_pictures",
        operation_class=ExportOperation,
        summary="Export",
        tags=["export"],
        responses={200: FILE_RESPONSE, **LOOKUP_ERROR_RESPONSES},
        before_request=refuse_all_but(*EXPORT_PARAMETERS),
        dependencies=accept_parameters(*EXPORT_PARAMETERS),
    )
    async def export_pictures(
        self,
        request: Request[Any, Any, Any],
        searcher: NamedDependency[Searcher],
        search_request: NamedDependency[SearchRequest],
        format_name: FormatName,
    ) -> Response[bytes]:
        """The first 1,000 pictures of a search as a file; takes neither `document` and `group` nor `page` and `size`.

        BibTeX, RIS and CSL-JSON cite each picture within its book. Where there are more pictures, a comment in BibTeX
        and a note in RIS say so; in every format `X-Total-Count` gives their number.
        """
        export_request = replace(search_request, size=MAX_EXPORTED_PICTURES, collapse="none")
        urls = IIIFUrls.from_base_url(request.base_url)
        result_page = await searcher.search(export_request)
        writer = WRITERS[format_name]
        return Response(
            writer.write(build_export(result_page, urls)).encode(),
            media_type=writer.media_type,
            headers={
                "Content-Disposition": content_disposition(search_request.query_text, writer.extension),
                "X-Total-Count": str(result_page.total),
            },
        )


def build_export(result_page: ResultPage, urls: IIIFUrls) -> Export:
    """Return the citations of the pictures among the results."""
    picture_hits = [hit for hit in result_page.hits if hit.document == "picture"][:MAX_EXPORTED_PICTURES]
    citations = [
        Citation(hit=hit, url=urls.picture_page(hit.id), image=urls.make_absolute(hit.large_image))
        for hit in picture_hits
    ]
    return Export(citations=tuple(citations), total=result_page.total)


def content_disposition(query_text: str, extension: str) -> str:
    """Return a header that names the file after the query text, also for ASCII-only clients (RFC 6266)."""
    file_name = "-".join(re.findall(r"\w+", query_text))[:80] or "pictures"
    ascii_name = unicodedata.normalize("NFKD", file_name).encode("ascii", "ignore").decode() or "pictures"
    return f"attachment; filename=\"{ascii_name}.{extension}\"; filename*=UTF-8''{quote(file_name)}.{extension}"
