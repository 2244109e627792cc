"""Picture files that tests make themselves: orientations, pages of a TIFF, ICC profiles."""

import struct
from collections.abc import Sequence
from io import BytesIO

import numpy as np
from PIL import Image, ImageCms

ORIENTATION = 274
RED, GREEN, BLUE, WHITE = (220, 20, 20), (20, 200, 20), (20, 20, 220), (255, 255, 255)

# The stored picture has, from the upper left in reading order, these corners when it must be turned to the upright one.
STORED_TURNS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""EXIF orientation → how a camera with that orientation stores an upright picture."""


def upright_picture(width: int = 48, height: int = 80) -> Image.Image:
    """Return a picture with four different corners: red, green, blue and white in reading order."""
    image = Image.new("RGB", (width, height), WHITE)
    image.paste(RED, (0, 0, width // 2, height // 2))
    image.paste(GREEN, (width // 2, 0, width, height // 2))
    image.paste(BLUE, (0, height // 2, width // 2, height))
    return image


def stored_picture(orientation: int, image: Image.Image | None = None) -> Image.Image:
    """Return the pixels as a camera with this orientation stores the upright picture."""
    image, turn = image or upright_picture(), STORED_TURNS[orientation]
    return image if turn is None else image.transpose(turn)


def corner_colours(image: Image.Image) -> list[str]:
    """Return the names of the colours in the four corners, in reading order; compression may change them a little."""
    names = {RED: "red", GREEN: "green", BLUE: "blue", WHITE: "white"}
    points = [(x, y) for y in (3, image.height - 4) for x in (3, image.width - 4)]

    def name(pixel: Sequence[int]) -> str:
        return names[min(names, key=lambda colour: sum(abs(a - b) for a, b in zip(colour, pixel, strict=True)))]

    return [name(image.convert("RGB").getpixel(point)) for point in points]  # type: ignore[arg-type]


UPRIGHT_CORNERS = ["red", "green", "blue", "white"]


def picture_file(image: Image.Image, image_format: str, orientation: int = 1, **options: object) -> bytes:
    """Return the file of a picture, with an EXIF orientation."""
    exif = Image.Exif()
    if orientation != 1:
        exif[ORIENTATION] = orientation
    file = BytesIO()
    image.save(file, image_format, exif=exif, **options)
    return file.getvalue()


def noise(width: int, height: int, seed: int = 1, mode: str = "RGB") -> Image.Image:
    """Return a picture of coarse noise, which a JPEG keeps and in which no two rows are alike."""
    levels = np.random.default_rng(seed).integers(0, 255, (height // 20 + 2, width // 20 + 2, 3), dtype=np.uint8)
    return Image.fromarray(levels).resize((width, height), Image.Resampling.BICUBIC).convert(mode)


def tiff_file(frames: Sequence[Image.Image], subfile_types: Sequence[int] | None = None, **options: object) -> bytes:
    """Return a TIFF with several frames, each with a NewSubfileType."""
    file = BytesIO()
    frames = [frame.copy() for frame in frames]
    for frame, subfile_type in zip(frames, subfile_types or [0] * len(frames), strict=True):
        frame.encoderinfo = {"tiffinfo": {254: subfile_type}}
    first_options = {"tiffinfo": {254: (subfile_types or [0])[0]}}
    frames[0].save(file, "TIFF", save_all=True, append_images=frames[1:], **first_options, **options)
    return file.getvalue()


def swapped_srgb_profile() -> bytes:
    """Return an RGB profile in which red and green are exchanged, so that its effect is easily seen."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"....", 1).replace(b"gXYZ", b"rXYZ", 1).replace(b"....", b"gXYZ", 1)
    # A profile called sRGB is not applied.
    return swapped.replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be"))


def cmyk_profile() -> bytes:
    """Return a CMYK profile (ICC.1, lut8Type) in which cyan ink alone is pure blue and the other inks are black."""
    lab_white, lab_black, lab_cyan = (255, 128, 128), (0, 128, 128), (82, 207, 20)
    grid = []
    for corner in range(16):  # C is the slowest of the four inks
        c, others = corner >> 3, corner & 7
        grid.append(lab_black if others else (lab_cyan if c else lab_white))
    curve = bytes(range(256))
    matrix = struct.pack(">9i", *(65536 if position % 4 == 0 else 0 for position in range(9)))
    lut = (
        b"mft1"
        + bytes(4)
        + bytes([4, 3, 2, 0])
        + matrix
        + curve * 4
        + bytes(v for lab in grid for v in lab)
        + curve * 3
    )
    description = b"desc" + bytes(4) + struct.pack(">I", 9) + b"Test ink\0" + bytes(78)
    white = b"XYZ " + bytes(4) + struct.pack(">3i", 63190, 65536, 54061)
    tags, data, offset = [], b"", 128 + 4 + 3 * 12
    for signature, value in ((b"desc", description), (b"wtpt", white), (b"A2B0", lut)):
        tags.append(signature + struct.pack(">II", offset + len(data), len(value)))
        data += value + bytes(-len(value) % 4)
    header = struct.pack(
        ">I4sI4s4s4s12s4s", offset + len(data), b"test", 0x02400000, b"prtr", b"CMYK", b"Lab ", bytes(12), b"acsp"
    )
    header += bytes(28) + struct.pack(">3i", 63190, 65536, 54061) + bytes(48)
    return header + struct.pack(">I", len(tags)) + b"".join(tags) + data
