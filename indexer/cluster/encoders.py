"""The models of a run in processes of their own, and what stands for them in the processes of volumes."""

import itertools
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from PIL.Image import Image

from core.encoders.protocols import (
    Encoder,
    FeatureEncoder,
    FeatureFunction,
    Features,
    MeaningEncoder,
    VectorModel,
    Vectors,
)
from core.errors import FrontispieceError
from core.settings import Settings
from indexer.cluster.machines import machine_settings
from indexer.ingest.run_job import RunModels
from indexer.ingest.vectors import DocumentEncoders

ModelLoader = Callable[[Settings, Callable[[str], None], Callable[[str], None]], RunModels]
"""Loads the models of a run, as `load_models` does."""
EncodeCall = Callable[[str, str, Sequence[Any]], Any]
"""Calls a method of a model, both by name, in one of the processes with models."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """What a model says of itself."""

    name: str
    model: str
    revision: str
    preprocessing: str
    dimensions: int
    features: str | None
    """None for a model without features."""
    encodes_texts: bool

    @classmethod
    def from_model(cls, model: VectorModel) -> "ModelFacts":
        return cls(
            name=model.name,
            model=model.model,
            revision=model.revision,
            preprocessing=model.preprocessing,
            dimensions=model.dimensions,
            features=model.features if isinstance(model, FeatureEncoder) else None,
            encodes_texts=isinstance(model, MeaningEncoder),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFacts:
    """What a process with models has loaded."""

    host: str
    pid: int
    models: tuple[ModelFacts, ...]
    batch_size: int
    warnings: tuple[str, ...]
    messages: tuple[str, ...]
    error: FrontispieceError | None
    """Why it could not load them."""


class EncoderServer:
    """The models in one process; it encodes one batch after another."""

    def __init__(self, load: ModelLoader, settings: Settings, *, is_local: bool) -> None:
        # Ray allows one thread to a process; here the models may use every core, as in a run without Ray.
        os.environ.pop("OMP_NUM_THREADS", None)
        warnings, messages = list[str](), list[str]()
        models, batch_size = list[VectorModel](), 0
        error: FrontispieceError | None = None
        try:
            run_models = load(machine_settings(settings, is_local=is_local), warnings.append, messages.append)
            models, batch_size = run_models.encoders.all, run_models.batch_size
        except FrontispieceError as load_error:
            error = load_error
        self._by_name: Mapping[str, Any] = {model.name: model for model in models}
        self._facts = ServerFacts(
            host=platform.node(),
            pid=os.getpid(),
            models=tuple(map(ModelFacts.from_model, models)),
            batch_size=batch_size,
            warnings=tuple(warnings),
            messages=tuple(messages),
            error=error,
        )

    def describe(self) -> ServerFacts:
        return self._facts

    def encode(self, model: str, method: str, inputs: Sequence[Any]) -> Any:
        """Return the rows of pictures or texts; `method` is one of the protocols in `core.encoders`."""
        return getattr(self._by_name[model], method)(inputs)


class RemoteModel:
    """Stands for a model in another process."""

    def __init__(self, facts: ModelFacts, call: EncodeCall) -> None:
        self.name, self.model, self.revision = facts.name, facts.model, facts.revision
        self.preprocessing, self.dimensions = facts.preprocessing, facts.dimensions
        self._call = call

    def _rows(self, method: str, inputs: Sequence[Any]) -> Any:
        return self._call(self.name, method, list(inputs))


class RemoteEncoder(RemoteModel):
    """Stands for a vision model."""

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        return cast(Vectors, self._rows("encode_images", images))


class RemoteFeatureEncoder(RemoteEncoder):
    """Stands for a vision model that gives features too."""

    def __init__(self, facts: ModelFacts, call: EncodeCall) -> None:
        super().__init__(facts, call)
        self.features = facts.features or ""

    def encode_features(self, images: Sequence[Image]) -> Features:
        return cast(Features, self._rows("encode_features", images))

    @property
    def feature_parts(self) -> Mapping[str, FeatureFunction]:
        """All features as one part; only the evaluation of a model asks for several."""
        return {self.features: self.encode_features}


class RemoteMeaningEncoder(RemoteModel):
    """Stands for a text model."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return cast(Vectors, self._rows("encode_passages", texts))

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        return cast(Vectors, self._rows("encode_questions", texts))


def remote_encoders(models: Sequence[ModelFacts], call: EncodeCall) -> DocumentEncoders:
    """Return what stands for the models of a run."""
    vision: list[Encoder] = [
        RemoteEncoder(facts, call) if facts.features is None else RemoteFeatureEncoder(facts, call)
        for facts in models
        if not facts.encodes_texts
    ]
    meaning = next((RemoteMeaningEncoder(facts, call) for facts in models if facts.encodes_texts), None)
    return DocumentEncoders(vision, meaning)


def round_robin(ray: Any, servers: Sequence[Any]) -> EncodeCall:
    """Return the call that asks one process after another; every caller begins with another one."""
    turns = itertools.count(os.getpid())

    def call(model: str, method: str, inputs: Sequence[Any]) -> Any:
        server = servers[next(turns) % len(servers)]
        return ray.get(server.encode.remote(model, method, inputs))

    return call
