"""The vision models at hand: loaded once, asked in threads, and only where the index was filled by the very same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import structlog
from anyio import Lock, to_thread
from PIL.Image import Image

from api.vision.vector_codec import Vector
from core.encoders.fingerprint import agrees
from core.encoders.protocols import Encoder, TextEncoder, Vectors, check
from core.encoders.queries import encode_queries
from core.errors import FrontispieceError

log = structlog.get_logger()

Contract = Mapping[str, Any]
"""What `_meta.models.<name>` says of the model that filled a field."""

Loaders = Mapping[str, Callable[[], Encoder]]

TEXTS_KEPT = 1024
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


class _Loaded:
    """An encoder behind its lock; torch and onnxruntime use every core for one picture anyway."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self._lock = Lock()
        self._text = lru_cache(maxsize=TEXTS_KEPT)(self._encode_text)

    async def image(self, image: Image) -> Vector:
        return await self._in_thread(partial(self._encode_image, image))

    async def text(self, words: str) -> Vector:
        return await self._in_thread(partial(self._text, words))

    async def _in_thread(self, encode: Callable[[], Vector]) -> Vector:
        async with self._lock:
            return await to_thread.run_sync(encode)

    def _encode_image(self, image: Image) -> Vector:
        return self._only(encode_queries(self.encoder, [image]))

    def _encode_text(self, words: str) -> Vector:
        assert isinstance(self.encoder, TextEncoder)  # noqa: S101 `Models.encode_words` asks no other
        return self._only(self.encoder.encode_texts([words]))

    def _only(self, vectors: Vectors) -> Vector:
        row: Vector = check(vectors, self.encoder, 1)[0]
        return row


class Models:
    """Loads what the index needs, and remembers why a model cannot be asked."""

    def __init__(self, loaders: Loaders) -> None:
        self._loaders = loaders
        self._loaded: dict[str, _Loaded] = {}
        self._contracts: dict[str, Contract] = {}
        self._problems: dict[str, str] = {}

    async def accept(self, contracts: Mapping[str, Contract]) -> None:
        """Compares each model with what filled its field; a contract that was seen before is not checked again."""
        for name, contract in contracts.items():
            if self._contracts.get(name) != contract:
                self._problems[name] = await to_thread.run_sync(self._problem, name, contract)
        self._contracts = dict(contracts)

    def _problem(self, name: str, contract: Contract) -> str:
        """Empty where the model may be asked."""
        if name not in self._loaders:
            return "not installed here, or left out by the setting `models`"
        try:
            if name not in self._loaded:
                self._loaded[name] = _Loaded(self._loaders[name]())
            agrees(contract, self._loaded[name].encoder)
        except FrontispieceError as error:
            log.warning("model.unusable", model=name, reason=str(error))
            return str(error)
        return ""

    @property
    def states(self) -> list[ModelState]:
        return [
            ModelState(
                name=name,
                model=str(contract.get("id", "")),
                revision=str(contract.get("revision", "")),
                dimensions=int(contract.get("dimensions", 0)),
                usable=not self._problems[name],
                problem=self._problems[name],
            )
            for name, contract in self._contracts.items()
        ]

    @property
    def usable(self) -> list[str]:
        return [name for name in self._contracts if not self._problems[name]]

    async def encode_image(self, image: Image, names: list[str]) -> dict[str, Vector]:
        """One vector per usable model of those names."""
        return {name: await self._loaded[name].image(image) for name in self.usable if name in names}

    async def encode_words(self, words: str, names: list[str]) -> dict[str, Vector]:
        """One vector per usable model of those names that knows words."""
        able = [name for name in self.usable if name in names and isinstance(self._loaded[name].encoder, TextEncoder)]
        return {name: await self._loaded[name].text(words) for name in able}
