"""Pictures and the words around them → the vectors and features of their documents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy.typing as npt
from PIL.Image import Image

from core.encoders.fingerprint import ModelIdentity
from core.encoders.protocols import Encoder, FeatureEncoder, MeaningEncoder, VectorModel, Vectors
from core.encoders.vectors import check_vectors
from indexer.documents.hybrid import HybridDocument
from indexer.documents.passages import passage_of_picture

ArrayRows = TypeVar("ArrayRows", bound=npt.NDArray[Any])


@dataclass(frozen=True, slots=True)
class DocumentEncoders:
    """The models of a run."""

    vision: Sequence[Encoder]
    meaning: MeaningEncoder | None = None
    """The text model; None if there is none."""

    @property
    def all(self) -> list[VectorModel]:
        return [*self.vision, *([self.meaning] if self.meaning else [])]

    @property
    def versions(self) -> str:
        """The models and their weights, as a part of a document's fingerprint."""
        return " ".join(
            f"{model.name}@{'/'.join(ModelIdentity.from_encoder(model).to_meta().values())}" for model in self.all
        )

    def encode(self, images: Sequence[Image], documents: Sequence[HybridDocument]) -> list[HybridDocument]:
        """Return the documents with vectors and features; `WrongVector` if a model returns anything else."""
        vectors = {
            encoder.name: check_vectors(encoder.encode_images(images), encoder, len(images)) for encoder in self.vision
        }
        features = {
            encoder.name: encoder.encode_features(images)
            for encoder in self.vision
            if isinstance(encoder, FeatureEncoder)
        }
        meaning_vectors = self._encode_passages(documents)
        return [
            document.with_vectors(
                {**_select_row(vectors, position), **meaning_vectors.get(document.id, {})},
                _select_row(features, position),
            )
            for position, document in enumerate(documents)
        ]

    def _encode_passages(self, documents: Sequence[HybridDocument]) -> dict[str, dict[str, Vectors]]:
        """Return document id → vector; a picture without words around it has none."""
        passages = {document.id: passage_of_picture(document.source) for document in documents}
        passages = {document_id: passage for document_id, passage in passages.items() if passage}
        if self.meaning is None or not passages:
            return {}
        rows = check_vectors(self.meaning.encode_passages(list(passages.values())), self.meaning, len(passages))
        return {document_id: {self.meaning.name: row} for document_id, row in zip(passages, rows, strict=True)}


def _select_row(arrays: Mapping[str, ArrayRows], position: int) -> dict[str, ArrayRows]:
    return {name: rows[position] for name, rows in arrays.items()}
