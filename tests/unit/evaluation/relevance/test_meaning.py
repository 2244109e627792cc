"""The judged queries and captions of `evaluate meaning`."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.encoders.protocols import Vectors
from evaluation.relevance.meaning import HALVES, METRICS, SEVERAL, MeaningResult, read_captions, read_queries
from evaluation.relevance.meaning_tables import meaning_table
from evaluation.relevance.meaning_vectors import rank_by_vectors


def test_every_query_is_judged_and_every_language_has_enough() -> None:
    captions = read_captions()
    ids = {caption.id for caption in captions}
    assert len(ids) == len(captions)
    queries = read_queries(captions)
    assert len({query.query_text for query in queries}) == len(queries) >= 80
    assert all(query.grades.keys() <= ids and set(query.grades.values()) <= {1, 2, 3} for query in queries)
    counts = Counter(query.language for query in queries)
    assert counts.keys() == {"no", "de", SEVERAL}
    assert min(counts.values()) >= 10
    halves = Counter(query.half for query in queries)
    assert abs(halves["tuning"] - halves["held out"]) <= 10


def test_titles_of_a_collection_are_captions_too(tmp_path: Path) -> None:
    """The identifier is one of the judged ones: the plan of the sewers of Paris."""
    file = tmp_path / "collection.json"
    sewers = {"id": "https://example.org/iiif/btv1b84416893/manifest.json", "type": "Manifest", "label": "Égouts (BnF)"}
    file.write_text(json.dumps({"items": [sewers, sewers, {"id": "https://example.org/2", "label": {"en": ["x"]}}]}))
    titles = [caption for caption in read_captions([file]) if caption.is_title]
    assert [(title.id, title.text, title.language) for title in titles] == [("btv1b84416893", "Égouts", "fr")]


def test_the_table_has_rows_without_and_with_meaning() -> None:
    queries = read_queries(read_captions())
    scores = {
        switch: dict.fromkeys(METRICS, np.full(len(queries), figure)) for switch, figure in (("off", 0), ("on", 1))
    }
    result = MeaningResult(
        queries=queries, captions=136, scores=scores, milliseconds_per_query=4.2, milliseconds_per_passage=9
    )
    table = meaning_table(result)
    assert {row[1] for row in table.rows} == {"both", *HALVES}
    assert [str(row[3])[:5] for row in table.rows] == ["0.000", "1.000"] * (len(table.rows) // 2)
    assert "4 ms per query" in table.note


def test_a_threshold_counts_relevant_captions_and_others() -> None:
    """Two queries and three captions, whose vectors are the axes and one between two of them."""

    class AxisEncoder:
        name, model, revision, preprocessing, dimensions = "e5", "tests/axes", "1", "axes", 2

        def encode_passages(self, texts: Sequence[str]) -> Vectors:
            return np.array([{"x": (1, 0), "y": (0, 1), "xy": (0.8, 0.6)}[text] for text in texts], np.float32)

        encode_questions = encode_passages

    captions = {"1": "x", "2": "y", "3": "xy"}
    [ranking] = rank_by_vectors(AxisEncoder(), captions, [("x", {"1": 3}), ("y", {"1": 3, "2": 1})])
    assert ranking.scores[0] == 1.0
    assert 0 < ranking.scores[1] < 1
    assert ranking.passing[0.25] == (0.5, 1.0)
