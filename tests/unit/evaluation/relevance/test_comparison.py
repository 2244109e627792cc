"""Two runs are compared query by query, over the queries that both have."""

from pathlib import Path

import pytest

from core.errors import FrontispieceError
from evaluation.relevance.comparison import QueryKey, ScoreRow, comparison_table, read_scores, write_scores

METRICS = ("NDCG@10", "MRR", "recall@10", "recall@100")


def _run(scores: dict[str, float]) -> dict[QueryKey, ScoreRow]:
    """Return a run with one query for each text, which has the same figure in all metrics."""
    return {
        ("sum", "words", text, "", 0): ScoreRow(f"picture of {text}", dict.fromkeys(METRICS, score))
        for text, score in scores.items()
    }


def test_only_queries_of_both_runs_count() -> None:
    earlier = _run({"fyr": 0.5, "brig": 0.5, "removed": 1.0})
    now = _run({"fyr": 1.0, "brig": 0.75, "added": 0.0})
    table = comparison_table(now, earlier)
    assert table.rows[0][:4] == ["words → pictures", "sum", "0.500", "0.875"]
    assert str(table.rows[0][4]).startswith("+0.375 (+0.250 to +0.500)")
    assert "2 queries of both runs; 1 of this one and 1 of the earlier one" in table.note


def test_runs_without_a_common_query_have_no_row() -> None:
    assert comparison_table(_run({"fyr": 1.0}), _run({"brig": 1.0})).rows == []


def test_saved_scores_are_read_as_they_were(tmp_path: Path) -> None:
    rows = _run({"fyr ved kysten": 0.25, "lighthouse": 1.0})
    write_scores(rows, tmp_path / "scores.json")
    assert read_scores(tmp_path / "scores.json") == rows


@pytest.mark.parametrize(
    "content", ["", "{}x", '[{"query": ["sum"], "target": "", "scores": {}}]', '[{"a": 1}]', "[1]"]
)
def test_another_file_is_refused_by_name(tmp_path: Path, content: str) -> None:
    file = tmp_path / "other.json"
    file.write_text(content)
    with pytest.raises(FrontispieceError, match=r"other\.json has no scores of"):
        read_scores(file)
