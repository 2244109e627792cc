"""What is asked: every picture of the folder once, altered as the paper did or worse."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import click
from PIL.Image import Image

from core.encoders import Encoder, Vectors
from core.encoders.queries import encode_queries
from core.settings import Settings
from evaluation.pictures import transformations
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.transformations import HARDER_TRANSFORMATIONS, SEED, ImageTransform
from evaluation.pictures.vectors import LazyImage, encode

PAPER = "paper"
seed_option = click.option("--seed", default=SEED, show_default=True, help="What the alterations are drawn from.")
MEANINGS = {PAPER: "turned, cut and scaled as in the paper"} | {
    transformation.name: transformation.meaning for transformation in HARDER_TRANSFORMATIONS
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryKind:
    """One kind of query: what happens to each picture."""

    name: str
    key: str
    """Says all that the altered pixels depend on, but for the picture."""
    alterations: Sequence[ImageTransform]


def build_query_kinds(count: int, *, seed: int = SEED, quirk: bool = False, harder: bool = False) -> list[QueryKind]:
    """The paper's queries and, where asked for, the harder ones."""
    alterations = transformations.draw_paper_alterations(count, seed, quirk=quirk)
    paper = QueryKind(name=PAPER, key=f"paper, seed {seed}, quirk {quirk}", alterations=alterations)
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
    """The altered pictures; an alteration depends on the picture's place among the queries."""
    return [
        LazyImage(f"{kind.key}, {number}: {picture.digest}", partial(_open_altered, picture, alter))
        for number, (picture, alter) in enumerate(zip(pictures, kind.alterations, strict=True))
    ]


def query_vectors(
    encoder: Encoder, pictures: Sequence[LabelledPicture], kind: QueryKind, settings: Settings
) -> Vectors:
    """The altered pictures, encoded as an uploaded one is."""
    lazy_images, title = query_images(pictures, kind), f"{encoder.name}: {kind.name}"
    return encode(
        encoder, lazy_images, settings, title=title, encode_batch=partial(encode_queries, encoder), variant="query"
    )


def _open_altered(picture: LabelledPicture, alter: ImageTransform) -> Image:
    return alter(picture.open())
