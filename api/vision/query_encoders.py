"""The vision models at hand: loaded once, asked in threads, and only where the index was filled by the very same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

import structlog
from anyio import Lock, to_thread
from PIL.Image import Image

from api.vision.vector_codec import Vector
from core.encoders.fingerprint import ModelFingerprint, check_fingerprint
from core.encoders.protocols import Encoder, TextEncoder, Vectors
from core.encoders.queries import encode_queries
from core.encoders.vectors import check_vectors
from core.errors import FrontispieceError

log = structlog.get_logger()

EncoderLoaders = Mapping[str, Callable[[], Encoder]]

MAX_CACHED_TEXTS = 1024
"""Vectors of words that were asked lately: a page, a facet, and "back" ask the same again; 768 floats are 3 kB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelState:
    """One vision model of the index, and whether words and uploads can be asked of it here."""

    name: str
    model: str
    """The model's id where its weights are published."""
    revision: str
    dimensions: int
    usable: bool
    problem: str
    """Why it is not usable; empty where it is."""


class _LockedEncoder:
    """An encoder behind its lock; torch and onnxruntime use every core for one picture anyway."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self._lock = Lock()
        self._cached_encode_text = lru_cache(maxsize=MAX_CACHED_TEXTS)(self._encode_text)

    async def encode_image(self, image: Image) -> Vector:
        return await self._run_in_thread(partial(self._encode_image, image))

    async def encode_text(self, text: str) -> Vector:
        return await self._run_in_thread(partial(self._cached_encode_text, text))

    async def _run_in_thread(self, encode: Callable[[], Vector]) -> Vector:
        async with self._lock:
            return await to_thread.run_sync(encode)

    def _encode_image(self, image: Image) -> Vector:
        return self._single_vector(encode_queries(self.encoder, [image]))

    def _encode_text(self, text: str) -> Vector:
        assert isinstance(self.encoder, TextEncoder)  # noqa: S101 `Models.encode_words` asks no other
        return self._single_vector(self.encoder.encode_texts([text]))

    def _single_vector(self, vectors: Vectors) -> Vector:
        vector: Vector = check_vectors(vectors, self.encoder, 1)[0]
        return vector


class QueryEncoders:
    """Loads what the index needs, and remembers why a model cannot be asked."""

    def __init__(self, loaders: EncoderLoaders) -> None:
        self._loaders = loaders
        self._encoders: dict[str, _LockedEncoder] = {}
        self._fingerprints: dict[str, ModelFingerprint] = {}
        self._problems: dict[str, str] = {}

    async def check_fingerprints(self, fingerprints: Mapping[str, ModelFingerprint]) -> None:
        """Compares each model with what filled its field; a contract that was seen before is not checked again."""
        for name, fingerprint in fingerprints.items():
            if self._fingerprints.get(name) != fingerprint:
                self._problems[name] = await to_thread.run_sync(self._find_problem, name, fingerprint)
        self._fingerprints = dict(fingerprints)

    def _find_problem(self, name: str, fingerprint: ModelFingerprint) -> str:
        """Empty where the model may be asked."""
        if name not in self._loaders:
            return "not installed here, or left out by the setting `models`"
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
        """One vector per usable model of those names."""
        return {name: await self._encoders[name].encode_image(image) for name in self.usable_models if name in names}

    async def encode_text(self, text: str, names: list[str]) -> dict[str, Vector]:
        """One vector per usable model of those names that knows words."""
        text_models = [
            name
            for name in self.usable_models
            if name in names and isinstance(self._encoders[name].encoder, TextEncoder)
        ]
        return {name: await self._encoders[name].encode_text(text) for name in text_models}
