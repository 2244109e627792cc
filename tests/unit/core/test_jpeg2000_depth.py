"""Colour pictures in JPEG 2000 with more than eight bits keep their white."""

import base64
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.errors import FileUnavailable
from core.image_files import decode_image
from core.images import to_rgb
from core.jpeg2000_depth import read_deep_colour, restore_white

# 12 × 8 pixels: white, black, and red with half of green. Pillow cannot write such files.
PICTURES = {
    "16 bits, reversible": base64.b64decode(
        "AAAADGpQICANCocKAAAAFGZ0eXBqcDIgAAAAAGpwMiAAAAAtanAyaAAAABZpaGRyAAAACAAAAAwAAw8HAAAAAAAPY29scgEAAAAAABAA"
        "AAEnanAyY/9P/1EALwAAAAAADAAAAAgAAAAAAAAAAAAAAAwAAAAIAAAAAAAAAAAAAw8BAQ8BAQ8BAf9SAAwAAAABAQAEBAAB/1wABECA"
        "/2QAJQABQ3JlYXRlZCBieSBPcGVuSlBFRyB2ZXJzaW9uIDIuNS40/5AACgAAAAAArwAB/5Pf+JQgJokIndYeTBWZ8r+AYOEqehgGBBT2"
        "lHmxBZ/7mw/Nh+bEFN/+bD82H5sQTwC5sPzYfmxA3kXNh+bD82IFui5sPzYfmxAo4XNh+bD82IDcC5sPzYfmxAU8XNh+bD82IBzC5sPz"
        "YfmxAMkfNh+bD82IBHj5sPzYfmxABC5bvKhzYfmw/Nh/3/iQSDsNDPtDM9n/f8/8MCA7uQ77YC7PP//Z"
    ),
    "12 bits, irreversible": base64.b64decode(
        "AAAADGpQICANCocKAAAAFGZ0eXBqcDIgAAAAAGpwMiAAAAAtanAyaAAAABZpaGRyAAAACAAAAAwAAwsHAAAAAAAPY29scgEAAAAAABAA"
        "AAE0anAyY/9P/1EALwAAAAAADAAAAAgAAAAAAAAAAAAAAAwAAAAIAAAAAAAAAAAAAwsBAQsBAQsBAf9SAA0BAgABAQAEBAAAiP9cAAVC"
        "YAD/ZAAlAAFDcmVhdGVkIGJ5IE9wZW5KUEVHIHZlcnNpb24gMi41LjT/kAAKAAAAAAC6AAH/k9/DMCaJCJ3WHkwVmfK/gGDhHcGBDQBg"
        "QU9pR5sPzYfmw/MzAv5FzYhA1nnNh+bEH9KeGBagAVAMC1AAqAYFqABUAwLUACoBgWoAFQDAtQAKgGBagAVAR9ymhgWoAFQDAtH2JP6U"
        "8MC1AM/UdDsNDPtDB7XgAYSBlQBIHN7EgZ9sSEss3gGEhKqkz+CAO7kO+0Myw1oBhIGVAEgc3sSBn2xISyzeAYSEqqTAMI//2Q=="
    ),
    "16 bits, opaque": base64.b64decode(
        "AAAADGpQICANCocKAAAAFGZ0eXBqcDIgAAAAAGpwMiAAAAAtanAyaAAAABZpaGRyAAAACAAAAAwABA8HAAAAAAAPY29scgEAAAAAABAA"
        "AAJNanAyY/9P/1EAMgAAAAAADAAAAAgAAAAAAAAAAAAAAAwAAAAIAAAAAAAAAAAABA8BAQ8BAQ8BAQ8BAf9SAAwAAAABAAAEBAAB/1wA"
        "BECA/2QAJQABQ3JlYXRlZCBieSBPcGVuSlBFRyB2ZXJzaW9uIDIuNS40/5AACgAAAAAB0gAB/5Pf+JTAJokIndXxHfix6NtgGDhLzxeA"
        "MCCntKR/SnhgWoAFQDAtQAKgGBagAVAMC1AAqAYFqABUAwLUACoBgWoAFQDAtQAKgGBagAVAMC1AAqAYFqABUAwLUACoBgWoAFQDAtQA"
        "KgGBagAVAMC1AAqAYFqABUAwLUACoBgWoAFQDAtQAKgGBagAVAMC1AAqAYFqABUAwLUACoBgWn/f+JQIJokIndYeTBWZ8r+AYOEqehgG"
        "BBT2lHmxBZ/7mw/Nh+bEFN/+bD82H5sQTwC5sPzYfmxA3kXNh+bD82IFui5sPzYfmxAo4XNh+bD82IDcC5sPzYfmxAU8XNh+bD82IBzC"
        "5sPzYfmxAMkfNh+bD82IBHj5sPzYfmxAIEvNh+bD82IP3/iUqCaJDQhpTHaAIUAADCQgGogAAX4ok9MYKa0gAqAYFqABUAwLUACoBgWo"
        "AFQDAtQAKgGBagAVAMC1AAqAYFqABUAwLUACoBgWoAFQDAtQAKgGBagAVAMC1AAqAYFqABUAwLUACoBgWoAFQDAtQAKgGBagAVAMC1AA"
        "qAYFqABUAwLUACoBgWoAFQDAtQAKgGBagAVAMC1Az/wwGBQAXKuJz//Z"
    ),
    "16 bits, irreversible, codestream alone": base64.b64decode(
        "/0//UQAvAAAAAAAMAAAACAAAAAAAAAAAAAAADAAAAAgAAAAAAAAAAAADDwEBDwEBDwEB/1IADQECAAEBAAQEAACI/1wABUKAAP9kACUA"
        "AUNyZWF0ZWQgYnkgT3BlbkpQRUcgdmVyc2lvbiAyLjUuNP+QAAoAAAAAANoAAf+T3/HsJokIndYeTBWZ8r+AYOEdwYENAGBBT2lHmw/N"
        "h+bD8zMC/kXNiEDWec2H5sQf0p4YFqABUAwLUACoBgWoAFQDAtQAKgGBagAVAMC1AAqAYFqABUBH3KaGBagAVAMC0fYk/pTwwLUACoCP"
        "uU0MC1AAqAYFo+xJ/SnhgWoAz+CEOw0M+0MHteABhIGVAEgc3sSBn2xISyzeAYSEqqTAMJCUz/womDu5DvtDMsNaAYSBlQBIHN7EgZ9s"
        "SEss3gGEhKqkwDCQlJxEYSEv/9k="
    ),
}


@pytest.mark.parametrize("kind", PICTURES)
def test_white_black_and_colours_are_what_they_are(kind: str) -> None:
    image = to_rgb(decode_image(BytesIO(PICTURES[kind]), "file").image)
    pixels = [image.getpixel((x, 4)) for x in (1, 6, 10)]
    for pixel, expected_pixel in zip(pixels, [(255, 255, 255), (0, 0, 0), (255, 128, 0)], strict=True):
        assert isinstance(pixel, tuple)
        assert max(abs(value - expected) for value, expected in zip(pixel, expected_pixel, strict=True)) <= 2


@given(st.sampled_from(sorted(PICTURES)), st.integers(0, 700), st.binary(max_size=4))
def test_a_damaged_file_gives_a_picture_or_an_error_for_users(kind: str, position: int, garbage: bytes) -> None:
    data = PICTURES[kind]
    damaged_data = data[:position] + garbage + data[position + len(garbage) :]
    with suppress(FileUnavailable):
        assert decode_image(BytesIO(damaged_data), "file", max_pixels=10**6).image.width


def test_white_is_kept_behind_large_metadata() -> None:
    data = PICTURES["16 bits, reversible"]
    box_start = data.index(b"jp2c") - 4
    metadata_box = (70_008).to_bytes(4, "big") + b"xml " + b" " * 70_000
    image = decode_image(BytesIO(data[:box_start] + metadata_box + data[box_start:]), "file").image
    assert image.getpixel((1, 4)) == (255, 255, 255)


def test_pictures_of_eight_bits_are_decoded_once() -> None:
    file = BytesIO()
    Image.new("RGB", (8, 8)).save(file, "JPEG2000")
    with Image.open(file) as image:
        assert read_deep_colour(image) is None


def test_a_second_picture_that_cannot_be_decoded_changes_nothing() -> None:
    image = Image.new("RGB", (8, 8))
    assert restore_white(image, b"no codestream") is image
