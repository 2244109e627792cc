"""Preprocessing of pictures to squares, and its results by aspect ratio."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.encoders import load_encoder
from core.settings import Settings
from evaluation.pictures.folder import read_folder
from evaluation.pictures.queries import build_query_kinds
from evaluation.retrieval.preprocessing import (
    MODEL_SHAPE,
    NATIVE_ASPECT,
    SHAPES,
    SQUARE_SIDE,
    centre_crop,
    measure_shapes,
    native_aspect_encoder,
    pad,
    squash,
    table,
)
from tests.unit.evaluation.conftest import drawing
from tests.unit.evaluation.thumbnail_encoder import ThumbnailEncoder

TALL_IMAGE = Image.new("RGB", (40, 400), "red")
TALL_IMAGE.paste("blue", (0, 380, 40, 400))


@pytest.mark.parametrize(
    ("shape", "blue", "white"),
    [(squash, 0.05, 0.0), (pad, 0.005, 0.9), (centre_crop, 0.0, 0.0)],
)
def test_shape_keeps_the_whole_picture_or_its_middle(shape: object, blue: float, white: float) -> None:
    assert callable(shape)
    square = np.asarray(shape(TALL_IMAGE))
    assert square.shape == (SQUARE_SIDE, SQUARE_SIDE, 3)
    assert np.mean(square[..., 2] > 128) == pytest.approx(blue + white, abs=0.01)
    assert np.mean(square.min(axis=2) > 250) == pytest.approx(white, abs=0.01)


def test_each_model_is_measured_with_each_shape_and_each_picture_is_in_one_bin(drawings: Path, tmp_path: Path) -> None:
    pictures = read_folder(drawings)
    (kind,) = build_query_kinds(len(pictures))
    results = measure_shapes(pictures, [ThumbnailEncoder()], Settings(cache=tmp_path), kind)
    assert [result.shape for result in results] == [MODEL_SHAPE, *SHAPES, NATIVE_ASPECT]
    assert table(pictures, results).rows[-1][:2] == ["thumbnail, native aspect", "takes squares only"]
    headings = table(pictures, results).columns[3:]
    assert [heading.partition(" (")[0] for heading in headings] == [
        "top-1, 1–1.25",
        "top-1, 1.25–2",
        "top-1, 2–4",
        "top-1, over 4",
    ]
    assert sum(int(heading.rpartition("(")[2].rstrip(")")) for heading in headings) == len(pictures)


@pytest.mark.slow
def test_sscd_encodes_long_pictures_at_native_aspect(tmp_path: Path) -> None:
    """Vectors have unit length and differ from those of squashed pictures."""
    sscd = load_encoder("sscd", Settings(cache=tmp_path))
    encode_native = native_aspect_encoder(sscd)
    assert encode_native
    wide_image = drawing(5)
    rows = encode_native([wide_image, wide_image.transpose(Image.Transpose.ROTATE_90), TALL_IMAGE])
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert rows[0] @ encode_native([wide_image])[0] == pytest.approx(1, abs=1e-5)
    assert rows[0] @ encode_native([squash(wide_image)])[0] < 0.999
