"""Multilingual E5 through the transformers library, with weights from the hub or a folder."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import AutoTokenizer, BertModel

from core.encoders.devices import select_device
from core.encoders.e5 import MAX_TOKENS, TextNetwork
from core.encoders.protocols import Vectors
from core.encoders.registry import EncoderSpec
from core.encoders.transformer import load_weights, translate_loading_errors
from core.encoders.weights import find_weights
from core.settings import Settings

PASSAGE_PREFIX, QUESTION_PREFIX = "passage: ", "query: "


@dataclass(frozen=True, slots=True)
class TransformersNetwork:
    """The model with its authors' tokenizer."""

    revision: str
    tokenizer: Any
    model: Any
    device: torch.device

    def embed(self, texts: list[str], *, is_question: bool) -> Vectors:
        prefix = QUESTION_PREFIX if is_question else PASSAGE_PREFIX
        tokens = self.tokenizer(
            [prefix + text for text in texts],
            padding=True,
            truncation=True,
            max_length=MAX_TOKENS,
            return_token_type_ids=False,
            return_tensors="pt",
        ).to(self.device)
        with torch.inference_mode():
            states = self.model(**tokens).last_hidden_state
        mask = tokens["attention_mask"].unsqueeze(-1)
        vectors: Vectors = ((states * mask).sum(dim=1) / mask.sum(dim=1)).float().cpu().numpy()
        return vectors


def load_network(spec: EncoderSpec, settings: Settings) -> TextNetwork:
    device = select_device(settings.device)
    weights = find_weights(spec, settings)
    return TransformersNetwork(
        weights.revision,
        _load_tokenizer(spec.name, weights.folder),
        load_weights(spec.name, weights.folder, BertModel, add_pooling_layer=False).to(device),
        device,
    )


def _load_tokenizer(name: str, folder: Path) -> Any:
    with translate_loading_errors(name, folder):
        return AutoTokenizer.from_pretrained(folder, local_files_only=True)
