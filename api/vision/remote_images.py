"""Pictures from URLs in a request: files and IIIF images, only from hosts that the operator allows.

The list of host names is the only protection: it trusts the owners of the hosts and of their DNS, and a name may
resolve to a private address, as those of libraries' image servers do. Only ports 80 and 443 are allowed unless an entry
names another one. Redirects are followed only to hosts of the list.
"""

import json
from dataclasses import dataclass
from typing import Any

import httpx
from anyio import fail_after

from api.errors import InvalidImage, InvalidRequest
from api.search.image_terms import ImageRegion
from api.sentences import Sentence
from api.vision.uploads import too_many_bytes_error
from core import image_api
from core.errors import SourceError
from core.geometry import PixelBox
from core.settings import ENV_PREFIX, Settings

TIMEOUT_SECONDS = 15.0
"""Seconds for one picture, its info.json included."""
MAX_REDIRECTS = 3
"""From http to https, from an old path to a new one, from an image service to its info.json."""
MAX_CONNECTIONS = 8
"""Connections at a time, to all hosts together, to protect their servers."""
UNSUPPORTED_SIZE_STATUSES = {400, 500, 501}
"""Statuses that IIIF servers of level 1 return for a size of `w,h`."""

HOSTS_SETTING = f"{ENV_PREFIX}ALLOWED_IMAGE_HOSTS"


@dataclass(frozen=True, slots=True)
class _ImageResponse:
    status: int
    media_type: str
    """Empty if the server does not send one."""
    body: bytes

    @property
    def is_image(self) -> bool:
        """Whether the response may be an image; the decoder checks the content."""
        return self.status == 200 and (
            self.media_type.startswith("image/") or self.media_type in ("", "application/octet-stream")
        )


class RemoteImages:
    """Fetches pictures from allowed hosts."""

    def __init__(self, client: httpx.AsyncClient, settings: Settings) -> None:
        self._client = client
        self._settings = settings
        self._allowed_hosts = {_host_and_port(httpx.URL(f"https://{host}")) for host in settings.image_hosts}

    async def fetch(self, address: str, region: ImageRegion | None) -> tuple[bytes, ImageRegion | None]:
        """Return a file with the picture, and the region that remains to be cropped from it."""
        url = self._parse_allowed_url(address)
        try:
            with fail_after(TIMEOUT_SECONDS):
                return await self._fetch(url, region)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, TimeoutError) as error:
            raise InvalidImage(
                Sentence(
                    "%(host)s does not return this picture at the moment. "
                    "Try again, or save the picture and upload it.",
                    host=url.host,
                )
            ) from error

    async def _fetch(self, url: httpx.URL, region: ImageRegion | None) -> tuple[bytes, ImageRegion | None]:
        address = str(url.copy_with(fragment=None))
        service = image_api.service_base_uri(address)
        if service and (_is_info_url(url) or (region and _is_full_image(url))):
            return await self._fetch_from_service(service, region), None
        image_response = await self._get(url)
        if image_response.is_image:
            return image_response.body, region
        if service or image_response.status >= 500:
            raise _no_image_error(url, image_response)
        try:
            # An image service's own address: it leads to its info.json, to a page about it, or to nothing.
            return await self._fetch_from_service(address.rstrip("/"), region), None
        except InvalidImage as error:
            raise _no_image_error(url, image_response) from error

    async def _fetch_from_service(self, service: str, region: ImageRegion | None) -> bytes:
        """Return the picture at the size at which the pictures of the index were encoded."""
        info = await self._fetch_info(service)
        try:
            size = image_api.read_size(info, service)
        except SourceError as error:
            raise InvalidImage(
                Sentence(
                    "The info.json of this IIIF image does not say how large it is. Save the picture and upload it."
                )
            ) from error
        box, version = region.to_pixels(size) if region else PixelBox(0, 0, *size), image_api.api_version(info)
        url = httpx.URL(image_api.crop_url(service, box, version=version))
        image_response = await self._get(url)
        if image_response.status in UNSUPPORTED_SIZE_STATUSES:
            image_response = await self._get(httpx.URL(image_api.crop_url_by_width(service, box, version=version)))
        if not image_response.is_image:
            raise _no_image_error(url, image_response)
        return image_response.body

    async def _fetch_info(self, service: str) -> Any:
        url = httpx.URL(image_api.info_url(service))
        image_response = await self._get(url)
        try:
            if image_response.status == 200:
                return json.loads(image_response.body)
        except (ValueError, RecursionError) as error:
            raise _no_image_error(url, image_response) from error
        raise _no_image_error(url, image_response)

    async def _get(self, url: httpx.URL) -> _ImageResponse:
        target = self._parse_allowed_url(str(url))
        for _ in range(MAX_REDIRECTS + 1):
            async with self._client.stream("GET", target) as response:
                if response.next_request is None:
                    return await self._read_response(response)
                target = self._check_redirect(url, str(response.next_request.url))
        raise InvalidImage(Sentence("%(host)s redirects too often. Use the final URL of the picture.", host=url.host))

    def _check_redirect(self, url: httpx.URL, target: str) -> httpx.URL:
        """Return where a server sends us; a refusal does not name it, as it may be inside somebody's network."""
        try:
            return self._parse_allowed_url(target)
        except InvalidRequest as error:
            raise InvalidImage(
                Sentence(
                    "%(host)s redirects to an address from which this service may not fetch pictures. "
                    "Save the picture and upload it.",
                    host=url.host,
                )
            ) from error

    async def _read_response(self, response: httpx.Response) -> _ImageResponse:
        chunks, size = [], 0
        # As sent: some kB that unpack to gigabytes would be counted too late.
        async for chunk in response.aiter_raw():
            size += len(chunk)
            if size > self._settings.max_upload_bytes:
                raise too_many_bytes_error(self._settings)
            chunks.append(chunk)
        media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        return _ImageResponse(response.status_code, media_type, b"".join(chunks))

    def _parse_allowed_url(self, address: str) -> httpx.URL:
        """Parse a URL and check its host; the client's own parser is used so that both read every URL alike."""
        try:
            url = httpx.URL(address)
            host = url.host
        except (httpx.InvalidURL, UnicodeError) as error:  # a host that is no internationalised name
            raise InvalidRequest(
                Sentence("The URL of the picture is not valid. Copy all of it, beginning with `https://`.")
            ) from error
        if url.scheme not in ("http", "https") or not host or url.userinfo:
            raise InvalidRequest(
                Sentence("The URL of a picture must begin with `https://` or `http://` and must not contain a login.")
            )
        if _host_and_port(url) not in self._allowed_hosts:
            raise InvalidRequest(
                Sentence(
                    "This service may not fetch pictures from %(host)s. Save the picture and upload it, "
                    "or ask the operator to add the host to the setting %(setting)s.",
                    host=_host_text(url),
                    setting=HOSTS_SETTING,
                )
            )
        return url


def create_image_client(settings: Settings) -> httpx.AsyncClient:
    """Return a client that follows no redirects: each one is checked first."""
    headers = {"User-Agent": settings.user_agent, "Accept-Encoding": "identity"}
    limits = httpx.Limits(max_connections=MAX_CONNECTIONS)
    return httpx.AsyncClient(headers=headers, timeout=TIMEOUT_SECONDS, limits=limits, follow_redirects=False)


def _host_and_port(url: httpx.URL) -> tuple[bytes, int | None]:
    """Return host and port; the port is None if it is the default of the scheme."""
    return url.raw_host, url.port


def _host_text(url: httpx.URL) -> str:
    return f"{url.host[:100]}:{url.port}" if url.port else url.host[:100]


def _is_info_url(url: httpx.URL) -> bool:
    return url.path.endswith("/info.json")


def _is_full_image(url: httpx.URL) -> bool:
    """Return whether the URL is a whole, unrotated IIIF image, so that a region refers to the service's image."""
    region, _, rotation, _ = url.path.rsplit("/", 4)[1:]
    return region == "full" and rotation == "0"


def _no_image_error(url: httpx.URL, image_response: _ImageResponse) -> InvalidImage:
    if image_response.status == 200:
        return InvalidImage(
            Sentence(
                "%(host)s has no picture at that address: give that of a picture or of a IIIF image.", host=url.host
            )
        )
    return InvalidImage(
        Sentence(
            "%(host)s answers %(status)s at that address: give that of a picture or of a IIIF image.",
            host=url.host,
            status=image_response.status,
        )
    )
