"""Zero-shot classification, with tiny models of the real architectures and with a transparent fake encoder."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from core.encoders import TextEncoder, Vectors, load_encoder
from core.encoders.vectors import normalise_vectors
from core.errors import SourceError
from core.settings import Settings
from indexer.classification.zero_shot import DEFAULT_SCALE, ZeroShotClassifier, read_prompts
from tests.unit.core.encoders.conftest import noise, write_clip, write_siglip

pytestmark = pytest.mark.slow


@dataclass
class LetterEncoder:
    """Encodes a text as its counts of the letters a, b and c, and a picture as its mean colour."""

    name: str = "letters"
    model: str = "tests/letters"
    revision: str = "1"
    preprocessing: str = "mean colour"
    dimensions: int = 3

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        return normalise_vectors(
            np.array([[text.count(letter) + 0.01 for letter in "abc"] for text in texts], np.float32)
        )

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        return normalise_vectors(np.array([np.asarray(image).mean(axis=(0, 1)) for image in images], np.float32))


@dataclass
class LowScaleEncoder(LetterEncoder):
    scale: float = 1.0


PROMPTS = {"red": ("a", "aa b"), "green": ("b",), "blue": ("c", "cc")}


def colour_vectors() -> Vectors:
    return LetterEncoder().encode_images(
        [Image.new("RGB", (4, 4), colour) for colour in ("#f00", "#00f", "#0f0", "#f20")]
    )


def test_picture_gets_class_with_most_similar_prompts() -> None:
    guesses = ZeroShotClassifier.from_prompts(LetterEncoder(), PROMPTS).guess(colour_vectors())
    assert [guess.class_name for guess in guesses] == ["red", "blue", "green", "red"]
    assert all(0.99 < guess.confidence <= 1 for guess in guesses)


def test_class_vector_is_mean_of_prompts() -> None:
    both_prompts, first_prompt, second_prompt = (
        ZeroShotClassifier.from_prompts(LetterEncoder(), {"red": prompts, "-": ("c",)})
        for prompts in (("a", "b"), ("a",), ("b",))
    )
    assert np.allclose(
        both_prompts.class_vectors[0],
        normalise_vectors((first_prompt.class_vectors + second_prompt.class_vectors)[:1]),
        atol=1e-6,
    )


def test_scale_of_encoder_is_used() -> None:
    default_scale, low_scale = (
        ZeroShotClassifier.from_prompts(LetterEncoder(), PROMPTS),
        ZeroShotClassifier.from_prompts(LowScaleEncoder(), PROMPTS),
    )
    assert (default_scale.scale, low_scale.scale) == (DEFAULT_SCALE, 1.0)
    assert low_scale.probabilities(colour_vectors()).max() < 0.7 < default_scale.probabilities(colour_vectors()).max()
    assert np.allclose(low_scale.probabilities(colour_vectors()).sum(axis=1), 1)


def test_id_changes_with_prompts_and_weights() -> None:
    other_prompts = [{**PROMPTS, "red": ("a",)}, {**PROMPTS, "grey": ("abc",)}]
    ids = [
        ZeroShotClassifier.from_prompts(LetterEncoder(), prompts).id for prompts in (PROMPTS, PROMPTS, *other_prompts)
    ]
    assert ids[0] == ids[1]
    assert len({*ids, ZeroShotClassifier.from_prompts(LetterEncoder(revision="2"), PROMPTS).id}) == 4
    assert ids[0].startswith("letters:")


def test_no_pictures_give_no_guesses() -> None:
    assert ZeroShotClassifier.from_prompts(LetterEncoder(), PROMPTS).guess(np.empty((0, 3), np.float32)) == []


@pytest.mark.parametrize(("name", "write_model"), [("siglip", write_siglip), ("clip", write_clip)])
def test_clip_and_siglip_guess_from_packaged_prompts(name: str, write_model: object, tmp_path: Path) -> None:
    """Each picture gets the class whose mean prompt vector is the most similar."""
    torch.manual_seed(20)
    assert callable(write_model)
    write_model(tmp_path / name)
    encoder = load_encoder(name, Settings(weights=tmp_path, device="cpu", batch_size=8))
    assert isinstance(encoder, TextEncoder)
    prompts = read_prompts()
    zero_shot = ZeroShotClassifier.from_prompts(encoder, prompts)
    vectors = encoder.encode_images([noise(120, 90, seed) for seed in range(3)])
    class_vectors = {
        class_name: normalise_vectors(encoder.encode_texts(texts).mean(axis=0)[None])[0]
        for class_name, texts in prompts.items()
    }
    nearest = [
        max(class_vectors, key=lambda class_name, vector=vector: float(vector @ class_vectors[class_name]))
        for vector in vectors
    ]
    guesses = zero_shot.guess(vectors)
    assert [guess.class_name for guess in guesses] == nearest
    assert all(1 / 7 < guess.confidence <= 1 for guess in guesses)
    assert len(zero_shot.classes) == 7


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "not JSON"),
        ({"map": ["a map"]}, "two or more classes"),
        ({"map": ["a map"], "music": []}, "music: expected a list of one or more prompts"),
        ({"map": ["a map"], "music": "notes"}, "music: expected a list of one or more prompts"),
        ({"map": ["a map", " "], "music": ["notes"]}, "map: expected a list of one or more prompts"),
    ],
)
def test_invalid_prompts_are_refused(content: object, message: str, tmp_path: Path) -> None:
    path = tmp_path / "prompts.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    with pytest.raises(SourceError, match=message):
        read_prompts(path)


def test_custom_prompts_are_read(tmp_path: Path) -> None:
    path = tmp_path / "prompts.json"
    path.write_text('{"kart": ["et kart"], "noter": ["noter"]}', "utf-8")
    prompts = read_prompts(path)
    assert prompts == {"kart": ("et kart",), "noter": ("noter",)}
    assert ZeroShotClassifier.from_prompts(LetterEncoder(), prompts).guess(colour_vectors()[:1])[0].class_name == "kart"
