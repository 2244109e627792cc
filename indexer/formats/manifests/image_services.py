"""The Image API service of an image in a manifest: where it is, and what the manifest says about it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from core import image_api
from core.image_files import IMAGE_SUFFIXES
from indexer.formats.manifests.values import entries, identifier, pixel_size, web_url

SERVICE_DESCRIPTION_KEYS = ("@context", "type", "@type", "profile", "protocol")

IMAGE_SERVICE = re.compile(r"image[/-](?:api/)?\d|imageservice|api/image|image-api|\blevel\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageSource:
    """Where the pixels of an image come from."""

    url: str
    """The picture itself; empty if it is not at an http(s) URL."""
    service: str | None
    """Base URI of a service that cuts out regions."""
    version: int = 2
    size: tuple[int | None, int | None] = (None, None)
    """Pixels of the whole picture if they are certain; else info.json has them."""
    needs_info: bool = False
    """Whether only info.json can tell that the service cuts out regions."""


def find_image_source(body: Mapping[str, Any], canvas_size: tuple[float | None, float | None]) -> ImageSource:
    """Return where an image of a manifest comes from; `canvas_size` is that of the part of the canvas that it fills."""
    url = web_url(identifier(body).partition("#xywh=")[0])
    service = _image_service(body, url)
    base_uri = web_url(_service_id(service)) if service else ""
    if service and base_uri:
        level = image_api.declared_level(service)
        size = _image_size(body, service, url, canvas_size)
        if level == 0 and url:
            # A level 0 server only has prepared pictures, so the whole one is fetched once instead.
            return ImageSource(url=url, service=None, version=image_api.api_version(service), size=size)
        return ImageSource(
            url=url,
            service=base_uri,
            version=image_api.api_version(service),
            size=size,
            needs_info=not level,
        )
    base_uri = image_api.service_base_uri(url) or (url if _may_be_service(body, url) else "")
    size = _image_size(body, None, url, canvas_size)
    return ImageSource(url=url, service=base_uri or None, size=size, needs_info=bool(base_uri))


def _service_id(service: Mapping[str, Any]) -> str:
    """Return the base URI of a service; some manifests give the address of its info.json."""
    return identifier(service).rstrip("/").removesuffix("/info.json").rstrip("/")


def _may_be_service(body: Mapping[str, Any], url: str) -> bool:
    """Return whether a bare address, as the source of a selection, may be that of a service and not of a picture."""
    return set(body) <= {"id"} and PurePosixPath(url.partition("?")[0]).suffix.lower() not in IMAGE_SUFFIXES


def _image_service(body: Mapping[str, Any], url: str) -> Mapping[str, Any] | None:
    """Return the Image API service of a picture; its other services are for physical scale or login."""
    services = [*entries(body, "service"), *entries(body, "services")]
    undescribed = None
    for service in services:
        description = " ".join(str(service.get(key) or "") for key in SERVICE_DESCRIPTION_KEYS)
        if IMAGE_SERVICE.search(description):
            return service
        service_id = _service_id(service)
        # Some manifests give nothing but the id. It is believed if the picture's own address begins with it.
        if service_id and (url.startswith(f"{service_id}/") or not description.strip()):
            undescribed = undescribed or service
    return undescribed


def _image_size(
    body: Mapping[str, Any], service: Mapping[str, Any] | None, url: str, canvas_size: tuple[float | None, float | None]
) -> tuple[int | None, int | None]:
    """Return the pixels of the whole picture if they are certain, else None; info.json then has them.

    A canvas can have another scale, and the service of a picture of 1,000 pixels can have 10,000: a server may reduce
    what `max` asks for, in which case the picture is usually smaller than its canvas.
    """
    if service and all(pixel_size(service)):
        return pixel_size(service)
    size = pixel_size(body)
    is_whole = image_api.is_unscaled_image_url(url) or (
        image_api.is_whole_image_url(url)
        and all(
            side and canvas_side and side >= canvas_side for side, canvas_side in zip(size, canvas_size, strict=True)
        )
    )
    return size if is_whole else (None, None)
