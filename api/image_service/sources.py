"""Which files have the pixels of an image: the scan, if it may be sent, and the crops."""

from collections.abc import Iterator
from dataclasses import dataclass

from api.image_service.pixel_files import PixelFile
from api.records import StoredImage
from core.crop_stores import CropStore
from core.errors import FileUnavailable
from core.geometry import Box, PixelBox
from core.image_files import read_image_header
from core.scan_folders import ScanFolders


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedImage:
    """An image of the Image API: its size and its files, the one with the most pixels first."""

    width: int
    height: int
    files: tuple[PixelFile, ...]
    stamp: str
    """What changes when a file changes."""
    version: str
    """What changes when the document is written anew."""
    licence: str = ""

    def choose_file(self, region: PixelBox, width: int, height: int) -> PixelFile:
        """Return the smallest file with enough pixels for a region at this size; the first one has the best pixels."""
        if region != PixelBox(0, 0, self.width, self.height) or (width, height) == (self.width, self.height):
            return self.files[0]
        large_enough = (file for file in self.files if file.region.width >= width and file.region.height >= height)
        return min(large_enough, key=lambda file: file.size[0] * file.size[1], default=self.files[0])


def find_source(
    stored: StoredImage, scan_folders: ScanFolders, crops: CropStore, max_pixels: int
) -> ServedImage | None:
    """Return where the pixels of an image are; None if no file of it is here."""
    files = tuple(
        file
        for file in (
            _scan_file(stored, scan_folders),
            *_crop_files(stored, crops, max_pixels),
        )
        if file
    )
    if not files:
        return None
    return ServedImage(
        width=files[0].region.width,
        height=files[0].region.height,
        files=files,
        stamp=" ".join(file.stamp for file in files),
        version=stored.version,
        licence=stored.licence,
    )


def _scan_file(stored: StoredImage, scan_folders: ScanFolders) -> PixelFile | None:
    path = scan_folders.find(stored.scan_name) if stored.scan_name else None
    width, height = stored.scan_size
    if path is None or width <= 0 or height <= 0:
        return None
    region = PixelBox(0, 0, width, height)
    if stored.box:
        box = stored.box
        part = Box(box.x, box.y, box.width, box.height).clip(width, height)
        if min(part.width, part.height) <= 0:
            return None
        region = part.to_pixel_box()
    return PixelFile(path=path, frame=stored.frame, is_upright=stored.is_upright, size=stored.scan_size, region=region)


def _crop_files(stored: StoredImage, crops: CropStore, max_pixels: int) -> Iterator[PixelFile]:
    for name in stored.crop_names:
        path = crops.find(name)
        if path is None:
            continue
        try:
            size = read_image_header(path, path.name, max_pixels=max_pixels).upright_size
        except FileUnavailable:
            continue  # a damaged crop, which the next run of `index` writes again
        yield PixelFile(path=path, size=size, region=PixelBox(0, 0, *size))
