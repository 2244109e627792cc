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
from evaluation.pictures.transformations import HARDER, SEED, Alter
from evaluation.pictures.vectors import View, encode

PAPER = "paper"
seed_option = click.option("--seed", default=SEED, show_default=True, help="What the alterations are drawn from.")
MEANINGS = {PAPER: "turned, cut and scaled as in the paper"} | {each.name: each.meaning for each in HARDER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of query: what happens to each picture."""

    name: str
    key: str
    """Says all that the altered pixels depend on, but for the picture."""
    alterations: Sequence[Alter]


def kinds(count: int, *, seed: int = SEED, quirk: bool = False, harder: bool = False) -> list[Kind]:
    """The paper's queries and, where asked for, the harder ones."""
    drawn = transformations.paper(count, seed, quirk=quirk)
    paper = Kind(name=PAPER, key=f"paper, seed {seed}, quirk {quirk}", alterations=drawn)
    if not harder:
        return [paper]
    more = [
        Kind(name=each.name, key=f"{each.key}, seed {seed}", alterations=transformations.of(each, count, seed))
        for each in HARDER
    ]
    return [paper, *more]


def query_views(pictures: Sequence[LabelledPicture], kind: Kind) -> list[View]:
    """The altered pictures; an alteration depends on the picture's place among the queries."""
    return [
        View(f"{kind.key}, {number}: {picture.digest}", partial(_altered, picture, alter))
        for number, (picture, alter) in enumerate(zip(pictures, kind.alterations, strict=True))
    ]


def query_vectors(encoder: Encoder, pictures: Sequence[LabelledPicture], kind: Kind, settings: Settings) -> Vectors:
    """The altered pictures, encoded as an uploaded one is."""
    views, title = query_views(pictures, kind), f"{encoder.name}: {kind.name}"
    return encode(encoder, views, settings, title=title, by=partial(encode_queries, encoder), way="query")


def _altered(picture: LabelledPicture, alter: Alter) -> Image:
    return alter(picture.open())
