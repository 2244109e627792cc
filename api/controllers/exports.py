"""Exports: the results of a search as a file."""

import asyncio
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import quote

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example, OpenAPIMediaType, OpenAPIResponse, Operation, Schema
from litestar.params import PathParameter

from api.controllers.parameters import EXPORT_PARAMETERS, accept_parameters, refuse_all_but
from api.controllers.pictures import PictureId
from api.errors import LOOKUP_ERROR_RESPONSES
from api.exports import MAX_EXPORTED_PICTURES, WRITERS, Citation, Export, Format
from api.iiif.urls import IIIFUrls
from api.responses import Hit
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
        urls: NamedDependency[IIIFUrls],
        searcher: NamedDependency[Searcher],
        search_request: NamedDependency[SearchRequest],
        format_name: FormatName,
    ) -> Response[bytes]:
        """The first 1,000 pictures of a search as a file; takes neither `document` and `group` nor `page` and `size`.

        BibTeX, RIS and CSL-JSON cite each picture within its book. Where there are more pictures, a comment in BibTeX
        and a note in RIS say so; in every format `X-Total-Count` gives their number.
        """
        export_request = replace(search_request, size=MAX_EXPORTED_PICTURES, collapse="none")
        result_page = await searcher.search(export_request, marks_words=False)
        picture_hits = [hit for hit in result_page.hits if hit.document == "picture"][:MAX_EXPORTED_PICTURES]
        export = build_export(picture_hits, urls, total=result_page.total)
        return await file_response(export, format_name, search_request.query_text)

    @get(
        "/api/pictures/{picture_id:str}/export/{format_name:str}",
        operation_id="export_picture",
        operation_class=ExportOperation,
        summary="Export of one picture",
        tags=["export"],
        responses={200: FILE_RESPONSE, **LOOKUP_ERROR_RESPONSES},
        before_request=refuse_all_but(),
    )
    async def export_picture(
        self,
        urls: NamedDependency[IIIFUrls],
        searcher: NamedDependency[Searcher],
        picture_id: PictureId,
        format_name: FormatName,
    ) -> Response[bytes]:
        """One picture as a file, cited within its book in BibTeX, RIS and CSL-JSON."""
        hit = (await searcher.get_picture(picture_id)).hit
        export = build_export([hit], urls, total=1)
        return await file_response(export, format_name, hit.caption or hit.title)


def build_citation(hit: Hit, urls: IIIFUrls) -> Citation:
    """Return the citation of a picture at its address in this service."""
    return Citation(hit=hit, url=urls.picture_page(hit.id), image=urls.make_absolute(hit.large_image))


def build_export(picture_hits: Sequence[Hit], urls: IIIFUrls, *, total: int) -> Export:
    """Return the citations of the pictures, which may be the first of more."""
    return Export(citations=tuple(build_citation(hit, urls) for hit in picture_hits), total=total)


async def file_response(export: Export, format_name: Format, name: str) -> Response[bytes]:
    """Return an export as a file that is named after a query text or a title."""
    writer = WRITERS[format_name]
    content = (await asyncio.to_thread(writer.write, export)).encode()
    return Response(
        content,
        media_type=writer.media_type,
        headers={
            "Content-Disposition": content_disposition(name, writer.extension),
            "X-Total-Count": str(export.total),
        },
    )


def content_disposition(name: str, extension: str) -> str:
    """Return a header that names the file after a query text or a title, also for ASCII-only clients (RFC 6266)."""
    file_name = "-".join(re.findall(r"\w+", name))[:80] or "pictures"
    ascii_name = unicodedata.normalize("NFKD", file_name).encode("ascii", "ignore").decode() or "pictures"
    return f"attachment; filename=\"{ascii_name}.{extension}\"; filename*=UTF-8''{quote(file_name)}.{extension}"
