"""How many pictures a search may name."""

from collections.abc import Mapping

from api.errors import InvalidRequest
from api.records import NamedPicture
from api.search.image_terms import ImageTerms
from api.sentences import Sentence

MAX_IMAGE_TERMS = 50
MAX_OPENED_IMAGES = 8
"""Image terms whose pixels are fetched or cropped and then encoded; each takes about a second."""


def check_picture_limits(image_terms: ImageTerms, pictures: Mapping[str, NamedPicture]) -> None:
    """Raise `InvalidRequest` beyond a limit; `pictures` are those that need not be opened."""
    opened_likes = [term for term in image_terms.like if term.region or term.value not in pictures]
    opened_count = len(image_terms.image) + len(opened_likes)
    if len(image_terms.all) > MAX_IMAGE_TERMS:
        raise InvalidRequest(
            Sentence("A search takes at most %(limit)s pictures. Leave some out.", limit=MAX_IMAGE_TERMS)
        )
    if opened_count > MAX_OPENED_IMAGES:
        raise InvalidRequest(
            Sentence(
                "A search takes at most %(limit)s picture URLs and regions. Leave some out.", limit=MAX_OPENED_IMAGES
            )
        )
