"""My list: the pictures that a reader keeps in the browser, and lists that an address names."""

from typing import Annotated
from urllib.parse import urlencode

import msgspec
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.openapi.spec import Example
from litestar.params import QueryParameter
from litestar.response import Template

from api.controllers.exports import FILE_RESPONSE, ExportOperation, FormatName, build_export, file_response
from api.controllers.parameters import refuse_all_but, refuse_search_parameters_but
from api.elasticsearch.gateway import SearchGateway
from api.errors import LOOKUP_ERROR_RESPONSES, PictureNotFound
from api.iiif.manifests import build_list_manifest
from api.iiif.presentation import MEDIA_TYPE, Resource
from api.iiif.urls import IIIFUrls
from api.pictures import PictureSelection, select_pictures
from api.search.parameter import MAX_VALUE_LENGTH
from api.search.request import SearchRequest
from core.text import clean_text

MAX_LISTED_PICTURES = 100
"""Pictures of one list: the address of so many is about 6,000 characters long, which all servers take."""

DEFAULT_NAME = "Pictures"

PictureId = Annotated[str, msgspec.Meta(max_length=MAX_VALUE_LENGTH)]
IDS_DESCRIPTION = "Ids of pictures, in the order of the list; repeated"
IDS_EXAMPLE = Example(value=["digibok_2006082900017_0012:GE1:200,310,900,640"])
PictureIds = Annotated[
    list[PictureId],
    QueryParameter(min_items=1, max_items=MAX_LISTED_PICTURES, description=IDS_DESCRIPTION, examples=[IDS_EXAMPLE]),
]
OptionalPictureIds = Annotated[
    list[PictureId] | None,
    QueryParameter(max_items=MAX_LISTED_PICTURES, description=IDS_DESCRIPTION, examples=[IDS_EXAMPLE]),
]
ListName = Annotated[
    str, QueryParameter(max_length=200, description="Title of the list", examples=[Example(value="Fyr ved kysten")])
]


class ListController(Controller):
    """Lists of pictures that readers make. The server stores none: an address names all pictures of a list."""

    @get("/list", include_in_schema=False, before_request=refuse_search_parameters_but())
    async def show_list(
        self, gateway: NamedDependency[SearchGateway], id: OptionalPictureIds = None, name: ListName = ""
    ) -> Template:
        selection = await select_pictures(gateway, id or [])
        name = clean_text(name)
        context = {
            "search_request": SearchRequest(),
            "selection": selection,
            "hits_by_id": {hit.id: hit for hit in selection.hits},
            "ids": list(dict.fromkeys(id or [])),
            "name": name,
            "query_string": list_query_string(id or [], name),
            "max_pictures": MAX_LISTED_PICTURES,
        }
        return Template("list.html.jinja", context=context)

    @get(
        "/api/list",
        operation_id="get_list",
        summary="Chosen pictures",
        tags=["pictures"],
        responses=LOOKUP_ERROR_RESPONSES,
        before_request=refuse_all_but("id"),
    )
    async def get_list(self, gateway: NamedDependency[SearchGateway], id: PictureIds) -> PictureSelection:
        """The pictures with these ids, in their order, hidden ones too; `missing` are ids that the index lacks."""
        return await select_pictures(gateway, id)

    @get(
        "/api/list/{format_name:str}",
        operation_id="export_list",
        operation_class=ExportOperation,
        summary="Chosen pictures as a file",
        tags=["export"],
        responses={200: FILE_RESPONSE, **LOOKUP_ERROR_RESPONSES},
        before_request=refuse_all_but("id", "name"),
    )
    async def export_list(
        self,
        urls: NamedDependency[IIIFUrls],
        gateway: NamedDependency[SearchGateway],
        format_name: FormatName,
        id: PictureIds,
        name: ListName = "",
    ) -> Response[bytes]:
        """The pictures with these ids as a file in the formats of `/api/export`; ids that the index lacks are left out.

        `name` names the file.
        """
        selection = await select_pictures(gateway, id)
        export = build_export(selection.hits, urls, total=selection.total)
        return await file_response(export, format_name, clean_text(name))

    @get(
        "/iiif/list",
        operation_id="list_manifest",
        media_type=MEDIA_TYPE,
        summary="Chosen pictures",
        tags=["iiif"],
        responses=LOOKUP_ERROR_RESPONSES,
        before_request=refuse_all_but("id", "name"),
    )
    async def get_list_manifest(
        self,
        urls: NamedDependency[IIIFUrls],
        gateway: NamedDependency[SearchGateway],
        id: PictureIds,
        name: ListName = "",
    ) -> Response[Resource]:
        """A Manifest with one Canvas for each of these pictures, in their order; `name` is its label."""
        selection = await select_pictures(gateway, id)
        if not selection.hits:
            raise PictureNotFound(id[0])
        query_string = list_query_string(id, clean_text(name))
        manifest = build_list_manifest(
            f"{urls.base_url}/iiif/list?{query_string}",
            clean_text(name) or DEFAULT_NAME,
            selection.hits,
            f"{urls.base_url}/list?{query_string}",
            urls,
        )
        return Response(manifest, media_type=MEDIA_TYPE)


def list_query_string(picture_ids: list[str], name: str) -> str:
    """Return the parameters of a list's address."""
    pairs = [("id", picture_id) for picture_id in dict.fromkeys(picture_ids)]
    return urlencode([*pairs, *([("name", name)] if name else [])], safe=":,")
