"""ViT-B/16 trained to name the thousand classes of ImageNet: pictures only."""

import torch
from transformers import ViTModel

from core.encoders.protocols import Encoder
from core.encoders.registry import EncoderSpec
from core.encoders.transformer import PictureEncoder, load_parts
from core.settings import Settings


def load(spec: EncoderSpec, settings: Settings) -> Encoder:
    parts = load_parts(spec, settings, ViTModel, add_pooling_layer=False)
    model = parts.model
    # The paper takes the last layer's output before the final norm. Without that norm it is what the model returns,
    # and the twelve layers before it need not be kept in memory as `output_hidden_states` would.
    model.layernorm = torch.nn.Identity()
    return PictureEncoder(
        **parts.identity,
        process=parts.process,
        features=lambda pixels: model(pixel_values=pixels).last_hidden_state[:, 0],
    )
