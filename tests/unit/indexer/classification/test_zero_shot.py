"""Classes from words: on tiny models of the real architectures, and on one whose space a test can look through."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from tests.unit.core.encoders.conftest import noise, write_clip, write_siglip

from core.encoders import TextEncoder, Vectors, load
from core.encoders.protocols import unit
from core.errors import SourceError
from core.settings import Settings
from indexer.classification.zero_shot import SCALE, ZeroShot, read_prompts


@dataclass
class Letters:
    """Words are how often they have a, b, c; a picture is its mean colour."""

    name: str = "letters"
    model: str = "tests/letters"
    revision: str = "1"
    preprocessing: str = "mean colour"
    dimensions: int = 3

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        return unit(np.array([[text.count(letter) + 0.01 for letter in "abc"] for text in texts], np.float32))

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        return unit(np.array([np.asarray(image).mean(axis=(0, 1)) for image in images], np.float32))


@dataclass
class Lukewarm(Letters):
    scale: float = 1.0


PROMPTS = {"red": ("a", "aa b"), "green": ("b",), "blue": ("c", "cc")}


def colours() -> Vectors:
    return Letters().encode_images([Image.new("RGB", (4, 4), each) for each in ("#f00", "#00f", "#0f0", "#f20")])


def test_a_picture_gets_the_class_whose_prompts_lie_nearest() -> None:
    guesses = ZeroShot.of(Letters(), PROMPTS).guess(colours())
    assert [each.name for each in guesses] == ["red", "blue", "green", "red"]
    assert all(0.99 < each.confidence <= 1 for each in guesses)


def test_a_class_is_the_mean_of_its_prompts() -> None:
    both, first, second = (ZeroShot.of(Letters(), {"red": each, "-": ("c",)}) for each in (("a", "b"), ("a",), ("b",)))
    assert np.allclose(both.directions[0], unit((first.directions + second.directions)[:1]), atol=1e-6)


def test_an_encoder_that_knows_its_scale_is_asked_with_it() -> None:
    sure, unsure = ZeroShot.of(Letters(), PROMPTS), ZeroShot.of(Lukewarm(), PROMPTS)
    assert (sure.scale, unsure.scale) == (SCALE, 1.0)
    assert unsure.probabilities(colours()).max() < 0.7 < sure.probabilities(colours()).max()
    assert np.allclose(unsure.probabilities(colours()).sum(axis=1), 1)


def test_the_id_changes_with_the_prompts_and_with_the_weights() -> None:
    others = [{**PROMPTS, "red": ("a",)}, {**PROMPTS, "grey": ("abc",)}]
    ids = [ZeroShot.of(Letters(), each).id for each in (PROMPTS, PROMPTS, *others)]
    assert ids[0] == ids[1]
    assert len({*ids, ZeroShot.of(Letters(revision="2"), PROMPTS).id}) == 4
    assert ids[0].startswith("letters:")


def test_no_pictures_no_guesses() -> None:
    assert ZeroShot.of(Letters(), PROMPTS).guess(np.empty((0, 3), np.float32)) == []


@pytest.mark.parametrize(("name", "write"), [("siglip", write_siglip), ("clip", write_clip)])
def test_the_papers_models_guess_from_the_packaged_prompts(name: str, write: object, tmp_path: Path) -> None:
    """Each picture gets one of the seven classes, the nearest of what the model itself makes of the words."""
    torch.manual_seed(20)
    assert callable(write)
    write(tmp_path / name)
    encoder = load(name, Settings(weights=tmp_path, device="cpu", batch_size=8))
    assert isinstance(encoder, TextEncoder)
    prompts = read_prompts()
    zero_shot = ZeroShot.of(encoder, prompts)
    vectors = encoder.encode_images([noise(120, 90, seed) for seed in range(3)])
    towards = {each: unit(encoder.encode_texts(texts).mean(axis=0)[None])[0] for each, texts in prompts.items()}
    nearest = [max(towards, key=lambda each, vector=vector: float(vector @ towards[each])) for vector in vectors]
    guesses = zero_shot.guess(vectors)
    assert [each.name for each in guesses] == nearest
    assert all(1 / 7 < each.confidence <= 1 for each in guesses)
    assert len(zero_shot.classes) == 7


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "not JSON"),
        ({"map": ["a map"]}, "two classes or more"),
        ({"map": ["a map"], "music": []}, "music: a list of one prompt or more"),
        ({"map": ["a map"], "music": "notes"}, "music: a list of one prompt or more"),
        ({"map": ["a map", " "], "music": ["notes"]}, "map: a list of one prompt or more"),
    ],
)
def test_prompts_that_cannot_be_used_are_refused_with_their_place(content: object, says: str, tmp_path: Path) -> None:
    path = tmp_path / "prompts.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    with pytest.raises(SourceError, match=says):
        read_prompts(path)


def test_prompts_of_ones_own_are_read(tmp_path: Path) -> None:
    path = tmp_path / "prompts.json"
    path.write_text('{"kart": ["et kart"], "noter": ["noter"]}', "utf-8")
    prompts = read_prompts(path)
    assert prompts == {"kart": ("et kart",), "noter": ("noter",)}
    assert ZeroShot.of(Letters(), prompts).guess(colours()[:1])[0].name == "kart"
