"""The API for people: a page that lists the operations, and a console that sends requests."""

from typing import Any

from litestar import Controller, Request, get
from litestar.exceptions import NotFoundException
from litestar.response import Template

from api.middleware import SECURITY_HEADERS
from api.pages.api_reference import group_operations
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
                "groups": group_operations(request.app.openapi_schema.to_schema()),
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
