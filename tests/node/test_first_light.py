"""The whole road over real files: what goes in is found again, by words, by a copy, and by both."""

import csv
import random
import re
from collections import Counter
from typing import Any

import pytest
from PIL import Image

from indexer.cli import index_sources
from indexer.context import elements
from indexer.formats import alto
from indexer.ingest.reader import MIN_SIDE
from tests.library import Library
from tests.paths import SHARED

COPIES = 24
"""How many pictures are searched by a changed copy; `make evaluate` has the large figures."""


def altered(image: Image.Image, seed: int) -> Image.Image:
    """The paper's copy: rotated up to 10°, up to 15 % off each side, each axis scaled by 0.8 to 1.2."""
    draw = random.Random(seed)
    turned = image.rotate(draw.uniform(-10, 10), expand=True, fillcolor="white")
    left, top, right, bottom = (draw.uniform(0, 0.15) for _ in range(4))
    w, h = turned.size
    cut = turned.crop((int(w * left), int(h * top), int(w * (1 - right)), int(h * (1 - bottom))))
    return cut.resize(
        (max(1, int(cut.width * draw.uniform(0.8, 1.2))), max(1, int(cut.height * draw.uniform(0.8, 1.2))))
    )


def printed_words(source: dict[str, Any]) -> str:
    context = source.get("context", {})
    parts = (source.get("caption"), context.get("before"), context.get("after"))
    return " ".join(part["text"] for part in parts if part)


def rare_words(documents: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Picture → a word that is printed beside it and beside few others."""
    words = {id_: set(re.findall(r"[^\W\d_]{6,}", printed_words(source).lower())) for id_, source in documents.items()}
    seen = Counter(word for each in words.values() for word in each)
    return {id_: min(each, key=lambda word: (seen[word], word)) for id_, each in words.items() if each}


@pytest.fixture(scope="module")
def documents(real: Library) -> dict[str, dict[str, Any]]:
    return real.documents()


def test_the_report_accounts_for_every_alto_file_and_every_labelled_picture(
    real: Library, documents: dict[str, dict[str, Any]]
) -> None:
    with_label = sum(1 for source in documents.values() if source.get("label", {}).get("source") == "catalogue")
    with (SHARED / "images" / "labels.csv").open(encoding="utf-8") as table:
        assert with_label == len(list(csv.DictReader(table)))
    assert real.report.written == len(documents)
    assert real.report.rejected == []
    for scan in (SHARED / "pages").iterdir():
        for file in (SHARED / "alto").glob(f"{scan.stem}.xml*"):
            with Image.open(scan) as image:
                found = elements(alto.read_page(file), *image.size)
            large = {each.alto_id for each in found if min(each.box.width, each.box.height) >= MIN_SIDE}
            assert large <= {source["alto_id"] for source in documents.values() if source["page_id"] == scan.stem}


def test_a_word_printed_beside_a_picture_finds_it(real: Library, documents: dict[str, dict[str, Any]]) -> None:
    rare = rare_words(documents)
    assert len(rare) > 20
    lost = [
        (id_, word)
        for id_, word in sorted(rare.items())
        if id_ not in [hit["id"] for hit in real.ask(q=word, size=100)["hits"]]
    ]
    assert lost == []


def test_a_changed_copy_finds_its_original_first(real: Library, documents: dict[str, dict[str, Any]]) -> None:
    whole = sorted(id_ for id_, source in documents.items() if source.get("label", {}).get("name") in _PICTURES)
    chosen = random.Random(42).sample(whole, COPIES)
    missed = []
    for seed, id_ in enumerate(chosen):
        found = real.ask_with(altered(real.crop(documents[id_]), seed), size=3)["hits"][0]
        if found["id"] != id_ and not _same_print(real, documents, found["id"], id_):
            missed.append((id_, found["id"]))
    assert missed == []


_PICTURES = {"print", "photo", "drawing", "map", "page_drawing", "page_photo"}


def _same_print(real: Library, documents: dict[str, dict[str, Any]], one: str, other: str) -> bool:
    """Some files of the set are byte for byte the same picture under two names."""
    return real.crop(documents[one]).tobytes() == real.crop(documents[other]).tobytes()


def test_words_and_a_copy_in_one_request_rank_their_picture_first(
    real: Library, documents: dict[str, dict[str, Any]]
) -> None:
    rare = rare_words(documents)
    large = [id_ for id_ in sorted(rare) if min(real.crop(documents[id_]).size) > 150]
    for seed, id_ in enumerate(random.Random(7).sample(large, 8)):
        first = real.ask_with(altered(real.crop(documents[id_]), seed), q=rare[id_])["hits"][0]
        assert first["id"] == id_, (id_, rare[id_], first["scores"])
        assert "sscd" in first["scores"]
        assert len(first["scores"]) > 1, "both halves count"


def test_a_year_that_excludes_it_gives_an_empty_page(real: Library, documents: dict[str, dict[str, Any]]) -> None:
    id_, word = min(rare_words(documents).items())
    copy = real.crop(documents[id_])
    assert real.ask_with(copy, q=word)["total"] > 0
    empty = real.ask_with(copy, q=word, year_from=2999)
    assert (empty["total"], empty["hits"]) == (0, [])


def test_a_second_run_writes_nothing(real: Library) -> None:
    again = index_sources(real.settings, real.url, [str(SHARED)])
    assert (again.written, again.removed, again.unchanged) == (0, 0, real.report.written)
