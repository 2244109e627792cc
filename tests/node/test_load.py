"""A short form of `python -m benchmarks.load`: no request fails while a run writes and switches readers."""

from functools import partial
from pathlib import Path

import httpx
import pytest

from api.app import create_app
from benchmarks.load import LoadResult, load_table, repeat, send_load
from benchmarks.mixed_requests import KINDS, make_requests
from core.settings import Settings
from indexer.elasticsearch import lease
from tests.event_loops import run_coroutine
from tests.live_server import run_live_server
from tests.node.conftest import RunIndex
from tests.node.test_index import MeanGreyEncoder

CLIENTS, REBUILDS = 8, 2


def test_no_request_fails_while_rebuilds_switch_readers(
    node_url: str, index_name: str, run_index: RunIndex, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "POLL_SECONDS", 0.02)
    run_index(MeanGreyEncoder())
    settings = Settings(alias=index_name, data=data_folder, cache=data_folder)
    app = create_app(settings, elasticsearch_url=node_url, encoder_loaders={"sscd": MeanGreyEncoder})
    with run_live_server(app) as url:
        with httpx.Client(base_url=url, timeout=60) as client:
            requests = make_requests(client, 4 * len(KINDS))
        with repeat(partial(run_index, MeanGreyEncoder(), rebuild=True)) as rebuilds:

            def is_enough(result: LoadResult) -> bool:
                return (len(rebuilds) >= REBUILDS and result.count >= len(requests)) or bool(result.failures)

            result = run_coroutine(send_load, url, requests, CLIENTS, is_enough)
    assert result.failures == []
    assert len(rebuilds) >= REBUILDS
    assert load_table(result).count("\n") == len(KINDS) + 3
