"""Features for the classifier: those of the encoder, or its vectors if it has none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from PIL import Image

from core.encoders import SPECS, Encoder, Vectors
from core.encoders.features import classifier_field, encode_for_classifier
from core.encoders.fingerprint import ModelFingerprint, ModelIdentity, check_fingerprint
from core.encoders.protocols import FeatureEncoder, FeatureFunction, Features
from core.errors import FingerprintMismatch, WrongVector
from indexer.elasticsearch.mappings import index_body


@dataclass(frozen=True)
class PlainEncoder:
    """Encodes a picture as its width and height, normalised."""

    name: str = "plain"
    model: str = "tests/plain"
    revision: str = "one"
    preprocessing: str = "none"
    dimensions: int = 2

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        return np.array([[image.width / 5, image.height / 5] for image in images], np.float32)


@dataclass(frozen=True)
class SideEncoder(PlainEncoder):
    """Encodes width and height as features, which its vector does not keep."""

    features: str = "width and height"

    def encode_features(self, images: Sequence[Image.Image]) -> Features:
        return np.array([[image.width, image.height, 7] for image in images], np.int8)

    @property
    def feature_parts(self) -> Mapping[str, FeatureFunction]:
        return {"all": self.encode_features}


PICTURES = [Image.new("RGB", (3, 4)), Image.new("RGB", (4, 3))]


def test_features_have_precedence_over_vectors() -> None:
    assert encode_for_classifier(PlainEncoder(), PICTURES) == pytest.approx(PlainEncoder().encode_images(PICTURES))
    assert encode_for_classifier(SideEncoder(), PICTURES).tolist() == [[3, 4, 7], [4, 3, 7]]


def test_vectors_used_as_features_are_validated() -> None:
    with pytest.raises(WrongVector, match="of length"):
        encode_for_classifier(PlainEncoder(), [Image.new("RGB", (30, 40))])


@pytest.mark.slow
def test_only_sscd_has_features(encoders: dict[str, Encoder], sscd: Encoder) -> None:
    assert isinstance(sscd, FeatureEncoder)
    assert not [name for name, encoder in encoders.items() if isinstance(encoder, FeatureEncoder)]
    assert [name for name, spec in SPECS.items() if spec.features] == ["sscd"]


@pytest.mark.parametrize("name", [*SPECS, "unheard of"])
def test_the_feature_field_is_in_the_mapping(name: str) -> None:
    object_name, _, model = classifier_field(name).partition(".")
    assert (object_name, model) == ("features" if name == "sscd" else "vectors", name)
    if name in SPECS:
        assert name in index_body("pictures")["mappings"]["properties"][object_name]["properties"]


def test_the_identity_has_features_only_if_the_encoder_has_any() -> None:
    assert ModelIdentity.from_encoder(PlainEncoder()).to_meta() == {
        "id": "tests/plain",
        "revision": "one",
        "preprocessing": "none",
    }
    assert ModelIdentity.from_encoder(SideEncoder()).to_meta() == {
        **ModelIdentity.from_encoder(PlainEncoder()).to_meta(),
        "features": "width and height",
    }


def test_the_fingerprint_contains_the_description_of_the_features() -> None:
    """An index without features, or with other ones, is refused with advice to index again."""
    check_fingerprint(ModelFingerprint.from_encoder(SideEncoder()), SideEncoder())
    for indexing_encoder in (PlainEncoder(), replace(SideEncoder(), features="width alone")):
        with pytest.raises(FingerprintMismatch, match=r"has features .*installed is 'width and height'; index again"):
            check_fingerprint(ModelFingerprint.from_encoder(indexing_encoder), SideEncoder())
    with pytest.raises(FingerprintMismatch, match="has features 'width and height', and installed is None"):
        check_fingerprint(ModelFingerprint.from_encoder(SideEncoder()), PlainEncoder())
