"""Pictures and the words around them → the vectors and features of their documents."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from PIL.Image import Image

from core.encoders.fingerprint import ModelIdentity
from core.encoders.protocols import Encoder, FeatureEncoder, Features, MeaningEncoder, VectorModel, Vectors
from core.encoders.tuning import TunableEncoder
from core.encoders.vectors import check_vectors
from core.settings import Settings
from indexer.documents.hybrid import HybridDocument
from indexer.documents.passages import passage_of_picture
from indexer.elasticsearch.stored_encodings import StoredEncoding

NOTHING_STORED = StoredEncoding()

Row = TypeVar("Row", Vectors, Features)


@dataclass(frozen=True, slots=True)
class DocumentEncoders:
    """The models of a run."""

    vision: Sequence[Encoder]
    meaning: MeaningEncoder | None = None
    """The text model; None if there is none."""

    @property
    def all(self) -> list[VectorModel]:
        return [*self.vision, *([self.meaning] if self.meaning else [])]

    def batch_size(self, settings: Settings) -> int:
        """Return the number of pictures in a batch: that of the settings, or more if a model is faster with more."""
        wanted_sizes = (encoder.pictures_at_a_time for encoder in self.vision if isinstance(encoder, TunableEncoder))
        return max((settings.batch_size, *wanted_sizes))

    @property
    def versions(self) -> str:
        """The models and their weights, as a part of a document's fingerprint."""
        return " ".join(
            f"{model.name}@{'/'.join(ModelIdentity.from_encoder(model).to_meta().values())}" for model in self.all
        )

    def covers(self, stored: StoredEncoding) -> bool:
        """Return whether the vectors and features of every vision model are stored, so that none needs the picture."""
        return all(
            encoder.name in stored.vectors
            and (encoder.name in stored.features or not isinstance(encoder, FeatureEncoder))
            for encoder in self.vision
        )

    def encode(
        self,
        images: Sequence[Image | None],
        documents: Sequence[HybridDocument],
        stored: Sequence[StoredEncoding] = (),
    ) -> list[HybridDocument]:
        """Return the documents with vectors and features; `WrongVector` if a model returns anything else.

        What is `stored` is not made again; an image may be None if all that is made from it is stored.
        """
        stored = stored or [NOTHING_STORED] * len(documents)
        vectors = {encoder.name: _encode_vectors(encoder, images, stored) for encoder in self.vision}
        features = {
            encoder.name: _encode_features(encoder, images, stored)
            for encoder in self.vision
            if isinstance(encoder, FeatureEncoder)
        }
        meaning_vectors = self._encode_passages(documents, stored)
        return [
            document.with_vectors(
                {**{name: rows[position] for name, rows in vectors.items()}, **meaning_vectors.get(document.id, {})},
                {name: rows[position] for name, rows in features.items()},
            )
            for position, document in enumerate(documents)
        ]

    def _encode_passages(
        self, documents: Sequence[HybridDocument], stored: Sequence[StoredEncoding]
    ) -> dict[str, dict[str, Vectors]]:
        """Return document id → vector; a picture without words around it has none."""
        if self.meaning is None:
            return {}
        name, passages, rows = self.meaning.name, {}, {}
        for document, stored_encoding in zip(documents, stored, strict=True):
            passage = passage_of_picture(document.source)
            if passage and passage == stored_encoding.passage and name in stored_encoding.vectors:
                rows[document.id] = stored_encoding.vectors[name]
            elif passage:
                passages[document.id] = passage
        if passages:
            new_rows = check_vectors(self.meaning.encode_passages(list(passages.values())), self.meaning, len(passages))
            rows |= dict(zip(passages, new_rows, strict=True))
        return {document_id: {name: row} for document_id, row in rows.items()}


def _encode_vectors(
    encoder: Encoder, images: Sequence[Image | None], stored: Sequence[StoredEncoding]
) -> Sequence[Vectors]:
    def encode(pictures: Sequence[Image]) -> Vectors:
        return check_vectors(encoder.encode_images(pictures), encoder, len(pictures))

    return _add_missing_rows([encoding.vectors.get(encoder.name) for encoding in stored], images, encode)


def _encode_features(
    encoder: FeatureEncoder, images: Sequence[Image | None], stored: Sequence[StoredEncoding]
) -> Sequence[Features]:
    stored_rows = [encoding.features.get(encoder.name) for encoding in stored]
    return _add_missing_rows(stored_rows, images, encoder.encode_features)


def _add_missing_rows(
    stored_rows: Sequence[Row | None],
    images: Sequence[Image | None],
    encode: Callable[[Sequence[Image]], Iterable[Row]],
) -> list[Row]:
    """Return the stored rows, with new ones in the place of those that are None."""
    missing_images = [cast(Image, image) for row, image in zip(stored_rows, images, strict=True) if row is None]
    new_rows = iter(encode(missing_images) if missing_images else ())
    return [next(new_rows) if row is None else row for row in stored_rows]
