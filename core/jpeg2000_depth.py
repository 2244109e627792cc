"""White in JPEG 2000 pictures with more than eight bits per colour.

Pillow 13 rounds such numbers up and keeps the last eight bits, so that full white becomes 0: black, and opaque becomes
transparent. The same file with a header that states one bit more is decoded a second time; there a number of the first
picture is half of itself plus 64, and nothing is lost at the upper end.
"""

import struct
from contextlib import suppress
from io import BytesIO

from PIL import Image, ImageChops
from PIL.ImageFile import ImageFile

CODESTREAM_START = b"\xff\x4f\xff\x51"
"""The markers SOC and SIZ (ISO/IEC 15444-1, A.4.1 and A.5.1)."""
HEAD_BYTES = 65_536
SIZE, QUANTISATION, COMPONENT_QUANTISATION, FIRST_TILE = 0xFF51, 0xFF5C, 0xFF5D, 0xFF90
"""The markers SIZ, QCD, QCC and SOT."""
COMPONENT_COUNT, FIRST_COMPONENT, COMPONENT_SIZE = 38, 40, 3
"""Bytes from the marker SIZ to Csiz and to the first Ssiz, and from one Ssiz to the next."""

MIDDLE = 128
"""In the second picture black is 64 and white 192."""


def read_deep_colour(image: ImageFile) -> bytes | None:
    """Return the file of a JPEG 2000 picture whose white may be lost, else None; the picture is not yet decoded."""
    if image.format != "JPEG2000" or len(image.getbands()) == 1 or image.fp is None:
        return None
    position = image.fp.tell()
    image.fp.seek(0)
    data = image.fp.read(HEAD_BYTES)
    # Boxes with a profile or metadata can stand before the picture.
    if CODESTREAM_START not in data or max(_component_bits(data), default=0) > 8:
        data += image.fp.read()
    image.fp.seek(position)
    return data if max(_component_bits(data), default=0) > 8 else None


def restore_white(image: Image.Image, data: bytes) -> Image.Image:
    """Return a decoded picture with white where it was lost; the picture itself if nothing was."""
    if all(band.getextrema()[0] for band in image.split()):
        return image
    second_image: Image.Image | None = None
    with suppress(Exception), Image.open(BytesIO(_with_one_bit_more(data)), formats=("JPEG2000",)) as opened_image:
        opened_image.load()
        second_image = opened_image
    if second_image is None or (second_image.mode, second_image.size) != (image.mode, image.size):
        return image
    bands = map(_restore_band, image.split(), second_image.split())
    restored_image = Image.merge(image.mode, list(bands))
    restored_image.info = image.info
    return restored_image


def _restore_band(band: Image.Image, second_band: Image.Image) -> Image.Image:
    is_zero = band.point([255] + [0] * 255)
    is_bright = second_band.point([0] * MIDDLE + [255] * (256 - MIDDLE))
    return ImageChops.lighter(band, ImageChops.darker(is_zero, is_bright))


def _component_bits(data: bytes) -> list[int]:
    """Return the bits of each component; none if they are signed or the file is damaged."""
    start = data.find(CODESTREAM_START) + 2
    with suppress(struct.error, IndexError):
        (count,) = struct.unpack_from(">H", data, start + COMPONENT_COUNT)
        depths = [data[start + FIRST_COMPONENT + COMPONENT_SIZE * number] for number in range(count)]
        return [depth + 1 for depth in depths if depth < 31]
    return []


def _with_one_bit_more(data: bytes) -> bytes:
    """Return the file with one bit more for each component, and coefficients that mean what they did before."""
    patched = bytearray(data)
    position = data.index(CODESTREAM_START) + 2
    component_count = len(_component_bits(data))
    while True:
        marker, length = struct.unpack_from(">HH", data, position)
        if marker == SIZE:
            for number in range(component_count):
                patched[position + FIRST_COMPONENT + COMPONENT_SIZE * number] += 1
        elif marker == QUANTISATION:
            _raise_exponents(patched, position + 4, position + 2 + length)
        elif marker == COMPONENT_QUANTISATION:
            _raise_exponents(patched, position + 5, position + 2 + length)
        elif marker == FIRST_TILE:
            return bytes(patched)
        position += 2 + length


def _raise_exponents(patched: bytearray, style_position: int, end: int) -> None:
    """Double the divisors of irreversible coefficients: their unit is derived from the bits (A.6.4, E.1.1)."""
    if patched[style_position] & 0x1F == 0:
        return  # reversible: no divisors
    guard_bit = 0x20
    patched[style_position] -= guard_bit if patched[style_position] >= guard_bit else 0
    for position in range(style_position + 1, end - 1, 2):
        (step,) = struct.unpack_from(">H", patched, position)
        struct.pack_into(">H", patched, position, min(step + (1 << 11), 0xFFFF))
