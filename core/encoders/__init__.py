"""Turns pictures, and words where the model can, into vectors; importing it loads no model."""

from core.encoders.protocols import Encoder, TextEncoder, Vectors
from core.encoders.registry import SPECS, EncoderSpec, installed_models, load_encoder

__all__ = ["SPECS", "Encoder", "EncoderSpec", "TextEncoder", "Vectors", "installed_models", "load_encoder"]
