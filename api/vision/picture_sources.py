"""Where the pixels of a picture of the index are: a crop on this machine, or the library's image service."""

from pathlib import Path

from api.errors import InvalidRequest
from api.records import PictureFiles
from api.search.image_terms import ImageRegion
from api.sentences import Sentence
from core import image_api
from core.crop_stores import CropStore


def find_crop(files: PictureFiles, crops: CropStore) -> Path | None:
    """Return a file with the largest crop of a picture."""
    return next((file for name in files.crop_names if (file := crops.find(name))), None)


def region_on_server(files: PictureFiles, region: ImageRegion) -> tuple[str, ImageRegion]:
    """Return the image service that has the picture's page, and the region of the picture on that page."""
    service = image_api.service_base_uri(files.region_url)
    if service is None:
        raise InvalidRequest(
            Sentence(
                "Regions of this picture cannot be searched with, because its file is missing. Use the whole picture."
            )
        )
    region_box = region.to_pixels((files.box.width, files.box.height))
    return image_api.info_url(service), ImageRegion(
        files.box.x + region_box.x, files.box.y + region_box.y, region_box.width, region_box.height
    )
