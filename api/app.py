"""The application: its routes, dependencies, error handlers and lifespan."""

from functools import partial

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import TooManyRequestsException
from litestar.template import TemplateConfig
from litestar.types import ASGIApp

from api.controllers.api_reference import ApiReferenceController
from api.controllers.books import BookController
from api.controllers.content_search import ContentSearchController
from api.controllers.exports import ExportController
from api.controllers.facets import FacetController
from api.controllers.health import get_health, get_liveness, get_readiness
from api.controllers.iiif import IIIFController
from api.controllers.images import ImageController
from api.controllers.lists import ListController
from api.controllers.metrics import get_metrics
from api.controllers.parameters import accept_parameters
from api.controllers.picture_pages import PicturePageController
from api.controllers.pictures import PictureController
from api.controllers.search import SearchController
from api.controllers.security_contact import get_security_contact
from api.controllers.site import create_site_handlers
from api.controllers.suggestions import SuggestionController
from api.disconnects import wrap_with_disconnects
from api.elasticsearch.errors import ELASTICSEARCH_EXCEPTION_HANDLERS
from api.errors import EXCEPTION_HANDLERS, AnyRequest
from api.iiif.urls import IIIFUrls
from api.middleware import wrap_with_middleware
from api.monitoring.proxies import wrap_with_proxies
from api.monitoring.requests import wrap_with_records, wrap_with_route
from api.monitoring.status_address import wrap_with_status_address
from api.monitoring.tracing import wrap_with_traces
from api.openapi import create_openapi_config
from api.pages.addresses import absolute_url
from api.pages.language_middleware import wrap_with_languages
from api.pages.site import Site, create_site
from api.pages.templates import create_template_engine
from api.public_address import wrap_with_public_url
from api.rate_limits import create_rate_limits, forget_visitors, handle_too_many_requests
from api.search.parameters import API_PARAMETERS
from api.services import SERVICES, installed_encoders, open_services
from api.static_files import create_static_routers
from api.vision.query_encoders import EncoderLoaders
from api.web_configuration import COMPRESSION, CORS
from core.errors import FrontispieceError
from core.settings import Settings

MAX_FORM_FIELD_BYTES = 100_000
"""Bytes of a form besides the uploaded picture."""


def create_app(
    settings: Settings,
    *,
    elasticsearch_url: str | None = None,
    encoder_loaders: EncoderLoaders | None = None,
    status_port: int | None = None,
) -> Litestar:
    """Return the application for the index alias of the settings.

    `elasticsearch_url` is used if the settings name no cluster; it is that of the embedded node. `encoder_loaders`
    replace the installed models in tests. `status_port` is that of the setting `status_address`, once it is open.
    Raises `FrontispieceError` if there is no URL at all.
    """
    url = settings.elasticsearch_url or elasticsearch_url
    if not url:
        raise FrontispieceError(
            "no Elasticsearch: set FRONTISPIECE_ELASTICSEARCH_URL, or start a node with `frontispiece node start`"
        )
    site = create_site(settings)
    loaders = installed_encoders(settings) if encoder_loaders is None else encoder_loaders
    app = Litestar(
        route_handlers=[*ROUTES, *create_site_handlers(site), *create_static_routers(settings)],
        dependencies={**accept_parameters(*API_PARAMETERS), **SERVICES, **_provide_site(site)},
        lifespan=[partial(open_services, settings, url, loaders), forget_visitors],
        middleware=create_rate_limits(settings),
        state=State({"status_token": settings.status_token.get_secret_value(), "status_port": status_port}),
        exception_handlers={
            **EXCEPTION_HANDLERS,
            **ELASTICSEARCH_EXCEPTION_HANDLERS,
            TooManyRequestsException: handle_too_many_requests,
        },
        template_config=TemplateConfig(instance=create_template_engine(site, settings.image_hosts)),
        compression_config=COMPRESSION,
        cors_config=CORS,
        request_max_body_size=settings.max_upload_bytes + MAX_FORM_FIELD_BYTES,
        openapi_config=create_openapi_config(),
        logging_config=None,  # errors are logged with structlog, see `api.errors`
    )
    app.asgi_handler = _wrap_app(app.asgi_handler, settings, site, status_port)
    return app


def _wrap_app(router: ASGIApp, settings: Settings, site: Site, status_port: int | None) -> ASGIApp:
    """Return the router with all that surrounds it, from the inside to the outside."""
    handler = wrap_with_languages(wrap_with_route(router), site.languages)
    handler = wrap_with_middleware(handler, settings.hsts_seconds)
    handler = wrap_with_disconnects(wrap_with_public_url(handler, settings.public_url))
    handler, is_proxy = wrap_with_proxies(wrap_with_status_address(handler, status_port), settings.trusted_proxies)
    return wrap_with_records(wrap_with_traces(handler), is_proxy, log_requests=settings.log_requests)


def _provide_site(site: Site) -> dict[str, Provide]:
    """Return the providers of what the settings make of the pages."""

    def provide_urls(request: AnyRequest) -> IIIFUrls:
        return IIIFUrls(absolute_url(request, site.identity, ""))

    return {
        "identity": Provide(lambda: site.identity, sync_to_thread=False),
        "texts": Provide(lambda: site.texts, sync_to_thread=False),
        "urls": Provide(provide_urls, sync_to_thread=False),
    }


ROUTES = (
    SearchController,
    SuggestionController,
    FacetController,
    PictureController,
    PicturePageController,
    BookController,
    ExportController,
    ListController,
    IIIFController,
    ContentSearchController,
    ImageController,
    ApiReferenceController,
    get_health,
    get_liveness,
    get_readiness,
    get_metrics,
    get_security_contact,
)
