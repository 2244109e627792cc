"""What HTTP clients may keep, compress and read from other sites."""

from litestar.config.compression import CompressionConfig
from litestar.config.cors import CORSConfig
from litestar.datastructures import CacheControlHeader

from api.elasticsearch.hits import CROPS_PATH
from api.picture_images import IMAGES_PATH
from core.image_requests import FORMATS

STATIC_CACHE = CacheControlHeader(max_age=3600, public=True)
CROP_CACHE = CacheControlHeader(max_age=7 * 24 * 3600, public=True)
"""The file name of a crop is derived from the picture's id, and only reindexing its book changes the file."""

COMPRESSION = CompressionConfig(
    backend="gzip", gzip_compress_level=3, exclude=[f"^{CROPS_PATH}/", rf"^{IMAGES_PATH}/.*\.(?:{'|'.join(FORMATS)})$"]
)
"""Level 3 takes less than half the time of level 9, for 7 % more bytes."""

CORS = CORSConfig(allow_origins=["*"], allow_methods=["GET", "HEAD", "POST"])
"""POST is the search with a picture; no address changes anything, and none knows a reader by a cookie.

Only for preflight requests: `api.middleware` adds the headers of all other responses."""
