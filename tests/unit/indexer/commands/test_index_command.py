"""How `frontispiece index` ends when it is stopped from outside, and where it works."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest
from click.testing import CliRunner

from core.console import EXIT_INTERRUPTED
from indexer.cluster.ray_session import ClusterOptions
from indexer.commands.index import index
from indexer.ingest.run import LOCAL_ENGINE
from indexer.run_records import RunReport


@pytest.fixture
def _kept_handler() -> Iterator[None]:
    handler = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, handler)


@pytest.mark.usefixtures("_kept_handler")
@pytest.mark.parametrize(
    ("options", "outcome"), [([], "what was written is kept"), (["--rebuild"], "readers keep the old index")]
)
def test_sigterm_ends_a_run_as_ctrl_c_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], outcome: str
) -> None:
    """`docker stop` and systemd send it; without a handler the lease would stay until it expires."""

    def stop_run(*_: object, **__: object) -> NoReturn:
        os.kill(os.getpid(), signal.SIGTERM)
        signal.pause()
        raise AssertionError

    monkeypatch.setattr("indexer.commands.index.index_sources", stop_run)
    environment = {"FRONTISPIECE_ELASTICSEARCH_URL": "http://127.0.0.1:9", "FRONTISPIECE_DATA": str(tmp_path)}
    result = CliRunner(env=environment).invoke(index, [*options, "books"])
    assert result.exit_code == EXIT_INTERRUPTED
    assert f"stopped; {outcome}, and the same command continues from there" in result.output


@pytest.mark.usefixtures("_kept_handler")
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], None),
        (["--ray", "local"], ClusterOptions(address="local")),
        (
            ["--ray", "auto", "--workers", "9", "--encoders", "4", "--gpus-per-encoder", "0.5"],
            ClusterOptions(address="auto", workers=9, encoders=4, gpus_per_encoder=0.5),
        ),
    ],
)
def test_a_run_works_where_the_options_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], expected: ClusterOptions | None
) -> None:
    opened: list[ClusterOptions] = []
    engines: list[Any] = []

    @contextmanager
    def open_cluster(cluster: ClusterOptions) -> Iterator[str]:
        opened.append(cluster)
        yield "cluster"

    def run(*_: Any, engine: Any, **__: Any) -> RunReport:
        engines.append(engine)
        return RunReport(written=1)

    monkeypatch.setattr("indexer.commands.index.open_cluster", open_cluster)
    monkeypatch.setattr("indexer.commands.index.index_sources", run)
    environment = {"FRONTISPIECE_ELASTICSEARCH_URL": "http://127.0.0.1:9", "FRONTISPIECE_DATA": str(tmp_path)}
    assert CliRunner(env=environment).invoke(index, [*options, "books"]).exit_code == 0
    assert (opened, engines) == (([expected], ["cluster"]) if expected else ([], [LOCAL_ENGINE]))
