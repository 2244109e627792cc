"""Vision models that turn pictures, and texts where the model supports it, into vectors. The import loads no model."""

from core.encoders.protocols import Encoder, TextEncoder, Vectors
from core.encoders.registry import SPECS, EncoderSpec, installed_models, load_encoder, load_model

__all__ = [
    "SPECS",
    "Encoder",
    "EncoderSpec",
    "TextEncoder",
    "Vectors",
    "installed_models",
    "load_encoder",
    "load_model",
]
