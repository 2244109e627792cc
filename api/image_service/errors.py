"""Errors of the service of images.

* UserFacingError
  - ImageNotFound             404, there is no image with this identifier
  - UnreadableImage           500, the file of an image cannot be read
  - NotImplementedByImageApi  501, a valid request of the Image API that this service does not support
"""

from api.errors import UserFacingError


class ImageNotFound(UserFacingError):
    """The Image API has no image with this identifier."""

    status = 404

    def __init__(self, identifier: str) -> None:
        super().__init__(
            f"There is no image “{identifier[:200]}” here. It is not indexed, its scan is not on this service's disk, "
            "or its book was indexed again; search for the picture."
        )


class UnreadableImage(UserFacingError):
    """The file of an image cannot be read."""

    status = 500


class NotImplementedByImageApi(UserFacingError):
    """A valid request of the Image API that this service does not support."""

    status = 501
