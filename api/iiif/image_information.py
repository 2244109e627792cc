"""The info.json of the IIIF Image API 3.0. Pure functions."""

from api.iiif.presentation import Resource, rights_uri
from core.image_requests import FORMATS, QUALITIES, OutputLimits, prepared_sizes, scale_factors

IMAGE_CONTEXT = "http://iiif.io/api/image/3/context.json"
IMAGE_MEDIA_TYPE = f'application/ld+json;profile="{IMAGE_CONTEXT}"'
LEVEL_2_URI = "http://iiif.io/api/image/3/level2.json"

TILE_SIDE = 512

LEVEL_2_FORMATS = ("jpg", "png")
EXTRA_FEATURES = ["canonicalLinkHeader", "mirroring", "profileLinkHeader"]
"""What level 2 does not require."""


def build_image_information(url: str, width: int, height: int, limits: OutputLimits, licence: str = "") -> Resource:
    """Return what a client may ask of the image at `url`, the base URI of its service."""
    information: Resource = {
        "@context": IMAGE_CONTEXT,
        "id": url,
        "type": "ImageService3",
        "protocol": "http://iiif.io/api/image",
        "profile": "level2",
        "width": width,
        "height": height,
        "maxWidth": limits.width,
        "maxHeight": limits.width,
        "maxArea": limits.area,
        "sizes": [{"width": size[0], "height": size[1]} for size in prepared_sizes(width, height, TILE_SIDE, limits)],
        "tiles": [{"width": TILE_SIDE, "height": TILE_SIDE, "scaleFactors": scale_factors(width, height, TILE_SIDE)}],
        "preferredFormats": ["webp", "jpg"],
        "extraFormats": [name for name in FORMATS if name not in LEVEL_2_FORMATS],
        "extraQualities": [name for name in QUALITIES if name != "default"],
        "extraFeatures": EXTRA_FEATURES,
    }
    return {**information, "rights": uri} if (uri := rights_uri(licence)) else information
