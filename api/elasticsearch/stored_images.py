"""Where the pixels of pages and pictures are on disk."""

from collections.abc import Sequence

from api.elasticsearch.gateway import SearchGateway
from api.elasticsearch.hits import Fields, crop_names, read_box, read_version
from api.elasticsearch.queries.images import stored_image_query
from api.records import StoredImage


async def find_stored_image(gateway: SearchGateway, identifier: str) -> StoredImage | None:
    """Return the image of a page or a picture by its `_id`; None if the index has neither."""
    response = await gateway.search(stored_image_query(identifier), gateway.index_names(["page", "picture"]))
    hits: Sequence[Fields] = response["hits"]["hits"]
    return read_stored_image(hits[0]) if hits else None


def read_stored_image(raw_hit: Fields) -> StoredImage:
    """Return a hit of `stored_image_query`."""
    source: Fields = raw_hit["_source"]
    scan: Fields = source.get("scan", {})
    is_picture = source.get("document") == "picture"
    return StoredImage(
        scan_name=str(scan.get("file", "")),
        frame=scan.get("frame"),
        is_upright=bool(scan.get("upright", True)),
        scan_size=(int(scan.get("width", 0)), int(scan.get("height", 0))),
        box=read_box(source) if is_picture and source.get("box") else None,
        crop_names=crop_names(source.get("image", {})) if is_picture else (),
        licence=str(source.get("licence", "")),
        version=read_version(source),
    )
