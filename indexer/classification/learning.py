"""Labels of files and of the index → a classifier."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from core import encoders
from core.encoders import Encoder, features
from core.encoders.fingerprint import agrees
from core.errors import ContractBroken, CropUnavailable, FrontispieceError
from core.images import rgb
from core.settings import Settings
from indexer.classification.classes import ClassSet
from indexer.classification.examples import Example, Open, in_index, merged, of_files, of_index, opener, rows
from indexer.classification.model import Classifier
from indexer.classification.training import Labelled, read_labels
from indexer.cli import chosen_encoders
from indexer.elasticsearch.collection import REBUILD
from indexer.elasticsearch.labelled_pictures import IDENTITY, Collection
from indexer.images.crops import Crops

Report = Callable[[str], None]
Advance = Callable[[int, int], None]
"""How many pictures more were encoded, and of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Labelled pictures with their vectors, and which models made these."""

    examples: Sequence[Example]
    models: Mapping[str, Mapping[str, Any]]
    """Name → id, revision, preprocessing."""


def gathered(
    settings: Settings,
    collection: Collection | None,
    files: Sequence[Path],
    images: Path | None,
    *,
    report: Report,
    advance: Advance,
) -> Gathered:
    """What the files say and what people said in the index; pictures that it does not have are encoded now."""
    labels = list({each.picture: each for file in files for each in read_labels(file)}.values())
    contracts = dict(collection.models()) if collection else {}
    wanted = _wanted(settings, contracts)
    there: dict[str, Example] = {}
    catalogued: list[Example] = []
    if collection:
        collection.refresh()
        catalogued = list(of_index(collection, wanted))
        there = in_index(collection, labels, wanted)
    missing = [each for each in labels if each.picture not in there]
    loaded = _encoders(settings, wanted, contracts) if missing else []
    folders = [images] if images else list(dict.fromkeys(file.parent for file in files))
    fresh = _encoded(settings, missing, loaded, folders, report=report, advance=advance)
    facts = {name: contracts[name] for name in wanted} or {each.name: features.facts(each) for each in loaded}
    models = {name: {fact: said[fact] for fact in IDENTITY if fact in said} for name, said in facts.items()}
    return Gathered(examples=merged([catalogued, there.values(), fresh]), models=models)


def learnt(found: Gathered, class_set: ClassSet, *, report: Report) -> Classifier:
    """Labels that mean none of the classes are told and left out."""
    named = [(each, class_set.name(each.label)) for each in found.examples]
    for label, count in sorted(Counter(each.label for each, name in named if name is None).items()):
        report(f"{count} pictures called {label!r} are left out: it is none of {', '.join(class_set.classes)}")
    kept = [(each, name) for each, name in named if name is not None]
    if len({name for _, name in kept}) < 2:
        raise FrontispieceError(
            "there are labels of fewer than two classes to learn from: name a file of labels, "
            "or give some with `frontispiece classify correct`"
        )
    parts = [len(kept[0][0].vectors[model]) for model in found.models]
    return Classifier.fit(
        rows(list(found.models), [each.vectors for each, _ in kept]),
        [name for _, name in kept],
        [each.book for each, _ in kept],
        class_set=class_set,
        models=found.models,
        parts=parts,
    )


def _wanted(settings: Settings, contracts: Mapping[str, Any]) -> list[str]:
    """The models to learn from: those of the settings, else all that the index has."""
    names = [name.strip() for name in settings.models.split(",") if name.strip()]
    if contracts and (lacking := sorted(set(names) - contracts.keys())):
        raise FrontispieceError(f"the index has no vectors of {', '.join(lacking)}; it has {', '.join(contracts)}")
    wanted = [name for name in contracts if not names or name in names]
    if old := [name for name in wanted if features.has_traits(name) and "traits" not in contracts[name]]:
        raise ContractBroken(f"the index has {', '.join(old)} without the traits that are learnt from: {REBUILD}")
    return wanted


def _encoders(settings: Settings, wanted: Sequence[str], contracts: Mapping[str, Mapping[str, Any]]) -> list[Encoder]:
    """Those that filled the index, else those of the settings."""
    if not wanted:
        return chosen_encoders(settings)
    loaded = [encoders.load(name, settings) for name in wanted]
    for each in loaded:
        agrees(contracts[each.name], each)
    return loaded


def _encoded(
    settings: Settings,
    labels: Sequence[Labelled],
    models: Sequence[Encoder],
    folders: Sequence[Path],
    *,
    report: Report,
    advance: Advance,
) -> Iterator[Example]:
    with _opener(settings, folders) as open_:
        size = settings.batch_size
        for start in range(0, len(labels), size):
            yield from of_files(labels[start : start + size], models, open_, report=report)
            advance(min(size, len(labels) - start), len(labels))


@contextmanager
def _opener(settings: Settings, folders: Sequence[Path]) -> Iterator[Open]:
    with Crops(settings) as crops:

        def fetched(url: str) -> Image.Image:
            try:
                with Image.open(BytesIO(crops.fetch(url))) as image:
                    image.load()
                    return rgb(image)
            except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
                raise CropUnavailable(url, f"unreadable picture: {error}") from error

        yield opener(folders, fetched)
