"""What a shape keeps of a picture, and that its price is told by aspect ratio."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.unit.evaluation.conftest import drawing
from tests.unit.evaluation.thumbnails import Thumbnail

from core.encoders import load
from core.settings import Settings
from evaluation.pictures.altered import kinds
from evaluation.pictures.folder import read_folder
from evaluation.retrieval.preprocessing import (
    AS_IS,
    NATIVE,
    SHAPES,
    SIDE,
    centre_crop,
    measure_shapes,
    native,
    pad,
    squash,
    table,
)

ENDS = Image.new("RGB", (40, 400), "red")
ENDS.paste("blue", (0, 380, 40, 400))


@pytest.mark.parametrize(
    ("shape", "blue", "white"),
    [(squash, 0.05, 0.0), (pad, 0.005, 0.9), (centre_crop, 0.0, 0.0)],
)
def test_a_shape_keeps_all_of_a_picture_or_its_middle(shape: object, blue: float, white: float) -> None:
    assert callable(shape)
    square = np.asarray(shape(ENDS))
    assert square.shape == (SIDE, SIDE, 3)
    assert np.mean(square[..., 2] > 128) == pytest.approx(blue + white, abs=0.01)
    assert np.mean(square.min(axis=2) > 250) == pytest.approx(white, abs=0.01)


def test_each_model_sees_each_shape_and_every_picture_is_in_one_bin(drawings: Path, tmp_path: Path) -> None:
    pictures = read_folder(drawings)
    (kind,) = kinds(len(pictures))
    measured = measure_shapes(pictures, [Thumbnail()], Settings(cache=tmp_path), kind)
    assert [each.shape for each in measured] == [AS_IS, *SHAPES, NATIVE]
    assert table(pictures, measured).rows[-1][:2] == ["thumbnail, native aspect", "takes squares only"]
    heads = table(pictures, measured).columns[3:]
    assert [head.partition(" (")[0] for head in heads] == [
        "top-1, 1–1.25",
        "top-1, 1.25–2",
        "top-1, 2–4",
        "top-1, over 4",
    ]
    assert sum(int(head.rpartition("(")[2].rstrip(")")) for head in heads) == len(pictures)


def test_sscd_sees_a_long_picture_in_its_own_proportions(tmp_path: Path) -> None:
    """Tall and wide each give a unit vector, and another one than a square of the same picture does."""
    sscd = load("sscd", Settings(cache=tmp_path))
    by = native(sscd)
    assert by
    wide = drawing(5)
    rows = by([wide, wide.transpose(Image.Transpose.ROTATE_90), ENDS])
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert rows[0] @ by([wide])[0] == pytest.approx(1, abs=1e-5)
    assert rows[0] @ by([squash(wide)])[0] < 0.999
