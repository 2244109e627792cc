"""The services of the application: opened when it starts, closed when it ends, and given to the handlers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from functools import partial

import structlog
from litestar import Litestar
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide

from api.books import Books
from api.controllers.parameters import provide_search_request
from api.elasticsearch.client import create_client
from api.elasticsearch.errors import CLIENT_ERRORS
from api.elasticsearch.gateway import SearchGateway
from api.elasticsearch.unanswered_index import UnansweredIndex
from api.errors import UserFacingError
from api.image_service.server import ImageServer
from api.monitoring.collection_watch import CollectionWatch
from api.pages.featured import read_featured
from api.pages.picture_page import PicturePages
from api.pages.result_neighbours import ResultOrder
from api.pages.sitemap import Sitemap
from api.pages.start_page import StartPage
from api.search.service import Searcher
from api.search.unanswered import UnansweredSearches
from api.vision.decoding import DecodingProcesses
from api.vision.page_images import PageImages
from api.vision.query_encoders import EncoderLoaders, QueryEncoders
from api.vision.query_vectors import VectorQueryBuilder
from api.vision.remote_images import RemoteImages, create_image_client
from api.vision.uploads import PictureReader
from core.addresses import strip_credentials
from core.encoders import installed_models, load_model
from core.settings import Settings

log = structlog.get_logger()


@asynccontextmanager
async def open_services(
    settings: Settings, url: str, encoder_loaders: EncoderLoaders, app: Litestar
) -> AsyncIterator[None]:
    """Open the clients, put the services into the application's state, and close the clients at the end."""
    featured = read_featured(settings.featured) if settings.featured else []
    async with (
        create_client(settings, url) as client,
        create_image_client(settings) as image_client,
        DecodingProcesses() as decoding_processes,
    ):
        query_encoders = QueryEncoders(encoder_loaders)
        gateway = SearchGateway(client, query_encoders, settings.alias)
        remote_images = RemoteImages(image_client, settings)
        image_server = ImageServer(gateway, settings)
        query_vectors = VectorQueryBuilder(
            gateway,
            query_encoders,
            remote_images,
            PictureReader(settings, decoding_processes),
            settings,
            page_images=PageImages(image_server),
        )
        app.state.gateway = gateway
        app.state.image_server = image_server
        unanswered_searches = _create_unanswered_searches(UnansweredIndex(client, settings.alias), settings)
        app.state.searcher = Searcher(gateway, query_encoders, query_vectors, unanswered_searches=unanswered_searches)
        app.state.start_page = StartPage(gateway, app.state.searcher, featured)
        app.state.picture_pages = PicturePages(
            gateway, app.state.searcher, image_server, ResultOrder(app.state.searcher)
        )
        app.state.sitemap = Sitemap(gateway)
        app.state.collection_watch = CollectionWatch(gateway)
        await _log_models(gateway, url)
        async with image_server, unanswered_searches.run() if unanswered_searches else nullcontext():
            yield


def _create_unanswered_searches(index: UnansweredIndex, settings: Settings) -> UnansweredSearches | None:
    """Return what keeps searches without results; None unless the operator wants it."""
    if not settings.unanswered_days:
        return None
    return UnansweredSearches(index, settings.unanswered_days, CLIENT_ERRORS)


async def _log_models(gateway: SearchGateway, url: str) -> None:
    """Log which models can be searched with. Elasticsearch may still be starting: each request tries again."""
    try:
        for model_state in await gateway.model_states():
            log.info("model", name=model_state.name, usable=model_state.usable, problem=model_state.problem)
    except (*CLIENT_ERRORS, UserFacingError) as error:
        log.warning("elasticsearch.not_ready", url=strip_credentials(url), error=str(error))


def installed_encoders(settings: Settings) -> EncoderLoaders:
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


def _provide_sitemap(state: State) -> Sitemap:
    sitemap: Sitemap = state.sitemap
    return sitemap


def _provide_collection_watch(state: State) -> CollectionWatch:
    collection_watch: CollectionWatch = state.collection_watch
    return collection_watch


SERVICES = {
    "search_request": Provide(provide_search_request, sync_to_thread=False),
    "gateway": Provide(_provide_gateway, sync_to_thread=False),
    "image_server": Provide(_provide_image_server, sync_to_thread=False),
    "books": Provide(_provide_books, sync_to_thread=False),
    "searcher": Provide(_provide_searcher, sync_to_thread=False),
    "start_page": Provide(_provide_start_page, sync_to_thread=False),
    "collection_watch": Provide(_provide_collection_watch, sync_to_thread=False),
    "sitemap": Provide(_provide_sitemap, sync_to_thread=False),
}
"""Dependency name → provider, for the handlers."""
