"""IIIF Image API 3, level 2: whole pages that were indexed from disk, and pictures."""

from typing import Annotated

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import PathParameter
from litestar.response import Redirect

from api.controllers.parameters import refuse_all_but
from api.errors import LOOKUP_ERROR_RESPONSES, AnyRequest, ProblemDetails
from api.iiif.image_information import IMAGE_MEDIA_TYPE, LEVEL_2_URI, build_image_information
from api.iiif.presentation import Resource
from api.iiif.urls import IIIFUrls
from api.image_service.server import ImageServer
from api.middleware import etag_matches
from api.picture_images import VERSION_PARAMETER

IMMUTABLE_CACHE = "public, max-age=31536000, immutable"
"""For an address with the version that its picture has now, as the pages use."""
IMAGE_CACHE = "public, max-age=604800"
"""A week; the ETag tells whether a scan has changed since."""
INFORMATION_CACHE = "public, max-age=3600"

Identifier = Annotated[
    str,
    PathParameter(
        description="Id of a picture, as the search returns it, or of a page, as a book's Manifest names it",
        examples=[Example(value="digibok_2006082900017_0012:GE1:200,310,900,640")],
    ),
]
Region = Annotated[
    str,
    PathParameter(
        description="`full`, `square`, `x,y,w,h` in pixels or `pct:x,y,w,h`", examples=[Example(value="square")]
    ),
]
Size = Annotated[
    str,
    PathParameter(
        description="`max`, `w,`, `,h`, `w,h`, `!w,h` or `pct:n`; nothing is enlarged",
        examples=[Example(value="!200,200")],
    ),
]
Rotation = Annotated[
    str, PathParameter(description="`0`, `90`, `180` or `270`; `!` mirrors first", examples=[Example(value="0")])
]
QualityAndFormat = Annotated[
    str,
    PathParameter(
        description="`default`, `color`, `gray` or `bitonal`, and `jpg`, `png` or `webp`",
        examples=[Example(value="default.jpg")],
    ),
]
IMAGE_ERROR_RESPONSES = {
    **LOOKUP_ERROR_RESPONSES,
    500: ResponseSpec(ProblemDetails, generate_examples=False, description="The file of the image cannot be read"),
    501: ResponseSpec(ProblemDetails, generate_examples=False, description="A form of the Image API for larger images"),
}


class ImageController(Controller):
    """IIIF Image API 3."""

    path = "/iiif/image"
    tags = ("iiif",)

    @get("/{identifier:str}", include_in_schema=False, before_request=refuse_all_but())
    async def redirect_to_information(self, urls: NamedDependency[IIIFUrls], identifier: Identifier) -> Redirect:
        """The base URI of an image leads to its info.json, as the Image API demands."""
        url = urls.image_service(identifier)
        return Redirect(f"{url}/info.json", status_code=303)

    @get(
        "/{identifier:str}/info.json",
        operation_id="image_information",
        media_type=IMAGE_MEDIA_TYPE,
        summary="What can be asked of an image",
        responses=IMAGE_ERROR_RESPONSES,
        before_request=refuse_all_but(),
    )
    async def get_information(
        self,
        request: AnyRequest,
        urls: NamedDependency[IIIFUrls],
        image_server: NamedDependency[ImageServer],
        identifier: Identifier,
    ) -> Response[Resource]:
        """The info.json of a page or a picture: its size, tiles, formats and limits."""
        source = await image_server.find_source(identifier)
        content = build_image_information(
            urls.image_service(identifier),
            source.width,
            source.height,
            image_server.limits,
            source.licence,
        )
        headers = {
            "Cache-Control": INFORMATION_CACHE,
            "Link": f'<{LEVEL_2_URI}>;rel="profile"',
            "Vary": "Accept",
        }
        return Response(content, media_type=_information_media_type(request), headers=headers)

    @get(
        "/{identifier:str}/{region:str}/{size:str}/{rotation:str}/{file:str}",
        operation_id="image",
        media_type="image/jpeg",
        summary="An image or a part of it",
        responses=IMAGE_ERROR_RESPONSES,
        before_request=refuse_all_but(VERSION_PARAMETER),
    )
    async def get_image(
        self,
        *,
        request: AnyRequest,
        urls: NamedDependency[IIIFUrls],
        image_server: NamedDependency[ImageServer],
        identifier: Identifier,
        region: Region,
        size: Size,
        rotation: Rotation,
        file: QualityAndFormat,
    ) -> Response[bytes]:
        """A region of a page or a picture, scaled, turned and encoded."""
        version = request.query_params.get(VERSION_PARAMETER, "")
        requested = await image_server.read_request(identifier, f"{region}/{size}/{rotation}/{file}", version)
        url = urls.image_service(identifier)
        headers = {
            "ETag": requested.etag,
            "Cache-Control": IMMUTABLE_CACHE if version and version == requested.source.version else IMAGE_CACHE,
            "Link": f'<{url}/{requested.canonical_request}>;rel="canonical",<{LEVEL_2_URI}>;rel="profile"',
        }
        # Nothing is cut for a client that has it; the middleware answers so only after the work is done.
        is_known = etag_matches(request.headers.get("if-none-match", ""), requested.etag)
        content = b"" if is_known else await image_server.cut(requested)
        return Response(content, status_code=304 if is_known else 200, media_type=requested.media_type, headers=headers)


def _information_media_type(request: AnyRequest) -> str:
    """Return JSON-LD, or JSON for a client that accepts it alone."""
    accept = request.headers.get("accept", "")
    return "application/json" if "application/json" in accept and "ld+json" not in accept else IMAGE_MEDIA_TYPE
