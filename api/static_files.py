"""Files that are sent as they are: style sheets, scripts and crops."""

import asyncio
from typing import Annotated

from litestar import get
from litestar.exceptions import NotFoundException
from litestar.params import PathParameter
from litestar.response import File
from litestar.router import Router
from litestar.static_files import create_static_files_router

from api.elasticsearch.hits import CROPS_PATH
from api.errors import FILE_EXCEPTION_HANDLERS
from api.resources import TEMPLATES_FOLDER
from api.web_configuration import CROP_CACHE, STATIC_CACHE
from core.crop_stores import open_crop_store
from core.settings import Settings


def create_static_routers(settings: Settings) -> list[Router]:
    """Return routers that serve the files of two folders: CSS and JavaScript, and the crops."""
    return [
        create_static_files_router(
            "/static",
            [TEMPLATES_FOLDER / "static"],
            name="static",
            cache_control=STATIC_CACHE,
            exception_handlers=FILE_EXCEPTION_HANDLERS,
        ),
        _create_remote_crops_router(settings) if settings.has_remote_crops else _create_crops_router(settings),
    ]


def _create_crops_router(settings: Settings) -> Router:
    return create_static_files_router(
        CROPS_PATH,
        [settings.crops_folder],
        name="crops",
        cache_control=CROP_CACHE,
        exception_handlers=FILE_EXCEPTION_HANDLERS,
    )


def _create_remote_crops_router(settings: Settings) -> Router:
    """Return a router that sends copies of crops which are elsewhere."""
    crops = open_crop_store(settings)

    @get("/{name:path}", cache_control=CROP_CACHE, include_in_schema=False, media_type="image/jpeg")
    async def send_crop(name: Annotated[str, PathParameter()]) -> File:
        file = await asyncio.to_thread(crops.find, name.lstrip("/"))
        if file is None:
            raise NotFoundException
        return File(file, content_disposition_type="inline", media_type="image/jpeg")

    return Router(CROPS_PATH, route_handlers=[send_crop], exception_handlers=FILE_EXCEPTION_HANDLERS)
