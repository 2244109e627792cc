"""The models that encode requests: loaded once, run in threads, and used only if they filled the index."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal, cast

import structlog
from anyio import Lock, to_thread
from cachetools import LRUCache
from PIL.Image import Image

from api.monitoring.instruments import (
    ENCODE_DURATION,
    PIXELS_IN_FLIGHT,
    QUEUE_RUNNING,
    count_lookup,
    measure_time,
    measure_wait,
)
from api.monitoring.tracing import span
from api.vision.vector_codec import Vector
from core.encoders.fingerprint import ModelFingerprint, check_fingerprint
from core.encoders.protocols import Encoder, MeaningEncoder, TextEncoder, VectorModel, Vectors
from core.encoders.queries import encode_queries
from core.encoders.registry import SPECS, install_advice, missing_modules
from core.encoders.vectors import check_vectors
from core.errors import FrontispieceError

log = structlog.get_logger()

EncoderLoaders = Mapping[str, Callable[[], VectorModel]]

MAX_CACHED_TEXTS = 1024
"""Cached vectors of recent query texts, 3 kB each: paging and filtering need the same text again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelState:
    """One model of the index, and whether this service can encode requests with it."""

    name: str
    model: str
    """The id under which the weights are published."""
    revision: str
    dimensions: int
    usable: bool
    problem: str
    """Why it is not usable; empty if it is."""


class _LockedEncoder:
    """An encoder that runs one request at a time: torch and onnxruntime use every core for a single picture."""

    def __init__(self, encoder: VectorModel) -> None:
        self.encoder = encoder
        self._lock = Lock()
        self._text_vectors: LRUCache[str, Vector] = LRUCache(MAX_CACHED_TEXTS)

    async def encode_image(self, image: Image) -> Vector:
        return await self._run_in_thread("image", partial(self._encode_image, image))

    async def encode_text(self, text: str) -> Vector:
        """Return the vector of a text; one that is known does not wait for a picture that is being encoded."""
        vector = self._text_vectors.get(text)
        count_lookup("text_vectors", is_hit=vector is not None)
        if vector is None:
            vector = self._text_vectors[text] = await self._run_in_thread("text", partial(self._encode_text, text))
        return vector

    async def _run_in_thread(self, input_kind: Literal["image", "text"], encode: Callable[[], Vector]) -> Vector:
        name = self.encoder.name
        with measure_wait("encoder"):
            await self._lock.acquire()
        try:
            with (
                QUEUE_RUNNING.labels("encoder").track_inprogress(),
                measure_time(ENCODE_DURATION.labels(name, input_kind)),
                span("encode", model=name, input=input_kind),
            ):
                return await to_thread.run_sync(encode)
        finally:
            self._lock.release()

    def _encode_image(self, image: Image) -> Vector:
        return self._single_vector(encode_queries(cast(Encoder, self.encoder), [image]))

    def _encode_text(self, text: str) -> Vector:
        if isinstance(self.encoder, MeaningEncoder):
            return self._single_vector(self.encoder.encode_questions([text]))
        return self._single_vector(cast(TextEncoder, self.encoder).encode_texts([text]))

    def _single_vector(self, vectors: Vectors) -> Vector:
        vector: Vector = check_vectors(vectors, self.encoder, 1)[0]
        return vector


class QueryEncoders:
    """Loads the encoders of the models that the index has, and keeps the reason if one is not usable."""

    def __init__(self, loaders: EncoderLoaders) -> None:
        self._loaders = loaders
        self._encoders: dict[str, _LockedEncoder] = {}
        self._fingerprints: dict[str, ModelFingerprint] = {}
        self._problems: dict[str, str] = {}

    async def check_fingerprints(self, fingerprints: Mapping[str, ModelFingerprint]) -> None:
        """Check each model against the fingerprint of its field, unless that has not changed since the last check."""
        for name, fingerprint in fingerprints.items():
            if self._fingerprints.get(name) != fingerprint:
                self._problems[name] = await to_thread.run_sync(self._find_problem, name, fingerprint)
        self._fingerprints = dict(fingerprints)

    def _find_problem(self, name: str, fingerprint: ModelFingerprint) -> str:
        """Return why a model is not usable; empty if it is."""
        if name not in self._loaders:
            return _absence_reason(name)
        try:
            if name not in self._encoders:
                self._encoders[name] = _LockedEncoder(self._loaders[name]())
            check_fingerprint(fingerprint, self._encoders[name].encoder)
        except FrontispieceError as error:
            log.warning("model.unusable", model=name, reason=str(error))
            return str(error)
        return ""

    @property
    def states(self) -> list[ModelState]:
        return [
            ModelState(
                name=name,
                model=fingerprint.identity.model,
                revision=fingerprint.identity.revision,
                dimensions=fingerprint.dimensions,
                usable=not self._problems[name],
                problem=self._problems[name],
            )
            for name, fingerprint in self._fingerprints.items()
        ]

    @property
    def usable_models(self) -> list[str]:
        return [name for name in self._fingerprints if not self._problems[name]]

    async def encode_image(self, image: Image, names: list[str]) -> dict[str, Vector]:
        """Return model name → vector, for the usable models among `names`."""
        pixels = image.width * image.height
        PIXELS_IN_FLIGHT.inc(pixels)
        try:
            return {
                name: await self._encoders[name].encode_image(image) for name in self.usable_models if name in names
            }
        finally:
            PIXELS_IN_FLIGHT.dec(pixels)

    async def encode_text(self, text: str, names: list[str]) -> dict[str, list[float]]:
        """Return model name → vector, for the usable models among `names` that encode text; none of an empty text."""
        text_models = [
            name
            for name in self.usable_models
            if text and name in names and isinstance(self._encoders[name].encoder, TextEncoder)
        ]
        return {name: (await self._encoders[name].encode_text(text)).tolist() for name in text_models}

    async def encode_meaning(self, text: str) -> list[float]:
        """Return the vector of what a text means; empty if the text is, or if no usable model encodes meanings."""
        names = [name for name in self.usable_models if isinstance(self._encoders[name].encoder, MeaningEncoder)]
        return (await self._encoders[names[0]].encode_text(text)).tolist() if text and names else []


def _absence_reason(name: str) -> str:
    """Return why a model of the index has no loader, and what to do."""
    if name in SPECS and (missing_names := missing_modules(SPECS[name])):
        return install_advice(SPECS[name], missing_names)
    return "not installed here, or left out by the setting `models`"
