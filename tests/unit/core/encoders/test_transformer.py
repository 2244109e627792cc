"""SigLIP, CLIP and ViT, loaded from a folder."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from transformers import AutoImageProcessor, AutoTokenizer, CLIPModel, SiglipModel, ViTModel

from core.encoders import SPECS, Encoder, TextEncoder, load_encoder
from core.encoders.devices import select_device
from core.encoders.transformer import describe_preprocessing
from core.errors import EncoderUnavailable, WrongVector
from core.settings import Settings

pytestmark = pytest.mark.slow

MODEL_NAMES = ("siglip", "clip", "vit")
TEXT_MODEL_NAMES = ("siglip", "clip")
TEXTS = ["kart over Bergen", "a ship at sea", "", "Fyrtårn! " * 200, "løv"]
TOLERANCE = 2e-5
"""float32 sums in another order when a batch has another size."""


@pytest.fixture(params=MODEL_NAMES)
def encoder(request: pytest.FixtureRequest, encoders: dict[str, Encoder]) -> Encoder:
    return encoders[request.param]


@pytest.fixture(params=TEXT_MODEL_NAMES)
def text_encoder(request: pytest.FixtureRequest, encoders: dict[str, Encoder]) -> TextEncoder:
    encoder = encoders[request.param]
    assert isinstance(encoder, TextEncoder)
    return encoder


def test_pictures_become_unit_vectors_of_the_registered_length(encoder: Encoder, pictures: list[Image.Image]) -> None:
    vectors = encoder.encode_images(pictures)
    assert vectors.shape == (len(pictures), SPECS[encoder.name].dimensions)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_a_pictures_vector_does_not_depend_on_the_batch(encoder: Encoder, pictures: list[Image.Image]) -> None:
    batch_vectors = encoder.encode_images(pictures)
    single_vectors = np.concatenate([encoder.encode_images([picture]) for picture in pictures])
    np.testing.assert_allclose(batch_vectors, single_vectors, atol=TOLERANCE)
    np.testing.assert_allclose(batch_vectors[::-1], encoder.encode_images(pictures[::-1]), atol=TOLERANCE)
    assert smallest_difference(batch_vectors) > 50 * TOLERANCE, "the pictures must differ for this to prove anything"


def test_a_texts_vector_does_not_depend_on_the_batch(text_encoder: TextEncoder) -> None:
    batch_vectors = text_encoder.encode_texts(TEXTS)
    single_vectors = np.concatenate([text_encoder.encode_texts([text]) for text in TEXTS])
    np.testing.assert_allclose(batch_vectors, single_vectors, atol=TOLERANCE)
    np.testing.assert_allclose(np.linalg.norm(batch_vectors, axis=1), 1, atol=1e-6)
    assert batch_vectors.shape == (len(TEXTS), text_encoder.dimensions)
    assert smallest_difference(batch_vectors) > 50 * TOLERANCE


def test_empty_input_gives_empty_arrays(encoder: Encoder, text_encoder: TextEncoder) -> None:
    assert encoder.encode_images([]).shape == (0, encoder.dimensions)
    assert text_encoder.encode_texts([]).shape == (0, text_encoder.dimensions)


@pytest.mark.parametrize("size", [(1, 1), (3, 3), (1, 3000), (3000, 1), (2, 3), (4000, 4)])
def test_lines_and_single_pixels_are_encoded(encoder: Encoder, size: tuple[int, int]) -> None:
    assert encoder.encode_images([Image.new("RGB", size, "black")]).shape == (1, encoder.dimensions)


def test_only_models_with_a_text_tower_are_text_encoders(encoders: dict[str, Encoder], sscd: Encoder) -> None:
    text_encoder_names = {encoder.name for encoder in (*encoders.values(), sscd) if isinstance(encoder, TextEncoder)}
    assert text_encoder_names == {name for name, spec in SPECS.items() if spec.encodes_text} == set(TEXT_MODEL_NAMES)


@pytest.mark.parametrize(("name", "model_class"), [("siglip", SiglipModel), ("clip", CLIPModel)])
def test_picture_vectors_are_those_of_get_image_features(
    name: str, model_class: Any, encoders: dict[str, Encoder], weights: Path, pictures: list[Image.Image]
) -> None:
    processor = load_processor(weights / name)
    with torch.inference_mode():
        output = model_class.from_pretrained(weights / name).get_image_features(
            **processor(pictures, return_tensors="pt")
        )
    np.testing.assert_allclose(encoders[name].encode_images(pictures), normalise(output.pooler_output), atol=TOLERANCE)


@pytest.mark.parametrize(("name", "model_class"), [("siglip", SiglipModel), ("clip", CLIPModel)])
def test_text_vectors_are_those_of_get_text_features(
    name: str, model_class: Any, encoders: dict[str, Encoder], weights: Path
) -> None:
    tokenizer = AutoTokenizer.from_pretrained(weights / name)
    padding = {"siglip": "max_length", "clip": True}[name]
    tokens = tokenizer(TEXTS, padding=padding, truncation=True, return_tensors="pt")
    with torch.inference_mode():
        output = model_class.from_pretrained(weights / name).get_text_features(**tokens)
    encoder = encoders[name]
    assert isinstance(encoder, TextEncoder)
    np.testing.assert_allclose(encoder.encode_texts(TEXTS), normalise(output.pooler_output), atol=TOLERANCE)


def test_vit_is_the_first_token_before_the_final_norm(
    encoders: dict[str, Encoder], weights: Path, pictures: list[Image.Image]
) -> None:
    model = ViTModel.from_pretrained(weights / "vit", add_pooling_layer=False)
    processor = load_processor(weights / "vit")
    with torch.inference_mode():
        output = model(**processor(pictures, return_tensors="pt"), output_hidden_states=True)
    vectors = encoders["vit"].encode_images(pictures)
    np.testing.assert_allclose(vectors, normalise(output.hidden_states[-1][:, 0]), atol=TOLERANCE)
    assert np.abs(vectors - normalise(output.last_hidden_state[:, 0])).max() > 50 * TOLERANCE


def test_siglip_reads_norwegian_letters_and_not_punctuation(encoders: dict[str, Encoder]) -> None:
    """Texts are lowercased without punctuation, as by its authors; æ, ø and å are kept."""
    siglip = encoders["siglip"]
    assert isinstance(siglip, TextEncoder)
    lower_case_vector, upper_case_vector, other_word_vector = siglip.encode_texts(
        ["løv ved kysten", "LØV, ved: kysten!", "lov ved kysten"]
    )
    np.testing.assert_allclose(lower_case_vector, upper_case_vector, atol=TOLERANCE)
    assert np.abs(lower_case_vector - other_word_vector).max() > 50 * TOLERANCE


def test_a_lone_surrogate_in_a_text_is_accepted(text_encoder: TextEncoder) -> None:
    assert text_encoder.encode_texts(["kart \ud83d"]).shape == (1, text_encoder.dimensions)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("siglip", "resize 256×256 bicubic, scale 0.0039215686, mean 0.5/0.5/0.5 deviation 0.5/0.5/0.5"),
        (
            "clip",
            "resize shortest edge 224 bicubic, crop 224×224, scale 0.0039215686, "
            "mean 0.48145466/0.4578275/0.40821073 deviation 0.26862954/0.26130258/0.27577711",
        ),
        ("vit", "resize 224×224 bilinear, scale 0.0039215686, mean 0.5/0.5/0.5 deviation 0.5/0.5/0.5"),
    ],
    ids=MODEL_NAMES,
)
def test_the_preprocessing_is_described_as_configured(name: str, line: str, encoders: dict[str, Encoder]) -> None:
    assert encoders[name].preprocessing == line


def test_another_input_size_changes_the_preprocessing(encoders: dict[str, Encoder], weights: Path) -> None:
    processor = load_processor(weights / "vit", size={"height": 384, "width": 384})
    assert describe_preprocessing(processor) != encoders["vit"].preprocessing


def test_weights_with_other_dimensions_are_refused(weights: Path, tmp_path: Path, pictures: list[Image.Image]) -> None:
    """The model has 100 dimensions, the mapping 512."""
    narrow_model = CLIPModel.from_pretrained(weights / "clip")
    narrow_model.visual_projection = torch.nn.Linear(64, 100, bias=False)
    narrow_model.text_projection = torch.nn.Linear(64, 100, bias=False)
    narrow_model.config.projection_dim = 100
    shutil.copytree(weights / "clip", tmp_path / "clip")
    narrow_model.save_pretrained(tmp_path / "clip")
    with pytest.raises(WrongVector, match=r"clip returned shape \(1, 100\), expected \(1, 512\)"):
        load_encoder("clip", Settings(weights=tmp_path, device="cpu")).encode_images(pictures[:1])


def test_a_folder_with_a_missing_tensor_is_refused(weights: Path, tmp_path: Path) -> None:
    """transformers would fill a missing weight with random numbers."""
    shutil.copytree(weights / "vit", tmp_path / "vit")
    tensors = load_file(tmp_path / "vit" / "model.safetensors")
    del tensors["vit.encoder.layer.1.output.dense.weight"]
    save_file(tensors, tmp_path / "vit" / "model.safetensors", {"format": "pt"})
    with pytest.raises(EncoderUnavailable, match=r"does not hold the weights of vit: layers\.1\..* is missing"):
        load_encoder("vit", Settings(weights=tmp_path, device="cpu"))


@pytest.mark.parametrize("file_name", ["model.safetensors", "config.json", "preprocessor_config.json"])
def test_error_names_a_damaged_folder(file_name: str, weights: Path, tmp_path: Path) -> None:
    shutil.copytree(weights / "clip", tmp_path / "clip")
    (tmp_path / "clip" / file_name).write_text("not what it was")
    with pytest.raises(EncoderUnavailable, match=rf"clip cannot be loaded from {tmp_path / 'clip'}: "):
        load_encoder("clip", Settings(weights=tmp_path, device="cpu"))


def test_error_names_a_folder_without_a_vocabulary(weights: Path, tmp_path: Path) -> None:
    shutil.copytree(weights / "siglip", tmp_path / "siglip")
    for file in tmp_path.glob("siglip/*token*"):
        file.unlink()
    (tmp_path / "siglip" / "spiece.model").unlink()
    with pytest.raises(EncoderUnavailable, match="siglip cannot be loaded from"):
        load_encoder("siglip", Settings(weights=tmp_path, device="cpu"))


def test_weights_in_half_precision_are_converted_to_full_precision(
    weights: Path, tmp_path: Path, pictures: list[Image.Image]
) -> None:
    shutil.copytree(weights / "vit", tmp_path / "vit")
    half_precision_model = ViTModel.from_pretrained(weights / "vit", add_pooling_layer=False, dtype=torch.float16)
    half_precision_model.save_pretrained(tmp_path / "vit")
    assert json.loads((tmp_path / "vit" / "config.json").read_text())["dtype"] == "float16"
    vectors = load_encoder("vit", Settings(weights=tmp_path, device="cpu")).encode_images(pictures)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


@pytest.mark.parametrize("device_name", ["abacus", "cuda:99"])
def test_error_for_an_unavailable_device_gives_the_alternative(device_name: str) -> None:
    with pytest.raises(
        EncoderUnavailable, match=rf"FRONTISPIECE_DEVICE: '{device_name}' cannot be used.*leave it empty"
    ):
        select_device(device_name)


def test_the_best_device_is_the_default() -> None:
    best_device = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    assert select_device("").type == best_device


def load_processor(folder: Path, **overrides: Any) -> Any:
    """Return the processor with Pillow's resampling, as in the paper; torchvision's gives other pixels."""
    processor_class: Any = AutoImageProcessor
    return processor_class.from_pretrained(folder, backend="pil", **overrides)


def normalise(features: torch.Tensor) -> np.ndarray:
    vectors: np.ndarray = torch.nn.functional.normalize(features.float(), dim=-1).numpy()
    return vectors


def smallest_difference(vectors: np.ndarray) -> float:
    """Return the smallest difference between two rows."""
    differences = [np.abs(a - b).max() for number, a in enumerate(vectors) for b in vectors[:number]]
    return float(min(differences))
