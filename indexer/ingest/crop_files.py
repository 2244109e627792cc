"""The crops on disk, which the API serves: one JPEG per picture, and a larger one where the scan has more pixels."""

from collections.abc import Iterable
from pathlib import Path

from PIL.Image import Image

from core.errors import FrontispieceError
from indexer.documents.pictures import Picture
from indexer.documents.stored import StaleDocument
from indexer.images.crops import is_complete_crop, save_crop, shrink_to_crop_size

MAX_LARGE_SIDE = 2000
"""Pixels of the larger JPEG's longer side: more than a screen has. The scan itself has every pixel."""


class CropFiles:
    """The folder of the crops."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def has_files_of(self, picture: Picture) -> bool:
        """Return whether every file of the picture is there and complete."""
        return all(is_complete_crop(self._folder / file) for file in (picture.crop_file, picture.large_file) if file)

    def save(self, picture: Picture, full_image: Image) -> Image:
        """Write the files of a picture and return the image at the size at which it is encoded."""
        image = shrink_to_crop_size(full_image)
        file = self._folder / picture.crop_file
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            save_crop(image, file)
            if picture.large_file:
                full_image.thumbnail((MAX_LARGE_SIDE, MAX_LARGE_SIDE))
                save_crop(full_image, self._folder / picture.large_file)
        except OSError as error:
            raise FrontispieceError(
                f"cannot write {file}: {error.strerror or error}; set FRONTISPIECE_DATA to another folder"
            ) from error
        return image

    def delete(self, pictures: Iterable[StaleDocument]) -> None:
        """Delete the files of removed pictures."""
        root = self._folder.resolve()
        for picture in pictures:
            for name in picture.crop_files:
                file = (root / name).resolve()
                # A document in the index must not be able to name a file elsewhere.
                if file.is_relative_to(root):
                    file.unlink(missing_ok=True)
