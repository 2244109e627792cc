"""The crops, which the API serves: one JPEG per picture, and a larger one where the scan has more pixels."""

from collections.abc import Iterable, Sequence

from PIL.Image import Image

from core.crop_stores import CropStore
from core.errors import FrontispieceError
from indexer.documents.pictures import Picture
from indexer.documents.stored import StaleDocument
from indexer.images.crops import encode_crop, shrink_to_crop_size

MAX_LARGE_SIDE = 2000
"""Pixels of the larger JPEG's longer side: more than a screen has. The scan itself has every pixel."""


class CropFiles:
    """The files of pictures in the store of the crops."""

    def __init__(self, store: CropStore) -> None:
        self._store = store

    def has_files_of(self, picture: Picture) -> bool:
        """Return whether every file of the picture is there and complete."""
        return bool(self.select_complete([picture]))

    def select_complete(self, pictures: Sequence[Picture]) -> set[str]:
        """Return the ids of the pictures whose files are all there and complete."""
        names = {picture.id: [name for name in (picture.crop_file, picture.large_file) if name] for picture in pictures}
        complete = self._store.complete_names([name for picture_names in names.values() for name in picture_names])
        return {id_ for id_, picture_names in names.items() if complete >= set(picture_names)}

    def save(self, picture: Picture, full_image: Image) -> Image:
        """Write the files of a picture and return the image at the size at which it is encoded."""
        image = shrink_to_crop_size(full_image)
        self._write(picture.crop_file, image)
        if picture.large_file:
            full_image.thumbnail((MAX_LARGE_SIDE, MAX_LARGE_SIDE))
            self._write(picture.large_file, full_image)
        return image

    def delete(self, pictures: Iterable[StaleDocument]) -> None:
        """Delete the files of removed pictures."""
        for picture in pictures:
            for name in picture.crop_files:
                self._store.delete(name)

    def _write(self, name: str, image: Image) -> None:
        try:
            self._store.write(name, encode_crop(image))
        except OSError as error:
            raise FrontispieceError(
                f"cannot write the crop {self._store.describe(name)}: {error.strerror or error}; set FRONTISPIECE_DATA "
                "to another folder, or FRONTISPIECE_CROPS to a folder or address that can be written"
            ) from error
