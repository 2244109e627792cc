"""Pictures → vectors, each computed once: what a model made of a picture is kept on disk."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from zipfile import BadZipFile

import numpy as np
from PIL.Image import Image
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from core.encoders import Encoder, Vectors
from core.encoders.features import TraitEncoder, Traits
from core.settings import Settings
from evaluation.pictures.folder import LabelledPicture

console = Console(stderr=True, soft_wrap=True)

KEPT_EVERY = 512
"""Vectors that are at most lost when a run is stopped."""

Item = TypeVar("Item")
Encode = Callable[[Sequence[Image]], Vectors | Traits]


@dataclass(frozen=True, slots=True)
class View:
    """A picture, or what was made of it, that is opened only when its vector is not known yet."""

    key: str
    """Says all that the pixels depend on."""
    open: Callable[[], Image]


def encode_pictures(encoder: Encoder, pictures: Sequence[LabelledPicture], settings: Settings) -> Vectors:
    """One row per picture, as the index keeps it."""
    views = [View(picture.digest, picture.open) for picture in pictures]
    return encode(encoder, views, settings, title=f"{encoder.name}: pictures")


def learnable_rows(encoder: Encoder, pictures: Sequence[LabelledPicture], settings: Settings) -> Vectors:
    """One row per picture, as a classifier learns from it."""
    if not isinstance(encoder, TraitEncoder):
        return encode_pictures(encoder, pictures, settings)
    views = [View(picture.digest, picture.open) for picture in pictures]
    title, way = f"{encoder.name}: traits", encoder.traits
    return encode(encoder, views, settings, title=title, by=encoder.encode_traits, way=way).astype(np.float32)


def encode(
    encoder: Encoder,
    views: Sequence[View],
    settings: Settings,
    *,
    title: str,
    by: Encode | None = None,
    way: str = "",
) -> Vectors:
    """One row per view; `by` encodes in another way than the index does, and `way` names it for the cache."""
    file = settings.cache / "evaluation" / f"{encoder.name}-{_identity(encoder, way)}.npz"
    known = _read(file)
    # A view that is asked for twice is encoded once.
    missing = list({view.key: view for view in views if view.key not in known}.values())
    with _bar() as bar:
        task = bar.add_task(title, total=len(missing), visible=bool(missing))
        for start in range(0, len(missing), KEPT_EVERY):
            block = missing[start : start + KEPT_EVERY]
            for at in range(0, len(block), settings.batch_size):
                batch = block[at : at + settings.batch_size]
                rows = (by or encoder.encode_images)([view.open() for view in batch])
                known |= zip((view.key for view in batch), rows, strict=True)
                bar.advance(task, len(batch))
            _write(file, known)
    return np.stack([known[view.key] for view in views]) if views else np.empty((0, encoder.dimensions), np.float32)


def _identity(encoder: Encoder, way: str) -> str:
    facts = "\n".join((encoder.model, encoder.revision, encoder.preprocessing, way))
    return hashlib.sha256(facts.encode()).hexdigest()[:12]


def _read(file: Path) -> dict[str, Vectors]:
    """What is kept; nothing where the file is absent, half written or of another kind."""
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as kept:
            keys, rows = kept["keys"], kept["rows"]
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return {}
    return dict(zip(keys.tolist(), rows, strict=True)) if len(rows) == len(keys) else {}


def _write(file: Path, known: dict[str, Vectors]) -> None:
    """Whole or not at all: two runs at once cost a repetition, never a broken file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(".new.npz")
    np.savez(new, keys=np.array(list(known)), rows=np.stack(list(known.values())))
    new.replace(file)


def track(items: Sequence[Item], title: str) -> Iterator[Item]:
    """The items one by one, with a progress bar on the terminal."""
    with _bar() as bar:
        yield from bar.track(items, description=title)


def _bar() -> Progress:
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console)
