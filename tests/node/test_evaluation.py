"""The search that is served is measured on a node, and nothing of it is left there."""

from pathlib import Path

import numpy as np
from elasticsearch import Elasticsearch

from api.evaluation.served import SWEEP, measure_served, table
from indexer.encoders import load
from indexer.settings import Settings


def test_a_small_gallery_is_searched_as_it_is_served_and_the_index_is_gone(
    client: Elasticsearch, node_url: str, tmp_path: Path
) -> None:
    """Nothing is lost but by rounding to int8; the last query has no picture of its own there."""
    rows = np.random.default_rng(0).normal(size=(21, 512)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    digests = [str(number) for number in range(20)]
    settings = Settings(elasticsearch_url=node_url, cache=tmp_path)
    sscd = load("sscd", settings)
    queries = np.concatenate([rows[:19], rows[20:]])
    before = set(client.indices.get(index="*"))
    measured = measure_served([sscd], {"sscd": rows[:20]}, {"sscd": queries}, digests, settings)
    assert [each.candidates for each in measured] == list(SWEEP)
    assert all(0.95 < each.recall <= 1 for each in measured)
    assert {each.top_1 for each in measured} == {19 / 20}
    assert "(served)" in table(measured).markdown()
    assert set(client.indices.get(index="*")) == before
