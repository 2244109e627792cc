"""How good a classifier is on books and sources that it has not seen, and what to label where it is poor."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self

GOOD_F1 = 0.8
"""Below it, one in five pictures of a class is missed or is another class."""
ENOUGH_PICTURES, ENOUGH_BOOKS = 30, 10
"""Of a class; with fewer, its F1 depends on single books. A rule of thumb."""
MAX_SOURCE_LOSS = 0.1
"""How much lower macro-F1 may be on a source that was not learnt from than on a book that was not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassQuality:
    """The examples of one class, and how well it is recognised on held-out books."""

    pictures: int
    books: int
    f1: float
    taken_for: str = ""
    """The class that its pictures are most often taken for; empty if there is none."""

    @property
    def is_poor(self) -> bool:
        return self.f1 < GOOD_F1

    @property
    def is_small(self) -> bool:
        return self.pictures < ENOUGH_PICTURES or self.books < ENOUGH_BOOKS


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceQuality:
    """The pictures of one source, predicted after learning from all others."""

    pictures: int
    macro_f1: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingQuality:
    """What held-out books and held-out sources say of a classifier."""

    macro_f1: float | None
    """On held-out books; None if there were too few books to hold some out."""
    classes: Mapping[str, ClassQuality]
    source_macro_f1: float | None = None
    """On held-out sources, all pictures together; None if fewer than two sources could be held out."""
    sources: Mapping[str, SourceQuality] = field(default_factory=dict)

    def to_meta(self) -> dict[str, Any]:
        """Return the quality as plain values for JSON."""
        return asdict(self)

    @classmethod
    def from_meta(cls, meta: Mapping[str, Any]) -> Self:
        """Read what `to_meta` returned."""
        return cls(
            macro_f1=meta["macro_f1"],
            source_macro_f1=meta["source_macro_f1"],
            classes={name: ClassQuality(**values) for name, values in meta["classes"].items()},
            sources={name: SourceQuality(**values) for name, values in meta["sources"].items()},
        )


def describe_quality(quality: TrainingQuality, hidden_classes: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a table of the classes, and one line each on new books and new sources."""
    width = max(len(_class_title(name, hidden_classes)) for name in quality.classes)
    yield f"  {'class':{width}}  pictures  books     F1"
    for name, values in quality.classes.items():
        f1 = "    –" if quality.macro_f1 is None else f"{values.f1:5.2f}"
        yield f"  {_class_title(name, hidden_classes):{width}}  {values.pictures:8,}  {values.books:5,}  {f1}"
    if quality.macro_f1 is not None:
        yield f"books that it has not seen: macro-F1 {quality.macro_f1:.3f}"
    if quality.source_macro_f1 is not None:
        worst_first = sorted(quality.sources.items(), key=lambda item: item[1].macro_f1)
        details = "; ".join(f"{name} {values.macro_f1:.2f}" for name, values in worst_first)
        yield f"sources that it has not seen: macro-F1 {quality.source_macro_f1:.3f} ({details})"


def _class_title(name: str, hidden_classes: Sequence[str]) -> str:
    return f"{name}, hidden" if name in hidden_classes else name


def quality_warnings(quality: TrainingQuality, hidden_classes: Sequence[str]) -> Iterator[str]:
    """Yield a sentence for each reason not to rely on the classifier, with what to do about it."""
    if quality.macro_f1 is None:
        yield (
            "the labels are of too few books to measure how good the classifier is: "
            "label pictures of at least three books, better of ten for each class"
        )
        return
    for name, values in quality.classes.items():
        yield from _class_warnings(name, values, is_hidden=name in hidden_classes)
    yield from _source_warnings(quality)


def _class_warnings(name: str, values: ClassQuality, *, is_hidden: bool) -> Iterator[str]:
    examples = f"{values.pictures:,} pictures of {values.books:,} {'book' if values.books == 1 else 'books'}"
    consequence = ", and what it is mistaken for is hidden from readers" if is_hidden else ""
    if values.is_poor:
        mistake = f", most often taken for {values.taken_for}" if values.taken_for else ""
        yield (
            f"{name} is recognised poorly in books that were not learnt from: F1 {values.f1:.2f} from {examples}"
            f"{mistake}{consequence}: {_labelling_advice(values)}"
        )
    elif values.is_small:
        yield (
            f"{name} has few examples, {examples}, so its F1 of {values.f1:.2f} is uncertain: "
            f"{_labelling_advice(values)}"
        )


def _labelling_advice(values: ClassQuality) -> str:
    """Return how many more to label: up to what is enough, or as many again, which is what raises F1 noticeably."""
    more_pictures = ENOUGH_PICTURES - values.pictures if values.pictures < ENOUGH_PICTURES else values.pictures
    if values.books >= ENOUGH_BOOKS:
        source = "from other books"
    else:
        source = f"from {ENOUGH_BOOKS - values.books} or more other books"
    if values.is_small and values.pictures >= ENOUGH_PICTURES and not values.is_poor:
        return f"label pictures {source}"
    return f"label about {more_pictures} more, {source}"


def _source_warnings(quality: TrainingQuality) -> Iterator[str]:
    if quality.macro_f1 is None or quality.source_macro_f1 is None:
        return
    if quality.macro_f1 - quality.source_macro_f1 > MAX_SOURCE_LOSS:
        worst_name, worst = min(quality.sources.items(), key=lambda item: item[1].macro_f1)
        yield (
            f"on pictures of a source that it has not seen, macro-F1 is {quality.source_macro_f1:.2f} instead of "
            f"{quality.macro_f1:.2f}; lowest for {worst_name} ({worst.macro_f1:.2f} of {worst.pictures:,} pictures): "
            f"before you use it for another library or newspaper, label some pictures of that one"
        )
