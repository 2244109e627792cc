"""The service, put together: the only place that makes a client."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version

import structlog
from elastic_transport import HttpxAsyncHttpNode, TransportError
from elastic_transport.client_utils import DEFAULT
from elasticsearch import ApiError, AsyncElasticsearch
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
from api.controllers.health import health
from api.controllers.iiif import IIIFController
from api.controllers.pictures import PictureController
from api.controllers.search import SearchController
from api.elasticsearch.gateway import Engine
from api.elasticsearch.hits import CROPS
from api.errors import FILE_HANDLERS, HANDLERS, ReaderError, without_login
from api.middleware import at_the_edge
from api.resources import TEMPLATES
from api.search.parameters import provide_question
from api.search.request import PAGE_SIZE
from api.search.service import Searcher
from api.start_page import Collection
from api.vision.query_encoders import Loaders, Models
from api.vision.query_vectors import QueryVectors
from api.vision.remote_images import RemotePictures, remote_client
from core.encoders import installed, load
from core.errors import FrontispieceError
from core.settings import Settings
from core.tls import tls

log = structlog.get_logger()

REQUEST_SECONDS = 30
FORM_BYTES = 100_000
"""What an upload's other fields may take beside the picture."""

GZIP_LEVEL = 3
"""28 kB of JSON: 6.0 kB in .07 ms; level 9 takes .18 ms for 5.6 kB."""

STATIC_CACHE = CacheControlHeader(max_age=3600, public=True)
CROP_CACHE = CacheControlHeader(max_age=7 * 24 * 3600, public=True)
"""A crop's name is made from its picture's id; only indexing its book anew changes what is in it."""


def create_app(
    settings: Settings, *, elasticsearch_url: str | None = None, encoders: Loaders | None = None
) -> Litestar:
    """The service for one alias; `elasticsearch_url` is the embedded node's where the settings name no cluster."""
    url = settings.elasticsearch_url or elasticsearch_url
    if not url:
        raise FrontispieceError("no Elasticsearch: set FRONTISPIECE_ELASTICSEARCH_URL, or `frontispiece node start`")
    Image.MAX_IMAGE_PIXELS = settings.image_pixels  # Pillow's own limit is a global, and lower than ours
    app = Litestar(
        route_handlers=[
            SearchController,
            FacetController,
            PictureController,
            BookController,
            ExportController,
            IIIFController,
            health,
            *_files(settings),
        ],
        dependencies={
            "question": Provide(provide_question, sync_to_thread=False),
            "engine": Provide(_engine, sync_to_thread=False),
            "searcher": Provide(_searcher, sync_to_thread=False),
            "collection": Provide(_collection, sync_to_thread=False),
        },
        lifespan=[partial(_lifespan, settings, url, _loaders(settings) if encoders is None else encoders)],
        exception_handlers=HANDLERS,
        template_config=TemplateConfig(instance=_templates()),
        compression_config=CompressionConfig(backend="gzip", gzip_compress_level=GZIP_LEVEL, exclude=[f"^{CROPS}/"]),
        cors_config=CORSConfig(
            allow_origins=["*"], allow_methods=["GET"], expose_headers=["X-Total-Count", "Content-Disposition"]
        ),
        request_max_body_size=settings.upload_bytes + FORM_BYTES,
        openapi_config=_openapi(),
        logging_config=None,  # structlog does it, see `api.errors`
    )
    app.asgi_handler = at_the_edge(app.asgi_handler)
    return app


@asynccontextmanager
async def _lifespan(settings: Settings, url: str, encoders: Loaders, app: Litestar) -> AsyncIterator[None]:
    async with connect(settings, url) as client, remote_client(settings) as remote:
        models = Models(encoders)
        engine = Engine(client, models, settings.alias)
        pictures = QueryVectors(engine, models, RemotePictures(remote, settings), settings)
        searcher = Searcher(engine, models, pictures)
        app.state.engine, app.state.searcher, app.state.collection = engine, searcher, Collection(engine)
        try:
            for model in await engine.model_states():
                log.info("model", name=model.name, usable=model.usable, problem=model.problem)
        except (TransportError, ApiError, ReaderError) as error:
            # The service may well start before its node: /health says so, and each question tries again.
            log.warning("elasticsearch.not_ready", url=without_login(url), error=str(error))
        yield


def connect(settings: Settings, url: str) -> AsyncElasticsearch:
    """A client with the key and the CA of the settings; nothing is asked yet."""
    return AsyncElasticsearch(
        url,
        api_key=settings.elasticsearch_api_key.get_secret_value() or None,
        # Over httpx the client itself compares no host name with the certificate's.
        ssl_context=tls(settings) if url.startswith("https") else DEFAULT,
        # The default wants aiohttp; httpx is here already.
        node_class=HttpxAsyncHttpNode,
        request_timeout=REQUEST_SECONDS,
        max_retries=1,
    )


def _loaders(settings: Settings) -> Loaders:
    """The installed models, or those of them that the settings name."""
    wanted = {name.strip() for name in settings.models.split(",") if name.strip()}
    return {name: partial(load, name, settings) for name in installed() if not wanted or name in wanted}


def _engine(state: State) -> Engine:
    engine: Engine = state.engine
    return engine


def _searcher(state: State) -> Searcher:
    searcher: Searcher = state.searcher
    return searcher


def _collection(state: State) -> Collection:
    collection: Collection = state.collection
    return collection


def _templates() -> JinjaTemplateEngine:
    engine = JinjaTemplateEngine(directory=TEMPLATES)
    engine.engine.globals["page_size"] = PAGE_SIZE
    # htmx is copied into a build from npm; without it the pages are plain links and forms.
    engine.engine.globals["htmx"] = (TEMPLATES / "static" / "vendor" / "htmx.min.js").is_file()
    return engine


def _files(settings: Settings) -> list[Router]:
    """Our own CSS and JS, and the pictures as they were cut; neither leaves its folder."""
    return [
        create_static_files_router(
            "/static",
            [TEMPLATES / "static"],
            name="static",
            cache_control=STATIC_CACHE,
            exception_handlers=FILE_HANDLERS,
        ),
        create_static_files_router(
            CROPS, [settings.crops], name="crops", cache_control=CROP_CACHE, exception_handlers=FILE_HANDLERS
        ),
    ]


def _openapi() -> OpenAPIConfig:
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
