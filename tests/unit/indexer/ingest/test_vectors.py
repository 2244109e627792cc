"""The vectors of a batch: of pictures by vision models, of the words around them by a text model."""

from collections.abc import Mapping, Sequence
from itertools import chain, combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.encoders.protocols import FeatureFunction, Features, Vectors
from core.errors import WrongVector
from core.geometry import PixelBox
from indexer.documents.hybrid import HybridDocument
from indexer.documents.passages import MAX_SIDE_WORDS, passage_of_picture
from indexer.documents.pictures import Picture
from indexer.elasticsearch.stored_encodings import StoredEncoding
from indexer.ingest.vectors import DocumentEncoders
from indexer.records import Book, Context, GraphicalElement, Leaf, TextPassage


class WidthEncoder:
    name, model, revision, preprocessing, dimensions = "vit", "tests/width", "1", "width", 2

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        return np.array([[1, 0] if image.width > 9 else [0, 1] for image in images], np.float32)


class LengthEncoder:
    """Encodes texts by their length, and notes them."""

    name, model, revision, preprocessing, dimensions = "e5", "tests/length", "1", "length", 3

    def __init__(self) -> None:
        self.passages: list[str] = []

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.passages += texts
        rows = np.array([[len(text), 1, 0] for text in texts], np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        raise NotImplementedError


class LongVectorEncoder(LengthEncoder):
    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return 2 * super().encode_passages(texts)


def picture_document(number: int, caption: str = "", title: str = "") -> HybridDocument:
    picture = Picture(
        book=Book(id="b", title=title),
        leaf=Leaf(id=f"b_{number:04}", number=number),
        element=GraphicalElement(
            alto_id="GE1",
            block_type="Illustration",
            box=PixelBox(0, 0, 90, 90),
            context=Context(caption=TextPassage(caption)),
        ),
        scan_width=900,
        scan_height=1400,
    )
    return HybridDocument.from_picture(picture, "scan")


def test_each_picture_has_its_own_vectors_and_one_without_words_none_of_meaning() -> None:
    meaning_encoder = LengthEncoder()
    documents = [picture_document(1, "Fyret"), picture_document(2), picture_document(3, "Kirken paa Herø")]
    images = [Image.new("L", (size, 9)) for size in (5, 20, 30)]
    encoded = DocumentEncoders([WidthEncoder()], meaning_encoder).encode(images, documents)
    assert meaning_encoder.passages == ["Fyret", "Kirken paa Herø"]
    assert [sorted(document.vectors) for document in encoded] == [["e5", "vit"], ["vit"], ["e5", "vit"]]
    assert [document.vectors["vit"].tolist() for document in encoded] == [[0, 1], [1, 0], [1, 0]]
    assert encoded[2].vectors["e5"][0] / encoded[2].vectors["e5"][1] == pytest.approx(len("Kirken paa Herø"))


class HeightFeatureEncoder(WidthEncoder):
    """Has features besides its vector, and notes how many pictures it sees for each."""

    features = "height"

    def __init__(self) -> None:
        self.seen: dict[str, int] = {"vectors": 0, "features": 0}

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        self.seen["vectors"] += len(images)
        return super().encode_images(images)

    def encode_features(self, images: Sequence[Image.Image]) -> Features:
        self.seen["features"] += len(images)
        return np.array([[image.height] for image in images], np.int8)

    @property
    def feature_parts(self) -> Mapping[str, FeatureFunction]:
        raise NotImplementedError


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=8))
def test_what_is_stored_is_not_made_again_and_the_rest_stands_in_its_place(
    stored_parts: list[tuple[bool, bool]],
) -> None:
    encoder, rows = HeightFeatureEncoder(), np.array([0.6, 0.8], np.float32)
    stored = [
        StoredEncoding(
            vectors={"vit": rows} if has_vector else {},
            features={"vit": np.array([99], np.int8)} if has_features else {},
        )
        for has_vector, has_features in stored_parts
    ]
    encoders = DocumentEncoders([encoder])
    images = [
        None if encoders.covers(encoding) else Image.new("L", (20, number + 1))
        for number, encoding in enumerate(stored)
    ]
    documents = [picture_document(number) for number in range(len(stored))]
    encoded = encoders.encode(images, documents, stored)
    for number, (document, (has_vector, has_features)) in enumerate(zip(encoded, stored_parts, strict=True)):
        assert document.vectors["vit"].tolist() == (rows.tolist() if has_vector else [1, 0])
        assert document.features["vit"].tolist() == [99 if has_features else number + 1]
    assert encoder.seen == {
        "vectors": sum(not has_vector for has_vector, _ in stored_parts),
        "features": sum(not has_features for _, has_features in stored_parts),
    }


def test_meaning_is_made_again_only_of_other_words() -> None:
    meaning_encoder = LengthEncoder()
    documents = [picture_document(1, "Fyret"), picture_document(2, "Kirken"), picture_document(3)]
    row = np.array([1, 0, 0], np.float32)
    stored = [StoredEncoding(passage=passage, vectors={"e5": row}) for passage in ("Fyret", "Kirke", "")]
    encoded = DocumentEncoders([], meaning_encoder).encode([None] * 3, documents, stored)
    assert meaning_encoder.passages == ["Kirken"]
    assert encoded[0].vectors["e5"].tolist() == [1, 0, 0]
    assert "e5" not in encoded[2].vectors


def test_a_wrong_vector_of_a_text_stops_the_run() -> None:
    with pytest.raises(WrongVector, match="e5 returned a vector of length 2"):
        DocumentEncoders([], LongVectorEncoder()).encode([], [picture_document(1, "Fyret")])


def test_the_text_model_is_part_of_what_a_document_was_made_from() -> None:
    assert DocumentEncoders([WidthEncoder()]).versions == "vit@tests/width/1/width"
    assert DocumentEncoders([WidthEncoder()], LengthEncoder()).versions.endswith(" e5@tests/length/1/length")


def test_a_passage_is_the_caption_with_the_nearest_words_around_it() -> None:
    far, near = [f"far{number}" for number in range(50)], [f"near{number}" for number in range(MAX_SIDE_WORDS)]
    source = {
        "title": "A title",
        "caption": {"text": "Fig. 1. Fyret."},
        "context": {"before": {"text": " ".join(far + near)}, "after": {"text": " ".join(near + far)}},
    }
    assert passage_of_picture(source) == "\n".join(["Fig. 1. Fyret.", " ".join(near), " ".join(near)])


@given(st.sampled_from(list(chain.from_iterable(combinations(("caption", "before", "after"), n) for n in range(4)))))
def test_the_title_stands_for_a_picture_with_no_words_around_it_only(parts: tuple[str, ...]) -> None:
    texts: dict[str, Any] = {part: {"text": part} for part in parts}
    source = {"title": "A title", "caption": texts.pop("caption", None) or {}, "context": texts}
    assert passage_of_picture(source) == (
        "\n".join(part for part in ("caption", "before", "after") if part in parts) or "A title"
    )
