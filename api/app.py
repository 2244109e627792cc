"""The application: its routes, dependencies, error handlers and lifespan."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version

import structlog
from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.config.cors import CORSConfig
from litestar.datastructures import CacheControlHeader, State
from litestar.di import NamedDependency, Provide
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import License, Tag
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.router import Router
from litestar.static_files import create_static_files_router
from litestar.template import TemplateConfig

from api.books import Books
from api.controllers.books import BookController
from api.controllers.content_search import ContentSearchController
from api.controllers.exports import ExportController
from api.controllers.facets import FacetController
from api.controllers.health import get_health
from api.controllers.iiif import IIIFController
from api.controllers.images import ImageController
from api.controllers.parameters import accept_parameters, provide_search_request
from api.controllers.pictures import PictureController
from api.controllers.search import SearchController
from api.elasticsearch.client import create_client
from api.elasticsearch.errors import CLIENT_ERRORS, ELASTICSEARCH_EXCEPTION_HANDLERS
from api.elasticsearch.gateway import SearchGateway
from api.elasticsearch.hits import CROPS_PATH
from api.elasticsearch.queries import MAX_CANDIDATES
from api.errors import EXCEPTION_HANDLERS, FILE_EXCEPTION_HANDLERS, UserFacingError, strip_credentials
from api.image_service.server import ImageServer
from api.middleware import wrap_with_middleware
from api.page_names import page_name
from api.picture_images import IMAGES_PATH, picture_image
from api.resources import TEMPLATES_FOLDER
from api.search.parameters import FACETS, PARAMETERS
from api.search.service import Searcher
from api.start_page import StartPage
from api.vision.query_encoders import EncoderLoaders, QueryEncoders
from api.vision.query_vectors import VectorQueryBuilder
from api.vision.remote_images import RemoteImages, create_image_client
from api.vision.uploads import ACCEPTED_IMAGES
from core.dates import describe_date
from core.encoders import installed_models, load_model
from core.errors import FrontispieceError
from core.image_requests import FORMATS
from core.languages import language_name
from core.settings import Settings

log = structlog.get_logger()

MAX_FORM_FIELD_BYTES = 100_000
"""Bytes of a form besides the uploaded picture."""

STATIC_CACHE = CacheControlHeader(max_age=3600, public=True)
CROP_CACHE = CacheControlHeader(max_age=7 * 24 * 3600, public=True)
"""The file name of a crop is derived from the picture's id, and only reindexing its book changes the file."""

COMPRESSION = CompressionConfig(
    backend="gzip", gzip_compress_level=3, exclude=[f"^{CROPS_PATH}/", rf"^{IMAGES_PATH}/.*\.(?:{'|'.join(FORMATS)})$"]
)
"""Level 3 takes less than half the time of level 9, for 7 % more bytes."""

READABLE_HEADERS = ["X-Total-Count", "Content-Disposition", "Link"]
CORS = CORSConfig(allow_origins=["*"], allow_methods=["GET"], expose_headers=READABLE_HEADERS)


def create_app(
    settings: Settings, *, elasticsearch_url: str | None = None, encoder_loaders: EncoderLoaders | None = None
) -> Litestar:
    """Return the application for the index alias of the settings.

    `elasticsearch_url` is used if the settings name no cluster; it is that of the embedded node. `encoder_loaders`
    replace the installed models in tests. Raises `FrontispieceError` if there is no URL at all.
    """
    url = settings.elasticsearch_url or elasticsearch_url
    if not url:
        raise FrontispieceError(
            "no Elasticsearch: set FRONTISPIECE_ELASTICSEARCH_URL, or start a node with `frontispiece node start`"
        )
    loaders = _installed_encoders(settings) if encoder_loaders is None else encoder_loaders
    app = Litestar(
        route_handlers=[*ROUTES, *_create_static_routers(settings)],
        dependencies={**accept_parameters(*PARAMETERS), **SERVICES},
        lifespan=[partial(_open_services, settings, url, loaders)],
        exception_handlers={**EXCEPTION_HANDLERS, **ELASTICSEARCH_EXCEPTION_HANDLERS},
        template_config=TemplateConfig(instance=_create_template_engine()),
        compression_config=COMPRESSION,
        cors_config=CORS,
        request_max_body_size=settings.max_upload_bytes + MAX_FORM_FIELD_BYTES,
        openapi_config=_create_openapi_config(),
        logging_config=None,  # errors are logged with structlog, see `api.errors`
    )
    app.asgi_handler = wrap_with_middleware(app.asgi_handler)
    return app


@asynccontextmanager
async def _open_services(
    settings: Settings, url: str, encoder_loaders: EncoderLoaders, app: Litestar
) -> AsyncIterator[None]:
    """Open the clients, put the services into the application's state, and close the clients at the end."""
    async with create_client(settings, url) as client, create_image_client(settings) as image_client:
        query_encoders = QueryEncoders(encoder_loaders)
        gateway = SearchGateway(client, query_encoders, settings.alias)
        remote_images = RemoteImages(image_client, settings)
        query_vectors = VectorQueryBuilder(gateway, query_encoders, remote_images, settings)
        image_server = ImageServer(gateway, settings)
        app.state.gateway = gateway
        app.state.image_server = image_server
        app.state.searcher = Searcher(gateway, query_encoders, query_vectors)
        app.state.start_page = StartPage(gateway)
        await _log_models(gateway, url)
        async with image_server:
            yield


async def _log_models(gateway: SearchGateway, url: str) -> None:
    """Log which models can be searched with. Elasticsearch may still be starting: each request tries again."""
    try:
        for model_state in await gateway.model_states():
            log.info("model", name=model_state.name, usable=model_state.usable, problem=model_state.problem)
    except (*CLIENT_ERRORS, UserFacingError) as error:
        log.warning("elasticsearch.not_ready", url=strip_credentials(url), error=str(error))


def _installed_encoders(settings: Settings) -> EncoderLoaders:
    """Return loaders of the installed models, or of those that the setting `models` names."""
    return {
        name: partial(load_model, name, settings)
        for name in installed_models()
        if not settings.models or name in settings.model_names
    }


def _provide_gateway(state: State) -> SearchGateway:
    gateway: SearchGateway = state.gateway
    return gateway


def _provide_image_server(state: State) -> ImageServer:
    image_server: ImageServer = state.image_server
    return image_server


def _provide_books(gateway: NamedDependency[SearchGateway], image_server: NamedDependency[ImageServer]) -> Books:
    return Books(gateway, image_server.scan_folders)


def _provide_searcher(state: State) -> Searcher:
    searcher: Searcher = state.searcher
    return searcher


def _provide_start_page(state: State) -> StartPage:
    start_page: StartPage = state.start_page
    return start_page


ROUTES = (
    SearchController,
    FacetController,
    PictureController,
    BookController,
    ExportController,
    IIIFController,
    ContentSearchController,
    ImageController,
    get_health,
)

SERVICES = {
    "search_request": Provide(provide_search_request, sync_to_thread=False),
    "gateway": Provide(_provide_gateway, sync_to_thread=False),
    "image_server": Provide(_provide_image_server, sync_to_thread=False),
    "books": Provide(_provide_books, sync_to_thread=False),
    "searcher": Provide(_provide_searcher, sync_to_thread=False),
    "start_page": Provide(_provide_start_page, sync_to_thread=False),
}
"""Dependency name → provider, for the handlers."""


def _create_template_engine() -> JinjaTemplateEngine:
    template_engine = JinjaTemplateEngine(directory=TEMPLATES_FOLDER)
    template_engine.engine.globals.update(
        PARAMETERS=PARAMETERS,
        FACETS=FACETS,
        describe_date=describe_date,
        name_of_page=page_name,
        picture_image=picture_image,
        MAX_CANDIDATES=MAX_CANDIDATES,
        language_name=language_name,
        ACCEPTED_IMAGES=ACCEPTED_IMAGES,
    )
    # A build copies htmx from npm; without it the pages use plain links and forms.
    template_engine.engine.globals["htmx"] = (TEMPLATES_FOLDER / "static" / "vendor" / "htmx.min.js").is_file()
    return template_engine


def _create_static_routers(settings: Settings) -> list[Router]:
    """Return routers that serve the files of two folders: CSS and JavaScript, and the crops."""
    return [
        create_static_files_router(
            "/static",
            [TEMPLATES_FOLDER / "static"],
            name="static",
            cache_control=STATIC_CACHE,
            exception_handlers=FILE_EXCEPTION_HANDLERS,
        ),
        create_static_files_router(
            CROPS_PATH,
            [settings.crops_folder],
            name="crops",
            cache_control=CROP_CACHE,
            exception_handlers=FILE_EXCEPTION_HANDLERS,
        ),
    ]


def _create_openapi_config() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Frontispiece",
        version=version("frontispiece"),
        description="Finds pictures in digitised books by words, by picture, or by both in one request.",
        license=License(name="Apache-2.0", identifier="Apache-2.0"),
        tags=[
            Tag(name="search", description="Search by words, pictures and filters"),
            Tag(name="pictures", description="One picture and related pictures"),
            Tag(name="books", description="One book"),
            Tag(name="export", description="Results as files: CSV, JSON Lines, BibTeX, RIS, CSL-JSON"),
            Tag(name="iiif", description="IIIF Presentation 3, Content Search 2 and Image API 3"),
            Tag(name="service", description="The service itself"),
        ],
        use_handler_docstrings=True,
        render_plugins=[JsonRenderPlugin(path=["/", "/openapi.json"])],
    )
