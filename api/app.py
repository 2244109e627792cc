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
from litestar.di import Provide
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import License, Tag
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.router import Router
from litestar.static_files import create_static_files_router
from litestar.template import TemplateConfig
from PIL import Image

from api.controllers.books import BookController
from api.controllers.exports import ExportController
from api.controllers.facets import FacetController
from api.controllers.health import get_health
from api.controllers.iiif import IIIFController
from api.controllers.parameters import provide_search_request, take_parameters
from api.controllers.pictures import PictureController
from api.controllers.search import SearchController
from api.elasticsearch.client import create_client
from api.elasticsearch.errors import CLIENT_ERRORS, ELASTICSEARCH_EXCEPTION_HANDLERS
from api.elasticsearch.gateway import SearchGateway
from api.elasticsearch.hits import CROPS_PATH
from api.errors import EXCEPTION_HANDLERS, FILE_EXCEPTION_HANDLERS, UserFacingError, strip_credentials
from api.middleware import wrap_with_middleware
from api.resources import TEMPLATES_FOLDER
from api.search.parameters import FACETS, PARAMETERS
from api.search.service import Searcher
from api.start_page import StartPage
from api.vision.query_encoders import EncoderLoaders, QueryEncoders
from api.vision.query_vectors import VectorQueryBuilder
from api.vision.remote_images import RemoteImages, create_image_client
from core.encoders import installed_models, load_encoder
from core.errors import FrontispieceError
from core.settings import Settings

log = structlog.get_logger()

MAX_FORM_FIELD_BYTES = 100_000
"""What an upload's other fields may take beside the picture."""

GZIP_LEVEL = 3
"""28 kB of JSON: 6.0 kB in .07 ms; level 9 takes .18 ms for 5.6 kB."""

STATIC_CACHE = CacheControlHeader(max_age=3600, public=True)
CROP_CACHE = CacheControlHeader(max_age=7 * 24 * 3600, public=True)
"""A crop's name is made from its picture's id; only indexing its book anew changes what is in it."""


def create_app(
    settings: Settings, *, elasticsearch_url: str | None = None, encoder_loaders: EncoderLoaders | None = None
) -> Litestar:
    """The service for one alias; `elasticsearch_url` is the embedded node's where the settings name no cluster."""
    url = settings.elasticsearch_url or elasticsearch_url
    if not url:
        raise FrontispieceError("no Elasticsearch: set FRONTISPIECE_ELASTICSEARCH_URL, or `frontispiece node start`")
    Image.MAX_IMAGE_PIXELS = settings.max_image_pixels  # Pillow's own limit is a global, and lower than ours
    app = Litestar(
        route_handlers=[
            SearchController,
            FacetController,
            PictureController,
            BookController,
            ExportController,
            IIIFController,
            get_health,
            *_create_static_routers(settings),
        ],
        dependencies={
            **take_parameters(*PARAMETERS),
            "search_request": Provide(provide_search_request, sync_to_thread=False),
            "gateway": Provide(_provide_gateway, sync_to_thread=False),
            "searcher": Provide(_provide_searcher, sync_to_thread=False),
            "start_page": Provide(_provide_start_page, sync_to_thread=False),
        },
        lifespan=[
            partial(
                _lifespan, settings, url, _encoder_loaders(settings) if encoder_loaders is None else encoder_loaders
            )
        ],
        exception_handlers={**EXCEPTION_HANDLERS, **ELASTICSEARCH_EXCEPTION_HANDLERS},
        template_config=TemplateConfig(instance=_create_template_engine()),
        compression_config=CompressionConfig(
            backend="gzip", gzip_compress_level=GZIP_LEVEL, exclude=[f"^{CROPS_PATH}/"]
        ),
        cors_config=CORSConfig(
            allow_origins=["*"], allow_methods=["GET"], expose_headers=["X-Total-Count", "Content-Disposition"]
        ),
        request_max_body_size=settings.max_upload_bytes + MAX_FORM_FIELD_BYTES,
        openapi_config=_create_openapi_config(),
        logging_config=None,  # structlog does it, see `api.errors`
    )
    app.asgi_handler = wrap_with_middleware(app.asgi_handler)
    return app


@asynccontextmanager
async def _lifespan(
    settings: Settings, url: str, encoder_loaders: EncoderLoaders, app: Litestar
) -> AsyncIterator[None]:
    async with create_client(settings, url) as client, create_image_client(settings) as remote_images_client:
        query_encoders = QueryEncoders(encoder_loaders)
        gateway = SearchGateway(client, query_encoders, settings.alias)
        query_vectors = VectorQueryBuilder(
            gateway, query_encoders, RemoteImages(remote_images_client, settings), settings
        )
        searcher = Searcher(gateway, query_encoders, query_vectors)
        app.state.gateway, app.state.searcher, app.state.start_page = gateway, searcher, StartPage(gateway)
        try:
            for model_state in await gateway.model_states():
                log.info("model", name=model_state.name, usable=model_state.usable, problem=model_state.problem)
        except (*CLIENT_ERRORS, UserFacingError) as error:
            # The service may well start before its node: /health says so, and each question tries again.
            log.warning("elasticsearch.not_ready", url=strip_credentials(url), error=str(error))
        yield


def _encoder_loaders(settings: Settings) -> EncoderLoaders:
    """The installed models, or those of them that the settings name."""
    model_names = {name.strip() for name in settings.models.split(",") if name.strip()}
    return {
        name: partial(load_encoder, name, settings)
        for name in installed_models()
        if not model_names or name in model_names
    }


def _provide_gateway(state: State) -> SearchGateway:
    gateway: SearchGateway = state.gateway
    return gateway


def _provide_searcher(state: State) -> Searcher:
    searcher: Searcher = state.searcher
    return searcher


def _provide_start_page(state: State) -> StartPage:
    start_page: StartPage = state.start_page
    return start_page


def _create_template_engine() -> JinjaTemplateEngine:
    template_engine = JinjaTemplateEngine(directory=TEMPLATES_FOLDER)
    template_engine.engine.globals.update(PARAMETERS=PARAMETERS, FACETS=FACETS)
    # htmx is copied into a build from npm; without it the pages are plain links and forms.
    template_engine.engine.globals["htmx"] = (TEMPLATES_FOLDER / "static" / "vendor" / "htmx.min.js").is_file()
    return template_engine


def _create_static_routers(settings: Settings) -> list[Router]:
    """Our own CSS and JS, and the pictures as they were cut; neither leaves its folder."""
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
        description="Finds the pictures in digitised books: by words, by picture, and by both in one request.",
        license=License(name="Apache-2.0", identifier="Apache-2.0"),
        tags=[
            Tag(name="search", description="Words, pictures and filters together"),
            Tag(name="pictures", description="One picture, and those that it has to do with"),
            Tag(name="books", description="One book"),
            Tag(name="export", description="Results as files: CSV, JSON Lines, BibTeX, RIS, CSL-JSON"),
            Tag(name="iiif", description="IIIF Presentation 3 and Content Search 2"),
            Tag(name="service", description="The service itself"),
        ],
        use_handler_docstrings=True,
        render_plugins=[JsonRenderPlugin(path=["/", "/openapi.json"])],
    )
