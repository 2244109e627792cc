"""The API for people: a page that lists the operations, and a console that sends requests."""

from functools import cache
from typing import Any

from litestar import Controller, Litestar, Request, get
from litestar.exceptions import NotFoundException
from litestar.response import Template

from api.middleware import SECURITY_HEADERS
from api.pages.api_reference import OperationGroup, group_operations
from api.resources import TEMPLATES_FOLDER
from api.search.request import SearchRequest

CONSOLE_SCRIPT = TEMPLATES_FOLDER / "static" / "vendor" / "swagger-ui-bundle.js"

CONSOLE_HEADERS = {
    # Swagger UI writes style elements; no other page needs that.
    "content-security-policy": f"{SECURITY_HEADERS['content-security-policy']}; style-src 'self' 'unsafe-inline'",
}


class ApiReferenceController(Controller):
    """Pages about the API."""

    @get("/docs", include_in_schema=False, sync_to_thread=False)
    def show_reference(self, request: Request[Any, Any, Any]) -> Template:
        """Return the list of operations."""
        return Template(
            "api.html.jinja",
            context={
                "groups": _list_groups(request.app),
                "has_console": CONSOLE_SCRIPT.is_file(),
                "search_request": SearchRequest(),
            },
        )

    @get("/docs/console", include_in_schema=False, sync_to_thread=False)
    def show_console(self) -> Template:
        """Return Swagger UI, which the build copies from npm."""
        if not CONSOLE_SCRIPT.is_file():
            raise NotFoundException
        return Template("api_console.html.jinja", headers=CONSOLE_HEADERS)


@cache
def _list_groups(app: Litestar) -> list[OperationGroup]:
    """Return the operations of the service, which never change; to describe them takes 40 ms."""
    return group_operations(app.openapi_schema.to_schema())
