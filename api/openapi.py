"""The description of the API (OpenAPI), which `/schema` returns and `/docs` shows."""

from importlib.metadata import version

from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import License, Tag


def create_openapi_config() -> OpenAPIConfig:
    """Return what OpenAPI says about the whole service."""
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
