"""SigLIP base, 256 px, multilingual: the best of the paper's three models, and the only one for Norwegian texts."""

from transformers import SiglipModel

from core.encoders.protocols import TextEncoder
from core.encoders.registry import EncoderSpec
from core.encoders.transformer import PictureAndTextEncoder, load_model
from core.settings import Settings


def load(spec: EncoderSpec, settings: Settings) -> TextEncoder:
    loaded_model = load_model(spec, settings, SiglipModel)
    model = loaded_model.model
    return PictureAndTextEncoder(
        **loaded_model.encoder_arguments,
        preprocess=loaded_model.preprocess,
        embed_images=lambda pixels: model.get_image_features(pixel_values=pixels).pooler_output,
        # The model is trained on texts padded to full length without a mask, so queries must be padded too.
        tokenize=loaded_model.tokenizer(padding="max_length"),
        embed_texts=lambda ids: model.get_text_features(input_ids=ids).pooler_output,
    )
