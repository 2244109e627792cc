"""Servers of the Image API: what they can do, and whole pictures from servers that cut out no regions."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from io import BytesIO

from PIL import Image

from core import image_api
from core.errors import FileUnavailable, ProblemCode, SourceError
from core.image_files import decode_image
from indexer.images.fetching import ErrorResponse, Fetcher
from indexer.images.image_info import ImageInfo
from indexer.records import Leaf

FetchPicture = Callable[[], bytes]

REFUSAL_STATUSES = {400, 403, 404, 500, 501}
"""Responses of servers that have a picture only in prepared sizes or tiles."""

PIXEL_REGION = re.compile(r"\d+(?:,\d+){3}")

MAX_REMEMBERED = 64
"""Images whose info.json is kept; a page has few pictures, and pages are read in order."""


class ImageServices:
    """What is known of image servers in one run; any thread may use it."""

    def __init__(self, fetcher: Fetcher, max_pixels: int) -> None:
        self._fetcher, self._max_pixels = fetcher, max_pixels
        self._infos: dict[str, ImageInfo] = {}
        self._samples: dict[str, ImageInfo] = {}
        """Folder of a service → one info.json from there; all images of a folder are served alike."""
        self._silent_folders: set[str] = set()
        """Folders of services one of which has no info.json."""
        self._usual_loader = ""
        self._lock = threading.Lock()
        self._folder_locks: dict[str, threading.Lock] = {}

    def info(self, service: str) -> ImageInfo:
        """Return what the info.json of a service says; FileUnavailable if it cannot be had."""
        info = self._infos.get(service)
        if info is None:
            info = self._fetch_info(service)
            with self._lock:
                if len(self._infos) >= MAX_REMEMBERED:
                    self._infos.clear()
                self._infos[service] = info
        return info

    def _fetch_info(self, service: str) -> ImageInfo:
        url = image_api.info_url(service)
        try:
            return ImageInfo.from_json(json.loads(self._fetcher.get(url)), url)
        except SourceError as error:
            raise FileUnavailable(error.file, error.reason, code=error.code) from error
        except (ValueError, RecursionError) as error:
            raise FileUnavailable(url, f"not JSON ({error})", code=ProblemCode.MALFORMED) from error

    def resolve(self, leaf: Leaf) -> Leaf:
        """Return the leaf with its service only if that cuts out regions, else with a whole picture to fetch.

        The first info.json of each folder of a server is asked even if the source states a level, as some err.
        """
        service = leaf.image_service
        if not service:
            return self._with_relative_region(leaf, image_api.service_base_uri(leaf.scan or ""))
        sample = self._sample(service, is_needed=leaf.needs_info)
        if sample is None:
            return _without_service(leaf) if leaf.needs_info and leaf.scan else leaf
        if not sample.can_crop:
            whole_leaf = replace(
                leaf,
                image_service=None,
                scan=_whole_picture_url(leaf, service),
                width=None,
                height=None,
                needs_info=False,
            )
            return self._with_relative_region(whole_leaf, service)
        version = sample.version if leaf.needs_info else leaf.image_api_version
        return replace(leaf, image_api_version=version, needs_info=False)

    def offers_sizes(self, service: str) -> bool:
        """Return whether servers like this one prepare images of whole pages, as far as is known without a request."""
        sample = self._samples.get(service.rpartition("/")[0])
        return sample is not None and bool(sample.sizes)

    def _sample(self, service: str, *, is_needed: bool) -> ImageInfo | None:
        """Return the first info.json that a folder of services gave; None if there is none so far.

        In a folder one of which has none, others are asked only if it `is_needed`.
        """
        folder = service.rpartition("/")[0]
        with self._lock:
            folder_lock = self._folder_locks.setdefault(folder, threading.Lock())
        with folder_lock:
            if folder not in self._samples and (is_needed or folder not in self._silent_folders):
                try:
                    self._samples[folder] = self.info(service)
                except FileUnavailable:
                    self._silent_folders.add(folder)
            return self._samples.get(folder)

    def _with_relative_region(self, leaf: Leaf, service: str | None) -> Leaf:
        """Return the leaf with a region in percent: a prepared picture may be smaller than the image in info.json."""
        if not service or not PIXEL_REGION.fullmatch(leaf.selection.region):
            return leaf
        try:
            info = self.info(service)
        except FileUnavailable:
            return leaf
        return replace(leaf, selection=replace(leaf.selection, region=info.in_percent(leaf.selection.region)))

    def fetch_whole(self, url: str) -> bytes:
        """Return the file of the picture at a URL; of a server that refuses it, the largest that info.json names."""
        service = image_api.service_base_uri(url)
        if service and image_api.INFO_JSON_URL.match(url):
            return self._fetch_prepared(service)
        try:
            return self._fetcher.get(url)
        except ErrorResponse as refusal:
            if service and refusal.status in REFUSAL_STATUSES:
                with suppress(FileUnavailable):
                    return self._fetch_prepared(service)
            raise

    def _fetch_prepared(self, service: str) -> bytes:
        """Return the file of a whole picture from prepared pictures or tiles, as large as they allow."""
        info = self.info(service)
        loaders = dict(self._loaders(service, info))
        names = sorted(loaders, key=lambda name: name != self._usual_loader)
        last_error: FileUnavailable | None = None
        for name in names:
            try:
                picture = loaders[name]()
            except ErrorResponse as error:
                last_error = error
            else:
                self._usual_loader = name
                return picture
        reason = (
            f"none of its prepared pictures can be fetched ({last_error.reason if last_error else 'none is named'})"
        )
        raise FileUnavailable(image_api.info_url(service), reason, code=ProblemCode.UNAVAILABLE)

    def _loaders(self, service: str, info: ImageInfo) -> Iterator[tuple[str, FetchPicture]]:
        quality = image_api.quality_keyword(info.version)
        size_keywords = ["max", f"{info.width},{info.height}"] if info.version >= 3 else ["full", "max"]
        for index, size in enumerate(size_keywords):
            yield f"whole {index}", partial(self._fetcher.get, f"{service}/full/{size}/0/{quality}.jpg")
        if info.tiles:
            yield "tiles", partial(self._join_tiles, service, info)
        for width, height in info.sizes[:1]:
            for name, size in (("width", f"{width},"), ("width and height", f"{width},{height}")):
                yield name, partial(self._fetcher.get, f"{service}/full/{size}/0/{quality}.jpg")

    def _join_tiles(self, service: str, info: ImageInfo) -> bytes:
        tiles, factor = info.tile_requests()
        width, height = -(-info.width // factor), -(-info.height // factor)
        if not tiles or width * height > self._max_pixels:
            reason = f"tiles of {width} × {height} pixels are too many"
            raise FileUnavailable(image_api.info_url(service), reason, code=ProblemCode.TOO_LARGE)
        whole = Image.new("RGB", (width, height))
        for tile in tiles:
            is_whole = (tile.region.width, tile.region.height) == (info.width, info.height)
            size = f"{tile.size[0]},{tile.size[1]}" if info.version >= 3 else f"{tile.size[0]},"
            region = "full" if is_whole else str(tile.region)
            url = f"{service}/{region}/{size}/0/{image_api.quality_keyword(info.version)}.jpg"
            decoded = decode_image(BytesIO(self._fetcher.get(url)), url, max_pixels=self._max_pixels)
            whole.paste(decoded.image, (tile.region.x // factor, tile.region.y // factor))
        buffer = BytesIO()
        whole.save(buffer, "PNG", compress_level=1)
        return buffer.getvalue()


def _without_service(leaf: Leaf) -> Leaf:
    """Return the leaf with the picture that its address gives, which may be a region already."""
    url, selection = leaf.scan or "", leaf.selection
    if selection.region == image_api.requested_region(url):
        selection = replace(selection, region="")
    if selection.rotation == image_api.requested_rotation(url):
        selection = replace(selection, rotation=0)
    return replace(leaf, image_service=None, selection=selection, width=None, height=None, needs_info=False)


def _whole_picture_url(leaf: Leaf, service: str) -> str:
    """Return the address of the whole picture: the source's, or info.json if that gives a part or a reduced one."""
    if leaf.scan and (image_api.service_base_uri(leaf.scan) is None or image_api.is_whole_image_url(leaf.scan)):
        return leaf.scan
    return image_api.info_url(service)
