"""Every parameter of a search at every address: it is honoured and described, or refused and not described."""

from typing import Any

import pytest
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from litestar.testing import RequestFactory

from api.app import create_app
from api.errors import InvalidRequest
from api.pages.texts import STANDARD_NAMES
from api.search.parameters import API_PARAMETERS, FILTERS, PARAMETERS
from core.settings import Settings
from tests.event_loops import run_coroutine

ALL = frozenset(API_PARAMETERS)
PICTURES_ONLY = ALL - {"document", "group", "collapse"}
NONE: frozenset[str] = frozenset()

HONOURED = {
    "/": frozenset(PARAMETERS),
    "/api/search": ALL,
    "/api/suggest": frozenset({"q"}),
    "/suggest": frozenset({"q"}),
    "/api/facets": frozenset({"document", *FILTERS, "page", "size"}),
    "/api/export/{format_name}": PICTURES_ONLY - {"page", "size"},
    "/api/pictures/random": frozenset({*FILTERS, "size"}),
    "/api/pictures/{picture_id}": NONE,
    "/api/pictures/{picture_id}/similar": ALL,
    "/api/pictures/{picture_id}/neighbours": NONE,
    "/api/pictures/{picture_id}/copies": frozenset({"page", "size"}),
    "/api/books/{book_id}": NONE,
    "/api/books/{book_id}/pictures": frozenset({*FILTERS, "page", "size"}) - {"book"},
    "/books/{book_id}": frozenset({"q", "decoration", "page", "size"}),
    "/books/{book_id}/pages/{number}": frozenset({"q"}),
    "/pictures/{picture_id}": frozenset(PARAMETERS),
    "/api/pictures/{picture_id}/export/{format_name}": NONE,
    "/compare": NONE,
    "/list": NONE,
    "/api/list": NONE,
    "/api/list/{format_name}": NONE,
    "/iiif/list": NONE,
    "/iiif/search": PICTURES_ONLY,
    "/iiif/search/annotations": PICTURES_ONLY,
    "/iiif/books/{book_id}/manifest": NONE,
    "/iiif/books/{book_id}/pictures": NONE,
    "/iiif/books/{book_id}/pages/{number}/pictures": NONE,
    "/iiif/pictures/{picture_id}/manifest": NONE,
    "/iiif/image/{identifier}": NONE,
    "/iiif/image/{identifier}/info.json": NONE,
    "/iiif/image/{identifier}/{region}/{size}/{rotation}/{file}": NONE,
}
"""Address → the parameters of a search that it honours."""

NO_SEARCH = (
    *(
        "/health",
        "/metrics",
        "/static/",
        "/crops/",
        "/schema",
        "/docs",
        "/robots.txt",
        "/sitemap",
        "/manifest",
        "/favicon",
    ),
    "/.well-known/",
    *(f"/{name}" for name in STANDARD_NAMES),
)
CONTENT_SEARCH = "/iiif/books/{book_id}/search"
"""IIIF Content Search 2 demands that a service names what it does not support in `ignored`."""

APP = create_app(Settings(), elasticsearch_url="http://localhost:9200", encoder_loaders={})
SCHEMA: dict[str, Any] = APP.openapi_schema.to_schema()["paths"]


def _handlers() -> dict[str, HTTPRouteHandler]:
    return {
        route.path_format: handler
        for route in APP.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if "GET" in handler.http_methods and not route.path_format.startswith(NO_SEARCH)
    }


HANDLERS = _handlers()
CELLS = [(address, name) for address in HONOURED for name in PARAMETERS]


async def _run_check(address: str, name: str, values: list[str]) -> None:
    if check := HANDLERS[address].before_request:
        await check(RequestFactory(app=APP).get("/", query_params={name: values}))


def _refusal(address: str, name: str, *values: str) -> str:
    """Return the sentence that refuses the parameter; empty if it is accepted."""
    try:
        run_coroutine(_run_check, address, name, list(values or ("1",)))
    except InvalidRequest as error:
        return str(error)
    return ""


def test_the_table_has_every_address_that_takes_a_search() -> None:
    assert set(HANDLERS) - {CONTENT_SEARCH} == set(HONOURED)


@pytest.mark.parametrize(("address", "name"), CELLS)
def test_a_parameter_is_honoured_and_described_or_refused_and_not_described(address: str, name: str) -> None:
    refusal = _refusal(address, name)
    assert bool(refusal) == (name not in HONOURED[address])
    if refusal:
        other_address = "/api/search" if name in ALL else "/"
        assert f"`{name}`; `{other_address}` does" in refusal
    if address in SCHEMA:
        parameters = {entry["name"] for entry in SCHEMA[address]["get"].get("parameters", []) if entry["in"] == "query"}
        assert (name in parameters) == (name in HONOURED[address])


@pytest.mark.parametrize("address", [address for address in HONOURED if address in SCHEMA])
def test_an_unknown_parameter_is_refused_where_programs_ask(address: str) -> None:
    assert "`qq`" in _refusal(address, "qq")
    assert "400" in SCHEMA[address]["get"]["responses"]


def test_the_refusal_names_the_address_of_another_list() -> None:
    assert "`facet`; `/api/facets` does" in _refusal("/api/search", "facet")
    assert "`id`; `/api/list` does" in _refusal("/api/export/{format_name}", "id")
    assert "`seed`; `/api/pictures/random` does" in _refusal("/iiif/search", "seed")


@pytest.mark.parametrize("address", ["/", "/books/{book_id}", "/pictures/{picture_id}"])
def test_a_page_ignores_what_mail_programs_add_to_links(address: str) -> None:
    assert _refusal(address, "utm_source") == ""


@pytest.mark.parametrize(
    ("address", "name"), [cell for cell in CELLS if cell[0] in SCHEMA and cell[1] in HONOURED[cell[0]]]
)
def test_two_values_are_refused_where_one_would_be_ignored(address: str, name: str) -> None:
    assert bool(_refusal(address, name, "1", "2")) == (not PARAMETERS[name].repeated)
    assert _refusal(address, name, "1", "1") == _refusal(address, name, "1", "") == ""
