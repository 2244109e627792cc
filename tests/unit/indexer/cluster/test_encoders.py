"""What stands for a model in the process of a volume answers like the model, and says of itself what that says."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PIL.Image import Image

from core.encoders.fingerprint import ModelFingerprint, canary_image
from core.encoders.protocols import FeatureEncoder, FeatureFunction, Features, MeaningEncoder, VectorModel, Vectors
from core.errors import EncoderUnavailable
from core.settings import Settings
from indexer.cluster.encoders import EncoderServer, remote_encoders
from indexer.ingest.run_job import RunModels
from indexer.ingest.vectors import DocumentEncoders
from tests.unit.evaluation.thumbnail_encoder import ThumbnailEncoder


class EncoderWithFeatures(ThumbnailEncoder):
    features = "its size"

    def encode_features(self, images: Sequence[Image]) -> Features:
        return np.array([[image.width % 100, image.height % 100] for image in images], np.int8)

    @property
    def feature_parts(self) -> Mapping[str, FeatureFunction]:
        return {"size": self.encode_features}


class LengthOfTexts:
    name, model, revision, preprocessing, dimensions = "e5", "tests/length", "1", "its length", 2

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return np.array([[len(text), 1] for text in texts], np.float32)

    encode_questions = encode_passages


def load(settings: Settings, warn: Any, report: Any) -> RunModels:
    warn("one model is missing")
    report("another is fast")
    return RunModels(
        encoders=DocumentEncoders([EncoderWithFeatures(), ThumbnailEncoder(name="plain")], LengthOfTexts()),
        batch_size=settings.batch_size,
    )


def fail(*_: Any) -> RunModels:
    raise EncoderUnavailable("no weights here")


def test_remote_models_are_those_of_the_server() -> None:
    server = EncoderServer(load, Settings(batch_size=7), is_local=True)
    facts = server.describe()
    assert (facts.batch_size, facts.warnings, facts.messages) == (7, ("one model is missing",), ("another is fast",))
    remote = remote_encoders(facts.models, server.encode)
    own = load(Settings(), str, str).encoders
    assert remote.versions == own.versions, "documents keep their fingerprints"
    for remote_model, model in zip(remote.all, own.all, strict=True):
        assert ModelFingerprint.from_encoder(remote_model) == ModelFingerprint.from_encoder(model)
        assert protocols(remote_model) == protocols(model)
    assert isinstance(remote.vision[0], FeatureEncoder)
    assert remote.vision[0].encode_features([canary_image()]).tolist() == [[56, 92]]


def protocols(model: VectorModel) -> tuple[bool, bool]:
    return isinstance(model, FeatureEncoder), isinstance(model, MeaningEncoder)


def test_a_model_that_cannot_be_loaded_is_said_and_does_not_kill_the_process() -> None:
    facts = EncoderServer(fail, Settings(), is_local=True).describe()
    assert str(facts.error) == "no weights here"
    assert facts.models == ()
