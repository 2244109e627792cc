"""The search that is served is measured on a node, and nothing of it is left there."""

from pathlib import Path

import numpy as np
from elasticsearch import Elasticsearch

from core.settings import Settings
from evaluation.retrieval.fusion import Seen
from evaluation.retrieval.served import FLAT, SERVED, SWEEP, figures, measure_served, plot, table


def test_a_small_gallery_is_searched_as_it_is_served_and_the_index_is_gone(
    client: Elasticsearch, node_url: str, tmp_path: Path
) -> None:
    """Nothing is lost but by rounding to int8, and nothing at all without a graph."""
    rows = np.random.default_rng(0).normal(size=(60, 512)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    seen = Seen(rows[:20], {"paper": rows[20:40], "half": rows[40:]})
    before = set(client.indices.get(index="*"))
    measured = measure_served({"sscd": seen}, Settings(elasticsearch_url=node_url, cache=tmp_path))
    *graph, flat = measured
    assert [(each.k, each.candidates) for each in graph] == list(SWEEP)
    assert {each.vectors for each in measured} == {40}, "the pictures and the other queries' copies of them"
    assert all(0.9 < each.recall <= 1 for each in graph if each.candidates >= 40)
    assert (flat.index, flat.recall) == (FLAT, 1.0)
    assert [each.is_served for each in measured] == [setting == SERVED for setting in SWEEP] + [False]
    assert "(served)" in table(measured).markdown()
    assert "exact (flat)" in plot(measured)
    assert len(figures(measured)) == len(measured)
    assert set(client.indices.get(index="*")) == before
