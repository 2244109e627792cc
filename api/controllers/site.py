"""Pages about the service, and the files that browsers and crawlers ask for: robots, sitemaps, icons, colours, logo."""

from typing import Any

from litestar import Request, Response, get
from litestar.datastructures import CacheControlHeader
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect, Template

from api.elasticsearch.errors import CLIENT_ERRORS
from api.errors import UserFacingError
from api.pages.addresses import absolute_url, book_page_path, reported_address
from api.pages.identity import ServiceIdentity, StaticContent
from api.pages.site import Site
from api.pages.sitemap import Sitemap, build_sitemap, build_sitemap_index
from api.pages.start_page import StartPage
from api.pages.texts import InfoTexts
from api.search.request import SearchRequest

PageRequest = Request[Any, Any, Any]

ROBOTS = """\
User-agent: *
Allow: /$
Allow: /*?lang=
Allow: /books/*?page=
Allow: /iiif/image/
Disallow: /*?
Disallow: /api/
Disallow: /iiif/

Sitemap: {sitemap}
"""
"""Pages of books and pictures are crawled, pages of results are not; the longest rule that fits counts."""

FILE_CACHE = CacheControlHeader(max_age=3600, public=True)


def create_site_handlers(site: Site) -> list[HTTPRouteHandler]:
    """Return the handlers of the texts, and of the library's logo and colours where it has them."""
    texts, identity = site.texts, site.identity

    @get([f"/{name}" for name in texts.names], include_in_schema=False)
    async def show_text(request: PageRequest, start_page: NamedDependency[StartPage]) -> Template:
        name = request.url.path.strip("/")
        text = texts.render(name, await _example_words(start_page) if name == "help" else ())
        context = {
            "text": text,
            "search_request": SearchRequest(),
            "reported_address": reported_address(request, identity) if name == "contact" else "",
        }
        return Template("info.html.jinja", context=context)

    files = {"/logo": identity.logo and identity.logo.file, "/theme.css": identity.theme}
    return [
        show_text,
        *SITE_HANDLERS,
        *(_create_file_handler(path, content) for path, content in files.items() if content),
    ]


def _create_file_handler(path: str, content: StaticContent) -> HTTPRouteHandler:
    @get(path, include_in_schema=False, media_type=content.media_type, cache_control=FILE_CACHE, sync_to_thread=False)
    def get_file() -> bytes:
        return content.data

    return get_file


async def _example_words(start_page: StartPage) -> list[str]:
    """Return words that find something here; none without an index: the pages about the service need none."""
    try:
        return (await start_page.data()).examples
    except (*CLIENT_ERRORS, UserFacingError):
        return []


@get("/robots.txt", include_in_schema=False, media_type="text/plain", sync_to_thread=False)
def get_robots(request: PageRequest, identity: NamedDependency[ServiceIdentity]) -> str:
    """Return which pages crawlers may read."""
    return ROBOTS.format(sitemap=absolute_url(request, identity, "/sitemap.xml"))


@get("/sitemap.xml", include_in_schema=False)
async def get_sitemap_index(
    request: PageRequest, identity: NamedDependency[ServiceIdentity], sitemap: NamedDependency[Sitemap]
) -> Response[str]:
    """Return the list of sitemaps."""
    paths = ["/sitemaps/pages", *(f"/sitemaps/books/{part}" for part in range(1, await sitemap.count_parts() + 1))]
    return _xml(build_sitemap_index(absolute_url(request, identity, path) for path in paths))


@get("/sitemaps/books/{part:int}", include_in_schema=False)
async def get_book_sitemap(
    request: PageRequest,
    identity: NamedDependency[ServiceIdentity],
    sitemap: NamedDependency[Sitemap],
    part: FromPath[int],
) -> Response[str]:
    """Return the addresses of the books of one part."""
    if not (keys := await sitemap.list_book_keys(part)):
        raise NotFoundException
    return _xml(build_sitemap(absolute_url(request, identity, book_page_path(key)) for key in keys))


@get("/sitemaps/pages", include_in_schema=False, sync_to_thread=False)
def get_page_sitemap(
    request: PageRequest, identity: NamedDependency[ServiceIdentity], texts: NamedDependency[InfoTexts]
) -> Response[str]:
    """Return the addresses of the start page and of the pages about the service."""
    paths = ["/", *(f"/{name}" for name in texts.names)]
    return _xml(build_sitemap(absolute_url(request, identity, path) for path in paths))


@get(
    "/manifest.webmanifest",
    include_in_schema=False,
    media_type="application/manifest+json",
    cache_control=FILE_CACHE,
    sync_to_thread=False,
)
def get_web_manifest(identity: NamedDependency[ServiceIdentity]) -> dict[str, Any]:
    """Return what a home screen shows."""
    icons = [{"src": f"/static/icon-{side}.png", "sizes": f"{side}x{side}", "type": "image/png"} for side in (192, 512)]
    return {"name": identity.name, "short_name": identity.name, "start_url": "/", "display": "browser", "icons": icons}


@get("/favicon.ico", include_in_schema=False, sync_to_thread=False)
def get_icon() -> Redirect:
    """Lead browsers that do not read the page's links to the icon."""
    return Redirect("/static/favicon-32.png", status_code=301)


def _xml(text: str) -> Response[str]:
    return Response(text, media_type="application/xml")


SITE_HANDLERS = (get_robots, get_sitemap_index, get_book_sitemap, get_page_sitemap, get_web_manifest, get_icon)
