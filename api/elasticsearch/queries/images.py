"""Bodies for the service of images."""

from api.elasticsearch.queries.clause import Body


def stored_image_query(identifier: str) -> Body:
    """Return the query of the page or picture with this `_id`, and of where its pixels are; a page comes first."""
    return {
        "size": 1,
        "_source": ["document", "scan", "box", "image.crop", "image.large", "licence", "fingerprint"],
        "query": {"ids": {"values": [identifier]}},
        "sort": [{"document": "asc"}],
    }
