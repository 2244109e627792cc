"""The queries of retrieval: every picture of the folder, altered as in the paper or more strongly."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PIL.Image import Image

from core.encoders import Encoder, Vectors
from core.encoders.queries import encode_queries
from core.settings import Settings
from evaluation.pictures import transformations
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.transformations import HARDER_TRANSFORMATIONS, SEED, ImageTransform
from evaluation.pictures.vectors import LazyImage, encode

PAPER = "paper"
MEANINGS = {PAPER: "rotated, cropped and scaled as in the paper"} | {
    transformation.name: transformation.meaning for transformation in HARDER_TRANSFORMATIONS
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryKind:
    """One kind of query, with one alteration per picture."""

    name: str
    key: str
    """Identifies the alterations in the cache; changes whenever the altered pixels would."""
    alterations: Sequence[ImageTransform]


def build_paper_queries(count: int, *, seed: int = SEED, quirk: bool = False) -> QueryKind:
    """Return the paper's queries for `count` pictures."""
    alterations = transformations.draw_paper_alterations(count, seed, quirk=quirk)
    return QueryKind(name=PAPER, key=f"paper, seed {seed}, quirk {quirk}", alterations=alterations)


def build_query_kinds(count: int, *, seed: int = SEED, quirk: bool = False, harder: bool = False) -> list[QueryKind]:
    """Return the paper's queries for `count` pictures and, with `harder`, the harder kinds."""
    paper = build_paper_queries(count, seed=seed, quirk=quirk)
    if not harder:
        return [paper]
    harder_kinds = [
        QueryKind(
            name=transformation.name,
            key=f"{transformation.key}, seed {seed}",
            alterations=transformations.seeded_alterations(transformation, count, seed),
        )
        for transformation in HARDER_TRANSFORMATIONS
    ]
    return [paper, *harder_kinds]


def query_images(pictures: Sequence[LabelledPicture], kind: QueryKind) -> list[LazyImage]:
    """Return the altered pictures; an alteration depends on the index of the picture."""
    return [
        LazyImage(f"{kind.key}, {number}: {picture.digest}", partial(open_altered, picture, alter))
        for number, (picture, alter) in enumerate(zip(pictures, kind.alterations, strict=True))
    ]


def query_vectors(
    encoder: Encoder, pictures: Sequence[LabelledPicture], kind: QueryKind, settings: Settings
) -> Vectors:
    """Encode the altered pictures as the service encodes an upload."""
    lazy_images, title = query_images(pictures, kind), f"{encoder.name}: {kind.name}"
    return encode(
        encoder, lazy_images, settings, title=title, encode_batch=partial(encode_queries, encoder), variant="query"
    )


def open_altered(picture: LabelledPicture, alter: ImageTransform) -> Image:
    """Decode a picture and return the altered copy."""
    return alter(picture.open())
