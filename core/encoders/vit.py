"""ViT-B/16, trained on the thousand classes of ImageNet; pictures only."""

import torch
from transformers import ViTModel

from core.encoders.protocols import Encoder
from core.encoders.registry import EncoderSpec
from core.encoders.transformer import PictureEncoder, load_model
from core.settings import Settings


def load(spec: EncoderSpec, settings: Settings) -> Encoder:
    loaded_model = load_model(spec, settings, ViTModel, add_pooling_layer=False)
    model = loaded_model.model
    # The paper uses the last layer's output before the final norm. With the norm removed the model returns it, and
    # the other layers' outputs are not kept in memory as with `output_hidden_states`.
    model.layernorm = torch.nn.Identity()
    return PictureEncoder(
        **loaded_model.encoder_arguments,
        preprocess=loaded_model.preprocess,
        embed_images=lambda pixels: model(pixel_values=pixels).last_hidden_state[:, 0],
    )
