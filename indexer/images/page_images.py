"""One prepared image of a whole page in place of a request for each of its pictures, where that is cheaper."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PIL import Image

from core import image_api
from core.errors import FileUnavailable
from core.geometry import PixelBox
from indexer.images.image_info import ImageInfo
from indexer.images.image_services import ImageServices
from indexer.records import Leaf

MIN_PICTURES = 3
"""A page costs two requests, as its info.json says which sizes are prepared."""

PIXELS_PER_REQUEST = 1_000_000
"""What the time of one request is worth: some 200 kB of JPEG, which a line of 8 Mbit/s sends in 200 ms."""


@dataclass(frozen=True, slots=True)
class PageImage:
    """A whole page at a reduced size."""

    service: str
    image: Image.Image
    size: tuple[int, int]
    """Pixels of the page in which regions are given."""

    def crop(self, box: PixelBox) -> Image.Image:
        """Return a region at the size at which a server would send it."""
        x_scale, y_scale = self.image.width / self.size[0], self.image.height / self.size[1]
        region = (
            box.x * x_scale,
            box.y * y_scale,
            min((box.x + box.width) * x_scale, self.image.width),
            min((box.y + box.height) * y_scale, self.image.height),
        )
        size = image_api.crop_size(box.width, box.height)
        return self.image.resize(size, Image.Resampling.LANCZOS, box=region, reducing_gap=3.0)


def load_page_image(
    leaf: Leaf, boxes: Sequence[PixelBox], services: ImageServices, fetch_image: Callable[[str], Image.Image]
) -> PageImage | None:
    """Return the whole page for its pictures; None if single requests are cheaper, or if it cannot be had."""
    service = leaf.image_service
    if not service or len(boxes) < MIN_PICTURES or not services.offers_sizes(service):
        return None
    try:
        info = services.info(service)
        if not (size := choose_page_size(info, boxes)):
            return None
        keyword = f"{size[0]},{size[1]}" if leaf.image_api_version >= 3 else f"{size[0]},"
        quality = image_api.quality_keyword(leaf.image_api_version)
        return PageImage(service, fetch_image(f"{service}/full/{keyword}/0/{quality}.jpg"), (info.width, info.height))
    except FileUnavailable:
        # Each picture is requested for itself then, and errors are reported there.
        return None


def choose_page_size(info: ImageInfo, boxes: Sequence[PixelBox]) -> tuple[int, int] | None:
    """Return the smallest prepared size that has the pixels of every picture; None if single requests are cheaper."""
    if len(boxes) < MIN_PICTURES:
        return None
    crop_sizes = [image_api.crop_size(box.width, box.height) for box in boxes]
    scale = max(size[0] / box.width for size, box in zip(crop_sizes, boxes, strict=True))
    large_sizes = [size for size in info.sizes if size[0] >= scale * info.width and size[1] >= scale * info.height]
    if not large_sizes or not all(_lies_inside(box, info) for box in boxes):
        return None
    width, height = min(large_sizes)
    saved_requests = len(boxes) - 2
    crop_pixels = sum(crop_width * crop_height for crop_width, crop_height in crop_sizes)
    return (width, height) if width * height <= crop_pixels + saved_requests * PIXELS_PER_REQUEST else None


def _lies_inside(box: PixelBox, info: ImageInfo) -> bool:
    return 0 <= box.x < info.width and 0 <= box.y < info.height
