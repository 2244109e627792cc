"""SigLIP base, 256 px, multilingual: the best of the paper's three, and the one that reads Norwegian."""

from transformers import SiglipModel

from core.encoders.protocols import TextEncoder
from core.encoders.registry import EncoderSpec
from core.encoders.transformer import PictureAndTextEncoder, load_parts
from core.settings import Settings


def load(spec: EncoderSpec, settings: Settings) -> TextEncoder:
    parts = load_parts(spec, settings, SiglipModel)
    model = parts.model
    return PictureAndTextEncoder(
        **parts.identity,
        process=parts.process,
        features=lambda pixels: model.get_image_features(pixel_values=pixels).pooler_output,
        # Trained on texts padded to their full length and without a mask, so it must be asked in the same way.
        tokenize=parts.tokenizer(padding="max_length"),
        text_features=lambda ids: model.get_text_features(input_ids=ids).pooler_output,
    )
