"""`evaluate preprocessing`: what it costs that a model wants squares and pictures are none, by aspect ratio."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click
import numpy as np
from PIL import Image, ImageOps

from api.evaluation.folder import LabelledPicture
from api.evaluation.material import gathered
from api.evaluation.options import images_option, json_option, labels_option, models_option
from api.evaluation.report import Section
from api.evaluation.retrieval import Kind, kinds
from api.evaluation.scores import Scores, ranks
from api.evaluation.tables import Cell, Table, percent, show
from api.evaluation.transformations import SEED, Alter
from api.evaluation.vectors import View, encode
from indexer.encoders import Encoder, Vectors
from indexer.settings import Settings

SIDE = 512
"""Pixels of a square that no model makes larger."""

PAPER = "white"


def squash(image: Image.Image) -> Image.Image:
    """The whole picture, its proportions given up."""
    return image.resize((SIDE, SIDE), Image.Resampling.BICUBIC)


def pad(image: Image.Image) -> Image.Image:
    """The whole picture in the middle of a square of paper."""
    return ImageOps.pad(image, (SIDE, SIDE), Image.Resampling.BICUBIC, color=PAPER)


def centre_crop(image: Image.Image) -> Image.Image:
    """The square in the middle, the rest given up."""
    return ImageOps.fit(image, (SIDE, SIDE), Image.Resampling.BICUBIC)


SHAPES: Mapping[str, Alter] = MappingProxyType({"squash": squash, "pad": pad, "centre crop": centre_crop})
AS_IS = "as the model does"

BINS = ((1.0, 1.25), (1.25, 2.0), (2.0, 4.0), (4.0, float("inf")))
"""Longer side in shorter sides: nearly square, a page, a headpiece, a rule or a staff."""


@dataclass(frozen=True, slots=True)
class Shaped:
    """One model that sees pictures in one shape."""

    shape: str
    scores: Scores


def measure_shapes(
    pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings, kind: Kind
) -> list[Shaped]:
    """Each model with each shape, of the gallery and of the queries alike."""
    digests = [picture.digest for picture in pictures]
    found: list[Shaped] = []
    for encoder in encoders:
        for shape, form in {AS_IS: _same, **SHAPES}.items():
            gallery = _encoded(encoder, pictures, [form] * len(pictures), settings, (shape, ""))
            alterations = [partial(_after, alter, form) for alter in kind.alterations]
            queries = _encoded(encoder, pictures, alterations, settings, (shape, kind.key))
            places = ranks(partial(_cosines, queries, gallery), digests, digests)
            found.append(Shaped(shape, Scores(encoder.name, kind.name, len(pictures), places)))
    return found


def _same(image: Image.Image) -> Image.Image:
    return image


def _after(first: Alter, then: Alter, image: Image.Image) -> Image.Image:
    return then(first(image))


def _cosines(queries: Vectors, gallery: Vectors, start: int, end: int) -> Vectors:
    rows: Vectors = queries[start:end] @ gallery.T
    return rows


def _encoded(
    encoder: Encoder,
    pictures: Sequence[LabelledPicture],
    forms: Sequence[Alter],
    settings: Settings,
    names: tuple[str, str],
) -> Vectors:
    """As the index encodes, questions too: what is asked here is what the shape alone does."""
    shape, altered = names
    views = [
        View(f"{altered}, {number if altered else ''}: {picture.digest}", partial(_opened, picture, form))
        for number, (picture, form) in enumerate(zip(pictures, forms, strict=True))
    ]
    return encode(encoder, views, settings, title=f"{encoder.name}: {shape}", way=f"shape {shape}")


def _opened(picture: LabelledPicture, form: Callable[[Image.Image], Image.Image]) -> Image.Image:
    return form(picture.open())


def table(pictures: Sequence[LabelledPicture], measured: Sequence[Shaped]) -> Table:
    bins = _bins(pictures)
    columns = [
        "model and shape",
        "top-1",
        "top-10",
        *(f"top-1, {name} ({int(which.sum())})" for name, which in bins.items()),
    ]
    rows: list[list[Cell]] = []
    for each in measured:
        some = [each.scores.only(which) for which in bins.values()]
        shares = [percent(one.top(1), *one.top_interval(1)) if one.n else None for one in some]
        rows.append(
            [f"{each.scores.method}, {each.shape}", percent(each.scores.top(1)), percent(each.scores.top(10)), *shares]
        )
    note = "By the longer side in shorter sides, in brackets how many pictures; queries are encoded as the index is."
    return Table(title="What distortion costs, the paper's queries", columns=columns, rows=rows, note=note)


def _bins(pictures: Sequence[LabelledPicture]) -> dict[str, Any]:
    ratios = np.array([max(each.width, each.height) / min(each.width, each.height) for each in pictures])
    return {
        (f"{low:g}–{high:g}" if high < float("inf") else f"over {low:g}"): (ratios >= low) & (ratios < high)
        for low, high in BINS
    }


def figures(measured: Sequence[Shaped]) -> dict[str, Any]:
    found: dict[str, dict[str, Any]] = {}
    for each in measured:
        found.setdefault(each.scores.method, {})[each.shape] = each.scores.figures()
    return {"models": found}


def section(pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings) -> Section:
    """The report's part."""
    (kind,) = kinds(len(pictures))
    return Section("Preprocessing", [table(pictures, measure_shapes(pictures, encoders, settings, kind))])


@click.command("preprocessing")
@images_option
@labels_option
@models_option
@click.option("--seed", default=SEED, show_default=True, help="What the alterations are drawn from.")
@json_option
def command(images: Path, labels: Path | None, models: str, seed: int, *, as_json: bool) -> None:
    """Compare squashed, padded and centre-cropped pictures, by aspect ratio."""
    pictures, encoders, settings = gathered(images, labels, models)
    (kind,) = kinds(len(pictures), seed=seed)
    measured = measure_shapes(pictures, encoders, settings, kind)
    show([table(pictures, measured)], figures(measured), as_json=as_json)
