"""What a shape keeps of a picture, and that its price is told by aspect ratio."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from api.evaluation.folder import read_folder
from api.evaluation.preprocessing import SIDE, centre_crop, measure_shapes, pad, squash, table
from api.evaluation.retrieval import kinds
from indexer.settings import Settings
from tests.unit.api.evaluation.thumbnails import Thumbnail

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
    assert [each.shape for each in measured] == ["as the model does", "squash", "pad", "centre crop"]
    heads = table(pictures, measured).columns[3:]
    assert [head.partition(" (")[0] for head in heads] == [
        "top-1, 1–1.25",
        "top-1, 1.25–2",
        "top-1, 2–4",
        "top-1, over 4",
    ]
    assert sum(int(head.rpartition("(")[2].rstrip(")")) for head in heads) == len(pictures)
