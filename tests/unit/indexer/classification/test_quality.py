"""Training says how good the classifier is on new books and new sources, and what to label where it is poor."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.classification import fitting
from indexer.classification.fitting import fit_best
from indexer.classification.quality import (
    ENOUGH_BOOKS,
    ENOUGH_PICTURES,
    ClassQuality,
    SourceQuality,
    TrainingQuality,
    describe_quality,
    quality_warnings,
)
from indexer.classification.quality_measurement import measure_quality

MAP, BLANK = "Map", "Blank page"


@pytest.fixture(autouse=True)
def few_strengths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "STRENGTHS", (0.1, 10.0))


def measure(
    labels: Sequence[str], signs: Sequence[int], sources: Sequence[str], books: Sequence[str]
) -> TrainingQuality:
    """Measure a fit to rows of one telling feature, which is `signs` with a little noise, and one of noise."""
    rng = np.random.default_rng(0)
    rows = np.column_stack([np.array(signs) + rng.normal(0, 0.1, len(signs)), rng.normal(0, 1, len(signs))])
    rows = rows.astype(np.float32)
    label_array, book_array = np.array(labels), np.array(books)
    fit_result = fit_best(rows, label_array, book_array)
    return measure_quality(rows, label_array, book_array, sources=sources, fit_result=fit_result)


def two_sources(*, is_swapped: bool) -> TrainingQuality:
    """Measure 40 pictures of Bergen and 40 of Oslo, where, if swapped, the feature means the opposite."""
    labels = [MAP, BLANK] * 40
    signs = [
        (1 if label == MAP else -1) * (-1 if is_swapped and number >= 40 else 1) for number, label in enumerate(labels)
    ]
    sources = ["bergen"] * 40 + ["oslo"] * 40
    return measure(labels, signs, sources, [f"book {number // 4}" for number in range(80)])


def test_classes_have_counts_and_f1_on_other_books() -> None:
    quality = two_sources(is_swapped=False)
    assert quality.macro_f1 == 1.0
    assert quality.classes == {
        BLANK: ClassQuality(pictures=40, books=20, f1=1.0),
        MAP: ClassQuality(pictures=40, books=20, f1=1.0),
    }
    assert quality.source_macro_f1 == 1.0
    assert quality.sources == {
        "bergen": SourceQuality(pictures=40, macro_f1=1.0),
        "oslo": SourceQuality(pictures=40, macro_f1=1.0),
    }
    assert list(quality_warnings(quality, [BLANK])) == []


def test_source_that_contradicts_the_others_is_seen_only_when_sources_are_held_out() -> None:
    quality = two_sources(is_swapped=True)
    assert quality.source_macro_f1 == 0.0
    assert quality.macro_f1 is not None
    assert quality.macro_f1 > 0.1


def test_sources_are_not_measured_if_there_is_one_or_it_is_unknown() -> None:
    labels, signs = [MAP, BLANK] * 20, [1, -1] * 20
    books = [f"book {number // 4}" for number in range(40)]
    for source in ("oslo", ""):
        quality = measure(labels, signs, [source] * 40, books)
        assert (quality.source_macro_f1, quality.sources) == (None, {})


def test_class_that_only_one_source_has_is_not_counted_against_it() -> None:
    """Nothing could have taught it."""
    labels = [MAP, BLANK] * 10 + [MAP, "Musical notation"] * 10 + [BLANK] * 10
    quality = measure(
        labels,
        [{MAP: 1, BLANK: -1}.get(label, 0) for label in labels],
        ["bergen"] * 20 + ["oslo"] * 20 + ["paris"] * 10,
        [f"book {number // 3}" for number in range(50)],
    )
    assert {name: values.pictures for name, values in quality.sources.items()} == {
        "bergen": 20,
        "oslo": 10,
        "paris": 10,
    }


def test_one_book_cannot_be_measured_and_the_warning_says_what_to_label() -> None:
    quality = measure([MAP, BLANK] * 5, [1, -1] * 5, ["oslo"] * 10, ["one"] * 10)
    assert quality.macro_f1 is None
    (warning,) = quality_warnings(quality, [])
    assert "too few books" in warning
    assert "at least three books" in warning
    assert "    –" in "\n".join(describe_quality(quality, []))


def quality_of(**classes: ClassQuality) -> TrainingQuality:
    return TrainingQuality(macro_f1=0.9, classes=classes)


def test_poor_class_is_named_with_its_examples_its_mistake_and_how_many_more_it_needs() -> None:
    quality = quality_of(Map=ClassQuality(pictures=12, books=3, f1=0.41, taken_for="Illustration or photograph"))
    assert list(quality_warnings(quality, [])) == [
        "Map is recognised poorly in books that were not learnt from: F1 0.41 from 12 pictures of 3 books, most often "
        "taken for Illustration or photograph: label about 18 more, from 7 or more other books"
    ]


def test_poor_class_that_is_hidden_says_that_readers_lose_pictures() -> None:
    quality = quality_of(Blank=ClassQuality(pictures=60, books=30, f1=0.5))
    (warning,) = quality_warnings(quality, ["Blank"])
    assert "is hidden from readers: label about 60 more, from other books" in warning


def test_good_class_of_few_books_is_uncertain() -> None:
    (warning,) = quality_warnings(quality_of(Music=ClassQuality(pictures=12, books=12, f1=1.0)), [])
    assert warning == (
        "Music has few examples, 12 pictures of 12 books, so its F1 of 1.00 is uncertain: "
        "label about 18 more, from other books"
    )
    (warning,) = quality_warnings(quality_of(Music=ClassQuality(pictures=80, books=1, f1=1.0)), [])
    assert warning.endswith(
        "80 pictures of 1 book, so its F1 of 1.00 is uncertain: label pictures from 9 or more other books"
    )


def test_new_sources_are_warned_of_with_the_worst_one() -> None:
    quality = TrainingQuality(
        macro_f1=0.93,
        classes={MAP: ClassQuality(pictures=50, books=20, f1=0.9)},
        source_macro_f1=0.62,
        sources={"a": SourceQuality(pictures=277, macro_f1=0.4), "b": SourceQuality(pictures=30, macro_f1=0.9)},
    )
    (warning,) = quality_warnings(quality, [])
    assert "macro-F1 is 0.62 instead of 0.93; lowest for a (0.40 of 277 pictures)" in warning
    assert "sources that it has not seen: macro-F1 0.620 (a 0.40; b 0.90)" in list(describe_quality(quality, []))


@given(
    st.builds(
        ClassQuality,
        pictures=st.integers(1, 500),
        books=st.integers(1, 200),
        f1=st.floats(0, 1),
        taken_for=st.sampled_from(["", "Map"]),
    )
)
def test_every_warning_says_what_to_label_and_good_classes_have_none(values: ClassQuality) -> None:
    warnings = list(quality_warnings(quality_of(Name=values), []))
    is_good = values.f1 >= 0.8 and values.pictures >= ENOUGH_PICTURES and values.books >= ENOUGH_BOOKS
    assert len(warnings) == (0 if is_good else 1)
    assert all(": label " in warning for warning in warnings)


def test_quality_survives_json() -> None:
    quality = two_sources(is_swapped=False)
    assert TrainingQuality.from_meta(quality.to_meta()) == quality
