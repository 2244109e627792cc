"""CLIP ViT-B/32 as OpenAI published it: English words only."""

from collections.abc import Sequence

import torch
from PIL.Image import Image
from transformers import CLIPModel

from core.encoders.protocols import TextEncoder
from core.encoders.registry import EncoderSpec
from core.encoders.transformer import PictureAndTextEncoder, load_parts
from core.images import central
from core.settings import Settings


def load(spec: EncoderSpec, settings: Settings) -> TextEncoder:
    parts = load_parts(spec, settings, CLIPModel)
    model = parts.model

    def process(images: Sequence[Image]) -> torch.Tensor:
        return parts.process([central(image) for image in images])

    return PictureAndTextEncoder(
        **parts.identity,
        process=process,
        features=lambda pixels: model.get_image_features(pixel_values=pixels).pooler_output,
        # No mask: a word sees only those before it, and the vector is read at the first end of text.
        tokenize=parts.tokenizer(padding=True),
        text_features=lambda ids: model.get_text_features(input_ids=ids).pooler_output,
    )
