"""Pictures at an address that a reader gives: files and IIIF images, only on hosts that the operator named.

The list is of names, and it is the whole defence: whoever can make a named host lead elsewhere (its owner, or who
rules its DNS) is trusted by being named, and a name may lead to a private address, as libraries' own image servers do.
A reader can choose neither the host nor, beside 80 and 443, the port; a redirect is followed only along the same list.
"""

import json
from dataclasses import dataclass
from typing import Any

import httpx
from anyio import fail_after

from api.errors import BadPicture, BadQuestion
from api.search.image_terms import Region
from api.vision.uploads import too_many_bytes
from core import image_api
from core.errors import SourceError
from core.geometry import PixelBox
from core.settings import PREFIX, Settings

PATIENCE = 15.0
"""Seconds for one picture, its info.json included: a reader waits."""
REDIRECTS = 3
"""From http to https, from an old path to a new one, from an image service to its info.json."""
CONNECTIONS = 8
"""At once, to all hosts together: their servers are not ours to hammer, whoever asks us."""
NO_WIDTH_AND_HEIGHT = {400, 500, 501}
"""What servers of level 1 answer to a size of `w,h`."""

SETTING = f"{PREFIX}IMAGE_HOSTS"


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    kind: str
    """Its media type; empty where the server does not say."""
    body: bytes

    @property
    def is_picture(self) -> bool:
        """As far as the server tells; what is in it, the decoder finds out."""
        return self.status == 200 and (self.kind.startswith("image/") or self.kind in ("", "application/octet-stream"))


class RemotePictures:
    """One client for the whole service."""

    def __init__(self, client: httpx.AsyncClient, settings: Settings) -> None:
        self._client = client
        self._settings = settings
        self._hosts = {place for each in settings.image_hosts.split(",") if (place := _named(each.strip()))}

    async def fetch(self, address: str, region: Region | None) -> tuple[bytes, Region | None]:
        """A file with the picture, and the region that is still to be cut from it."""
        url = self._allowed(address)
        try:
            with fail_after(PATIENCE):
                return await self._fetch(url, region)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, TimeoutError) as error:
            raise BadPicture(
                f"{url.host} does not give that picture at the moment: try again, or save the picture and upload it."
            ) from error

    async def _fetch(self, url: httpx.URL, region: Region | None) -> tuple[bytes, Region | None]:
        address = str(url.copy_with(fragment=None))
        service = image_api.service_of(address)
        if service and (_is_info(url) or (region and _shows_all(url))):
            return await self._from_service(service, region), None
        answer = await self._get(url)
        if answer.is_picture:
            return answer.body, region
        if service or answer.status >= 500:
            raise _no_picture(url, answer)
        try:
            # An image service's own address: it leads to its info.json, to a page about it, or to nothing.
            return await self._from_service(address.rstrip("/"), region), None
        except BadPicture as error:
            raise _no_picture(url, answer) from error

    async def _from_service(self, service: str, region: Region | None) -> bytes:
        """At the size at which the index's own pictures were seen."""
        info = await self._info(service)
        try:
            size = image_api.read_size(info, service)
        except SourceError as error:
            raise BadPicture("That IIIF image does not say how large it is, so it cannot be asked for.") from error
        box, version = region.on(size) if region else PixelBox(0, 0, *size), image_api.api_version(info)
        url = httpx.URL(image_api.crop_url(service, box, version=version))
        answer = await self._get(url)
        if answer.status in NO_WIDTH_AND_HEIGHT:
            answer = await self._get(httpx.URL(image_api.crop_url_by_width(service, box, version=version)))
        if not answer.is_picture:
            raise _no_picture(url, answer)
        return answer.body

    async def _info(self, service: str) -> Any:
        url = httpx.URL(image_api.info_url(service))
        answer = await self._get(url)
        try:
            if answer.status == 200:
                return json.loads(answer.body)
        except (ValueError, RecursionError) as error:
            raise _no_picture(url, answer) from error
        raise _no_picture(url, answer)

    async def _get(self, url: httpx.URL) -> _Answer:
        for _ in range(REDIRECTS + 1):
            async with self._client.stream("GET", self._allowed(str(url))) as response:
                if response.next_request is None:
                    return await self._read(response)
                url = response.next_request.url
        raise BadPicture(f"{url.host} sends us from one address to another: give the picture's own address.")

    async def _read(self, response: httpx.Response) -> _Answer:
        parts, size = [], 0
        # As sent: some kB that unpack to gigabytes would be counted too late.
        async for part in response.aiter_raw():
            size += len(part)
            if size > self._settings.upload_bytes:
                raise too_many_bytes(self._settings)
            parts.append(part)
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        return _Answer(response.status_code, kind, b"".join(parts))

    def _allowed(self, address: str) -> httpx.URL:
        """The parser of the client itself: two that read one address differently would open a way around the list."""
        try:
            url = httpx.URL(address)
        except httpx.InvalidURL as error:
            raise BadQuestion("The picture's address cannot be read: copy it whole, from `https://` on.") from error
        if url.scheme not in ("http", "https") or not url.host or url.userinfo:
            raise BadQuestion("A picture's address begins with `https://` or `http://`, and holds no login.")
        if _place(url) not in self._hosts:
            raise BadQuestion(
                f"This service may not fetch pictures from {_shown(url)}. Save the picture and upload it; "
                f"or ask the operator to name the host in the setting {SETTING}."
            )
        return url


def remote_client(settings: Settings) -> httpx.AsyncClient:
    """It follows nothing by itself: each redirect is checked first."""
    headers = {"User-Agent": settings.agent, "Accept-Encoding": "identity"}
    limits = httpx.Limits(max_connections=CONNECTIONS)
    return httpx.AsyncClient(headers=headers, timeout=PATIENCE, limits=limits, follow_redirects=False)


def _named(host: str) -> tuple[bytes, int | None] | None:
    """A setting's entry as a URL's host and port are compared."""
    return _place(httpx.URL(f"https://{host}")) if host else None


def _place(url: httpx.URL) -> tuple[bytes, int | None]:
    """httpx leaves out a port that goes without saying."""
    return url.raw_host, url.port


def _shown(url: httpx.URL) -> str:
    return f"{url.host[:100]}:{url.port}" if url.port else url.host[:100]


def _is_info(url: httpx.URL) -> bool:
    return url.path.endswith("/info.json")


def _shows_all(url: httpx.URL) -> bool:
    """Whether a region of the request's picture is one of the service's: it is neither cut out nor turned."""
    region, _, rotation, _ = url.path.rsplit("/", 4)[1:]
    return region == "full" and rotation == "0"


def _no_picture(url: httpx.URL, answer: _Answer) -> BadPicture:
    said = f"answers {answer.status}" if answer.status != 200 else "has no picture"
    return BadPicture(f"{url.host} {said} at that address: give that of a picture or of a IIIF image.")
