"""Picture files of every format, orientation and depth are read as they are seen."""

import base64
import struct
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from core import image_files
from core.errors import FileUnavailable, ProblemCode
from core.image_files import (
    ANIMATION_WARNING,
    EARLY_END_WARNING,
    FORMATS,
    HAS_HEIF,
    IMAGE_SUFFIXES,
    DecodedImage,
    decode_image,
    read_image_header,
)
from core.images import to_rgb
from tests.paths import CASES
from tests.picture_files import (
    STORED_TURNS,
    UPRIGHT_CORNERS,
    corner_colours,
    noise,
    picture_file,
    stored_picture,
    tiff_file,
    upright_picture,
)

MAX_PIXELS = 1_000_000

ORIENTED_FORMATS = ["JPEG", "PNG", "TIFF", "WEBP", "AVIF"]


def decode(data: bytes, **options: object) -> DecodedImage:
    return decode_image(BytesIO(data), "file", max_pixels=MAX_PIXELS, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("image_format", ORIENTED_FORMATS)
@pytest.mark.parametrize("orientation", STORED_TURNS)
def test_pictures_of_all_orientations_stand_upright(image_format: str, orientation: int) -> None:
    data = picture_file(stored_picture(orientation), image_format, orientation)
    decoded = decode(data)
    assert corner_colours(decoded.image) == UPRIGHT_CORNERS
    header = read_image_header(BytesIO(data), "file", max_pixels=MAX_PIXELS)
    assert header.upright_size == decoded.image.size == upright_picture().size


@pytest.mark.parametrize("image_format", ORIENTED_FORMATS)
@pytest.mark.parametrize("orientation", STORED_TURNS)
def test_pixels_can_be_left_as_they_are_stored(image_format: str, orientation: int) -> None:
    stored = stored_picture(orientation)
    data = picture_file(stored, image_format, orientation)
    image = decode(data, upright=False).image
    assert corner_colours(image) == corner_colours(stored)
    assert read_image_header(BytesIO(data), "file", max_pixels=MAX_PIXELS).stored_size == image.size == stored.size


def test_a_turned_picture_has_no_orientation_left() -> None:
    image = decode(picture_file(stored_picture(6), "JPEG", 6)).image
    assert corner_colours(ImageOps.exif_transpose(image)) == UPRIGHT_CORNERS


def move_exif_behind_the_pixels(png: bytes) -> bytes:
    """Return the PNG as ExifTool writes it."""
    start = png.index(b"eXIf") - 4
    length = int.from_bytes(png[start : start + 4]) + 12
    chunk, end = png[start : start + length], png.index(b"IEND") - 4
    return png[:start] + png[start + length : end] + chunk + png[end:]


def test_the_orientation_behind_the_pixels_of_a_png_is_read_without_decoding() -> None:
    data = move_exif_behind_the_pixels(picture_file(stored_picture(6), "PNG", 6))
    assert data.index(b"IDAT") < data.index(b"eXIf")
    assert read_image_header(BytesIO(data), "file", max_pixels=MAX_PIXELS).orientation == 6
    assert corner_colours(decode(data).image) == UPRIGHT_CORNERS


@pytest.mark.parametrize("orientation", [0, 9, 255])
def test_an_unknown_orientation_is_ignored(orientation: int) -> None:
    assert corner_colours(decode(picture_file(upright_picture(), "JPEG", orientation)).image) == UPRIGHT_CORNERS


def test_the_case_of_a_turned_telephone_stands_upright() -> None:
    file = CASES / "exif-rotated-picture" / "phone_rotated.jpg"
    assert read_image_header(file, str(file), max_pixels=MAX_PIXELS).upright_size == (700, 900)
    assert decode_image(file, str(file)).image.size == (700, 900)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "TIFF", "JPEG2000", "WEBP", "AVIF", "GIF", "BMP"])
def test_every_format_is_read(image_format: str) -> None:
    file = BytesIO()
    upright_picture().save(file, image_format)
    decoded = decode(file.getvalue())
    assert (corner_colours(decoded.image), decoded.warnings) == (UPRIGHT_CORNERS, ())


HEIC_PICTURE = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAVZtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "ACJpbG9jAAAAAERAAAEAAQAAAAABegABAAAAAAAAALMAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRt"
    "AAAAAAABAAAA1mlwcnAAAAC3aXBjbwAAAHhodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMA"
    "AAMAHroCQGEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoCCBhZbqSSmubgIaDAgAAAMAyAAAAwAIQGIAAQAHRAHBcrAiQAAAABNjb2xy"
    "bmNseAABAA0ABoAAAAAUaXNwZQAAAAAAAABAAAAAYAAAABBwaXhpAAAAAAMICAgAAAAXaXBtYQAAAAAAAAABAAEEgQIDBAAAALtt"
    "ZGF0AAAArygBrxOA5qhw0//+D9R//Dvnh+W8/Eqt9YhJ/5mdf/v1qkb+X/3+Wo+ZXF/zhnWrRGWgUU9hsO5H/iY8z+tdHm+2994j"
    "deHm4Mqs6UC/mp3QiAiST/xL1uVH4gA9ndfZUX/w7f+9xTUf91v3ge1FxzMwOOdWkAlPR1O0xf2sKnTx27FmztmY9ftiQBXK8rAs"
    "Y7oPfx7xL4pViqaNPfE4NfTXTaiUTirE+7BFubGQ5nA="
)
"""`upright_picture(64, 96)` as pillow-heif writes it; the plugin that is used here only reads."""


@pytest.mark.skipif(not HAS_HEIF, reason="the extra `heic` is not installed")
def test_heic_is_read() -> None:
    decoded = decode(HEIC_PICTURE)
    assert (decoded.image.size, corner_colours(decoded.image)) == ((64, 96), UPRIGHT_CORNERS)
    with pytest.raises(FileUnavailable, match="64 × 96 pixels are more than"):
        decode_image(BytesIO(HEIC_PICTURE), "file", max_pixels=6000)


def test_heic_without_its_plugin_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_files, "HAS_HEIF", False)
    monkeypatch.setattr(image_files, "FORMATS", tuple(name for name in FORMATS if name != "HEIF"))
    with pytest.raises(FileUnavailable, match=r"pip install 'frontispiece\[heic\]'") as caught:
        decode(HEIC_PICTURE)
    assert caught.value.code == ProblemCode.UNSUPPORTED


@pytest.mark.parametrize("suffix", sorted(IMAGE_SUFFIXES - {".heic", ".heif", ".hif", ".ptif", ".btf"}))
def test_every_suffix_is_one_that_pillow_knows(suffix: str) -> None:
    assert suffix in Image.registered_extensions()


@pytest.mark.parametrize("image_format", ["EPS", "PDF", "PPM", "ICO", "TGA"])
def test_other_formats_are_refused_with_the_formats_that_are_read(image_format: str) -> None:
    file = BytesIO()
    upright_picture().save(file, image_format)
    with pytest.raises(FileUnavailable, match="JPEG 2000, WebP, AVIF") as caught:
        decode(file.getvalue())
    assert (caught.value.file, caught.value.code) == ("file", ProblemCode.UNREADABLE)


def test_an_empty_file_is_called_empty(tmp_path: Path) -> None:
    (tmp_path / "scan.jpg").touch()
    for source in (BytesIO(), tmp_path / "scan.jpg"):
        with pytest.raises(FileUnavailable, match="the file is empty") as caught:
            decode_image(source, "file")
        assert caught.value.code == ProblemCode.EMPTY


def test_a_kind_of_tiff_that_cannot_be_decoded_is_no_foreign_file() -> None:
    data = grey_tiff(RAMP.astype(np.float64), {339: 3})
    with pytest.raises(FileUnavailable, match="a TIFF file that is damaged, or of a kind that cannot be decoded"):
        decode(data)


@pytest.mark.parametrize("image_format", ["GIF", "WEBP", "PNG", "AVIF"])
def test_an_animation_gives_its_first_picture_and_a_warning(image_format: str) -> None:
    file = BytesIO()
    others = [Image.new("RGB", (48, 80), colour) for colour in ("black", "yellow")]
    upright_picture().save(file, image_format, save_all=True, append_images=others)
    decoded = decode(file.getvalue())
    assert (corner_colours(decoded.image), decoded.warnings) == (UPRIGHT_CORNERS, (ANIMATION_WARNING,))


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("missing_bytes", [2, 3, 10, 200, 2000])
def test_a_jpeg_that_lacks_only_its_end_is_read_with_a_warning(
    mode: str, *, progressive: bool, missing_bytes: int
) -> None:
    data = picture_file(noise(600, 800, mode=mode), "JPEG", quality=85, progressive=progressive)
    decoded, whole = decode(data[:-missing_bytes]), decode(data)
    # Without its last marker alone, a JPEG has all pixels.
    assert decoded.warnings == (EARLY_END_WARNING,) or missing_bytes == 2
    assert whole.warnings == ()
    upper_part = (0, 0, 600, 700)
    difference = np.abs(
        np.asarray(to_rgb(decoded.image.crop(upper_part)), int) - np.asarray(to_rgb(whole.image.crop(upper_part)), int)
    )
    assert difference.mean() < 1


def test_a_jpeg_that_ends_early_keeps_its_orientation() -> None:
    image = upright_picture(480, 800)
    data = picture_file(stored_picture(6, image), "JPEG", 6)
    assert corner_colours(decode(data[:-2]).image) == UPRIGHT_CORNERS


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9])
def test_a_jpeg_that_lacks_a_large_part_is_refused(share: float) -> None:
    data = picture_file(noise(600, 800), "JPEG")
    with pytest.raises(FileUnavailable, match="truncated"):
        decode(data[: int(len(data) * (1 - share))])


@given(end=st.integers(0, 5000))
@settings(max_examples=40)
def test_a_jpeg_cut_anywhere_is_read_or_refused(end: int) -> None:
    data = picture_file(noise(120, 160), "JPEG", progressive=True)
    with suppress(FileUnavailable):
        assert decode(data[:end]).image.size == (120, 160)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "TIFF", "JPEG2000", "WEBP", "AVIF", "GIF", "BMP"])
def test_too_many_pixels_are_refused_before_decoding(image_format: str) -> None:
    file = BytesIO()
    Image.new("RGB", (1100, 1000)).save(file, image_format)
    for read in (decode_image, read_image_header):
        with pytest.raises(FileUnavailable, match="1100 × 1000 pixels are more than") as caught:
            read(BytesIO(file.getvalue()), "file", max_pixels=MAX_PIXELS)
        assert caught.value.code == ProblemCode.TOO_LARGE


def test_the_pixel_limit_holds_for_each_frame() -> None:
    data = tiff_file([noise(20, 20), Image.new("L", (1100, 1000))])
    assert decode(data, frame=0).image.size == (20, 20)
    with pytest.raises(FileUnavailable, match="more than") as caught:
        decode(data, frame=1)
    assert caught.value.code == ProblemCode.TOO_LARGE


def test_a_tiff_whose_first_frame_is_a_preview_gives_its_page() -> None:
    data = tiff_file([upright_picture(24, 40), upright_picture(480, 800)], [1, 0])
    assert decode(data).image.size == (480, 800)
    assert read_image_header(BytesIO(data), "file", max_pixels=MAX_PIXELS).stored_size == (480, 800)


def grey_tiff(levels: np.ndarray, tags: dict[int, int], byte_order: str = "<") -> bytes:
    """Return an uncompressed grey TIFF with these tags; Pillow cannot write most of these kinds."""
    height, width = levels.shape
    data = levels.astype(levels.dtype.newbyteorder(byte_order)).tobytes()
    entries = {256: width, 257: height, 258: levels.itemsize * 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: height}
    entries |= {279: len(data)} | tags
    order = "little" if byte_order == "<" else "big"

    def number(value: int, size: int) -> bytes:
        return value.to_bytes(size, order)  # type: ignore[arg-type]

    directory = number(len(entries), 2)
    for tag, value in sorted(entries.items()):
        directory += number(tag, 2) + number(4, 2) + number(1, 4) + number(value, 4)
    start = (b"II" if byte_order == "<" else b"MM") + number(42, 2) + number(8 + len(data), 4)
    return start + data + directory + number(0, 4)


def tiff_of_planes(planes: np.ndarray, byte_order: str) -> bytes:
    """Return an uncompressed RGB TIFF of 16 bits in which three planes of 8 × 8 pixels follow each other."""
    order = b"MM" if byte_order == ">" else b"II"
    pixels = planes.astype(planes.dtype.newbyteorder(byte_order)).tobytes()
    offsets, counts = (8, 136, 264), (128, 128, 128)
    lists = struct.pack(f"{byte_order}3I3I3H", *offsets, *counts, 16, 16, 16)
    list_start = 8 + len(pixels)
    entries = [
        (256, 4, 1, 8), (257, 4, 1, 8), (258, 3, 3, list_start + 24), (259, 4, 1, 1), (262, 4, 1, 2),
        (273, 4, 3, list_start), (277, 4, 1, 3), (278, 4, 1, 8), (279, 4, 3, list_start + 12), (284, 4, 1, 2),
    ]  # fmt: skip
    directory = struct.pack(f"{byte_order}H", len(entries))
    directory += b"".join(struct.pack(f"{byte_order}HHII", *entry) for entry in entries) + bytes(4)
    return order + struct.pack(f"{byte_order}HI", 42, list_start + len(lists)) + pixels + lists + directory


RAMP = np.linspace(0, 1, 256)[None, :].repeat(4, axis=0)

DEEP_TIFFS = {
    "16 bits": grey_tiff((RAMP * 65535).astype(np.uint16), {}),
    "16 bits, big-endian": grey_tiff((RAMP * 65535).astype(np.uint16), {}, ">"),
    "16 bits, white is zero": grey_tiff((65535 - RAMP * 65535).astype(np.uint16), {262: 0}),
    "16 bits, signed, without negative numbers": grey_tiff((RAMP * 32767).astype(np.int16), {339: 2}),
    "16 bits, signed": grey_tiff((RAMP * 65535 - 32768).astype(np.int16), {339: 2}),
    "16 bits, signed, big-endian": grey_tiff((RAMP * 65535 - 32768).astype(np.int16), {339: 2}, ">"),
    "32 bits": grey_tiff((RAMP * 4294967295).astype(np.uint32), {}),
    "32 bits with the range of 16": grey_tiff((RAMP * 65535).astype(np.uint32), {}),
    "32 bits, signed": grey_tiff((RAMP * 2147483647).astype(np.int32), {339: 2}),
    "float, 0 to 1": grey_tiff(RAMP.astype(np.float32), {339: 3}),
    "float, big-endian": grey_tiff(RAMP.astype(np.float32), {339: 3}, ">"),
    "float, -1 to 1": grey_tiff((RAMP * 2 - 1).astype(np.float32), {339: 3}),
    "float, 0 to 255": grey_tiff((RAMP * 255).astype(np.float32), {339: 3}),
    "float, 0 to 65535": grey_tiff((RAMP * 65535).astype(np.float32), {339: 3}),
    "16 bits with the range of 14": grey_tiff((RAMP * 16383).astype(np.uint16), {}),
    "16 bits with the range of 12": grey_tiff((RAMP * 4095).astype(np.uint16), {}),
    "16 bits with the range of 10": grey_tiff((RAMP * 1023).astype(np.uint16), {}),
    "16 bits with the range of 8": grey_tiff((RAMP * 255).astype(np.uint16), {}),
    "float, 0 to 10": grey_tiff((RAMP * 10).astype(np.float32), {339: 3}),
    "float, 0 to 100": grey_tiff((RAMP * 100).astype(np.float32), {339: 3}),
    "float, -100 to 900": grey_tiff((RAMP * 1000 - 100 - 1).astype(np.float32), {339: 3}),
}


@pytest.mark.parametrize("kind", DEEP_TIFFS)
def test_deep_grey_keeps_its_tones(kind: str) -> None:
    grey = np.asarray(to_rgb(decode(DEEP_TIFFS[kind]).image), dtype=int)[0, :, 0]
    assert np.abs(grey - np.arange(256)).max() <= 1


def test_a_float_that_slightly_exceeds_white_is_not_taken_for_eight_bits() -> None:
    """Scaling and sharpening make such numbers."""
    levels = RAMP.astype(np.float32)
    levels[0, 0], levels[0, -1] = -0.04, 1.06
    grey = np.asarray(to_rgb(decode(grey_tiff(levels, {339: 3})).image), dtype=int)
    assert np.abs(grey[1, :, 0] - np.arange(256)).max() <= 1


def test_missing_data_of_a_float_are_black_and_change_nothing_else() -> None:
    levels = RAMP.astype(np.float32)
    levels[0, :3] = np.nan, np.inf, np.finfo(np.float32).min
    grey = np.asarray(to_rgb(decode(grey_tiff(levels, {339: 3})).image), dtype=int)
    assert grey[0, :3, 0].tolist() == [0, 0, 0]
    assert np.abs(grey[1, :, 0] - np.arange(256)).max() <= 1


def test_the_number_that_a_map_has_for_missing_data_is_black_and_changes_nothing_else() -> None:
    levels = RAMP.astype(np.float32)
    levels[0, 128:] = -9999
    file = BytesIO()
    Image.fromarray(levels).save(file, "TIFF", tiffinfo={42113: "-9999"})
    grey = np.asarray(to_rgb(decode(file.getvalue()).image), dtype=int)
    assert grey[0, 128:, 0].max() == 0
    assert np.abs(grey[1, :, 0] - np.arange(256)).max() <= 1


def test_rgb_of_sixteen_bits_keeps_its_colours() -> None:
    colour = np.array([51000, 25700, 5140], dtype=np.uint16)
    data = grey_tiff(np.tile(colour, 64).reshape(8, 24), {256: 8, 262: 2, 277: 3})
    pixel = to_rgb(decode(data).image).getpixel((4, 4))
    assert isinstance(pixel, tuple)
    assert max(abs(value - wanted) for value, wanted in zip(pixel, (198, 100, 20), strict=True)) <= 1


@pytest.mark.parametrize("byte_order", ["<", ">"])
def test_rgb_of_sixteen_bits_in_separate_planes_keeps_its_colours(byte_order: str) -> None:
    """A TIFF with one strip for each plane; its tags with three numbers stand behind the pixels."""
    colour = (51000, 25700, 5140)
    planes = np.array(colour, dtype=np.uint16).repeat(64).reshape(24, 8)
    data = tiff_of_planes(planes, byte_order)
    pixel = to_rgb(decode(data).image).getpixel((4, 4))
    assert isinstance(pixel, tuple)
    assert max(abs(value - wanted) for value, wanted in zip(pixel, (198, 100, 20), strict=True)) <= 1


def test_jpeg_2000_of_sixteen_bits_keeps_its_tones() -> None:
    file = BytesIO()
    Image.fromarray((RAMP.repeat(16, axis=0) * 65535).astype(np.uint16)).save(file, "JPEG2000")
    grey = np.asarray(to_rgb(decode(file.getvalue()).image), dtype=int)[8, :, 0]
    assert np.abs(grey - np.arange(256)).max() <= 2


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK"])
def test_adobes_and_other_modes_have_their_mean_colour(mode: str, tmp_path: Path) -> None:
    image_format = "JPEG" if mode == "CMYK" else "PNG"
    (tmp_path / "picture").write_bytes(
        picture_file(Image.new("RGB", (16, 16), WHITE_PAPER).convert(mode), image_format)
    )
    image = to_rgb(decode_image(tmp_path / "picture", "file").image)
    assert np.asarray(image).mean() > 250


WHITE_PAPER = (254, 254, 254)
