"""Turns pictures, and words where the model can, into vectors; importing it loads no model."""

from indexer.encoders.base import Encoder, TextEncoder, Vectors
from indexer.encoders.registry import SPECS, EncoderSpec, installed, load

__all__ = ["SPECS", "Encoder", "EncoderSpec", "TextEncoder", "Vectors", "installed", "load"]
