"""CLIP ViT-B/32 as published by OpenAI; texts in English only."""

from collections.abc import Sequence

import torch
from PIL.Image import Image
from transformers import CLIPModel

from core.encoders.protocols import TextEncoder
from core.encoders.registry import EncoderSpec
from core.encoders.transformer import PictureAndTextEncoder, load_model
from core.images import crop_to_centre
from core.settings import Settings


def load(spec: EncoderSpec, settings: Settings) -> TextEncoder:
    loaded_model = load_model(spec, settings, CLIPModel)
    model = loaded_model.model

    def preprocess(images: Sequence[Image]) -> torch.Tensor:
        return loaded_model.preprocess([crop_to_centre(image) for image in images])

    return PictureAndTextEncoder(
        **loaded_model.encoder_arguments,
        preprocess=preprocess,
        embed_images=lambda pixels: model.get_image_features(pixel_values=pixels).pooler_output,
        # No mask is needed: attention is causal, and the vector is taken at the first end-of-text token.
        tokenize=loaded_model.tokenizer(padding=True),
        embed_texts=lambda ids: model.get_text_features(input_ids=ids).pooler_output,
    )
