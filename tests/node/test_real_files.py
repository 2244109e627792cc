"""Indexing and searching real files: each picture is found by words, by a copy, and by both."""

import csv
import random
import re
from collections import Counter
from typing import Any

import pytest
from PIL import Image

from indexer.context import PageScale, extract_graphical_elements
from indexer.context.element_size import is_too_small
from indexer.formats import alto
from indexer.ingest.run import index_sources
from tests.library import ServedLibrary
from tests.paths import SHARED

COPY_COUNT = 24
"""How many pictures are searched by a changed copy; `make evaluate` has the large figures."""


def alter(image: Image.Image, seed: int) -> Image.Image:
    """Rotate by up to 10°, crop up to 15 % off each side, and scale each axis by 0.8 to 1.2, as in the paper."""
    rng = random.Random(seed)
    rotated = image.rotate(rng.uniform(-10, 10), expand=True, fillcolor="white")
    left, top, right, bottom = (rng.uniform(0, 0.15) for _ in range(4))
    w, h = rotated.size
    cropped = rotated.crop((int(w * left), int(h * top), int(w * (1 - right)), int(h * (1 - bottom))))
    return cropped.resize(
        (max(1, int(cropped.width * rng.uniform(0.8, 1.2))), max(1, int(cropped.height * rng.uniform(0.8, 1.2))))
    )


def words_near_picture(source: dict[str, Any]) -> str:
    context = source.get("context", {})
    passages = (source.get("caption"), context.get("before"), context.get("after"))
    return " ".join(text_passage["text"] for text_passage in passages if text_passage)


def rare_words(documents: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Return picture → a word that is in its context and in few others."""
    words_by_id = {
        id_: set(re.findall(r"[^\W\d_]{6,}", words_near_picture(source).lower())) for id_, source in documents.items()
    }
    word_counts = Counter(word for words_of_picture in words_by_id.values() for word in words_of_picture)
    return {
        id_: min(words_of_picture, key=lambda word: (word_counts[word], word))
        for id_, words_of_picture in words_by_id.items()
        if words_of_picture
    }


@pytest.fixture(scope="module")
def documents(real_library: ServedLibrary) -> dict[str, dict[str, Any]]:
    return real_library.documents()


def test_the_report_covers_every_alto_file_and_labelled_picture(
    real_library: ServedLibrary, documents: dict[str, dict[str, Any]]
) -> None:
    labelled_count = sum(1 for source in documents.values() if source.get("label", {}).get("source") == "catalogue")
    with (SHARED / "images" / "labels.csv").open(encoding="utf-8") as table:
        assert labelled_count == len(list(csv.DictReader(table)))
    assert real_library.report.written == len(documents)
    assert real_library.report.rejected == ()
    for scan in (SHARED / "pages").iterdir():
        for file in (SHARED / "alto").glob(f"{scan.stem}.xml*"):
            page = alto.read_page(file)
            with Image.open(scan) as image:
                graphical_elements = extract_graphical_elements(page, PageScale.from_sizes(page, image.size))
            large_element_ids = {
                graphical_element.alto_id
                for graphical_element in graphical_elements
                if not is_too_small(graphical_element.box, image.size)
            }
            assert large_element_ids <= {
                source["alto_id"]
                for source in documents.values()
                if re.sub("-[0-9a-f]{8}(?=_)", "", source["page_id"]) == scan.stem
            }


def test_a_word_in_the_context_of_a_picture_finds_it(
    real_library: ServedLibrary, documents: dict[str, dict[str, Any]]
) -> None:
    rare_words_by_id = rare_words(documents)
    assert len(rare_words_by_id) > 20
    pictures_not_found = [
        (id_, word)
        for id_, word in sorted(rare_words_by_id.items())
        if id_ not in [hit["id"] for hit in real_library.search(q=word, size=100, decoration="include")["hits"]]
    ]
    assert pictures_not_found == []


def test_an_altered_copy_finds_its_original_first(
    real_library: ServedLibrary, documents: dict[str, dict[str, Any]]
) -> None:
    candidate_ids = sorted(id_ for id_, source in documents.items() if _catalogue_label(source) in _PICTURE_LABELS)
    sampled_ids = random.Random(42).sample(candidate_ids, COPY_COUNT)
    mismatches = []
    for seed, id_ in enumerate(sampled_ids):
        best_hit = real_library.search_by_image(alter(real_library.open_crop(documents[id_]), seed), size=3)["hits"][0]
        if best_hit["id"] != id_ and not _is_same_print(real_library, documents, best_hit["id"], id_):
            mismatches.append((id_, best_hit["id"]))
    assert mismatches == []


def _catalogue_label(source: dict[str, Any]) -> str:
    label = source.get("label", {})
    return str(label.get("catalogued") or label.get("name", ""))


_PICTURE_LABELS = {"print", "photo", "drawing", "map", "page_drawing", "page_photo"}


def _is_same_print(
    real_library: ServedLibrary, documents: dict[str, dict[str, Any]], first_id: str, second_id: str
) -> bool:
    """Return whether two pictures are equal; some files of the set are the same bytes under two names."""
    return (
        real_library.open_crop(documents[first_id]).tobytes() == real_library.open_crop(documents[second_id]).tobytes()
    )


def test_words_and_a_copy_in_one_request_rank_their_picture_first(
    real_library: ServedLibrary, documents: dict[str, dict[str, Any]]
) -> None:
    rare_words_by_id = rare_words(documents)
    large_picture_ids = [
        id_
        for id_ in sorted(rare_words_by_id)
        if min(real_library.open_crop(documents[id_]).size) > 150 and not documents[id_].get("decoration")
    ]
    for seed, id_ in enumerate(random.Random(7).sample(large_picture_ids, 8)):
        best_hit = real_library.search_by_image(
            alter(real_library.open_crop(documents[id_]), seed), q=rare_words_by_id[id_]
        )["hits"][0]
        assert best_hit["id"] == id_, (id_, rare_words_by_id[id_], best_hit["scores"])
        assert "sscd" in best_hit["scores"]
        assert len(best_hit["scores"]) > 1, "both halves count"


def test_year_filter_that_excludes_the_picture_gives_no_hits(
    real_library: ServedLibrary, documents: dict[str, dict[str, Any]]
) -> None:
    id_, word = min(rare_words(documents).items())
    copy = real_library.open_crop(documents[id_])
    assert real_library.search_by_image(copy, q=word)["total"] > 0
    empty_page = real_library.search_by_image(copy, q=word, year_from=2999)
    assert (empty_page["total"], empty_page["hits"]) == (0, [])


def test_a_second_run_writes_no_document(real_library: ServedLibrary) -> None:
    report = index_sources(real_library.settings, real_library.url, [str(SHARED)])
    assert (report.written, report.removed, report.unchanged) == (0, 0, real_library.report.written)
