"""What is said when there is no Ray, or none that can be used."""

import os
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from core.errors import FrontispieceError
from indexer.cluster.engine import ClusterEngine
from indexer.cluster.ray_session import REACHABLE_ADDRESS, USAGE_STATISTICS, ClusterOptions, connect_ray, load_ray
from indexer.commands.index import index


@pytest.fixture(autouse=True)
def _kept_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (USAGE_STATISTICS, REACHABLE_ADDRESS):
        monkeypatch.setenv(name, "1")


def test_a_missing_ray_is_told_with_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(FrontispieceError, match=r"`--ray` needs Ray: `pip install 'frontispiece\[cluster\]'`"):
        load_ray()
    assert os.environ[USAGE_STATISTICS] == "0"


def test_an_address_of_ray_client_is_refused() -> None:
    with (
        pytest.raises(FrontispieceError, match="start the command on a machine of the cluster, with `--ray auto`"),
        connect_ray(ClusterOptions(address="ray://head.example.org:10001")),
    ):
        pass


def test_options_of_a_cluster_need_its_address() -> None:
    result = CliRunner().invoke(index, ["--workers", "2", "books"])
    assert result.exit_code == 2
    assert "belong to --ray" in result.output


def engine(options: ClusterOptions, **resources: float) -> ClusterEngine:
    node = {"Alive": True, "Resources": {"CPU": 8.0}}
    ray: Any = SimpleNamespace(cluster_resources=lambda: {"CPU": 16.0, **resources}, nodes=lambda: [node, node])
    return ClusterEngine(ray, options, load=lambda *_: pytest.fail("nothing is loaded"))


@pytest.mark.parametrize(
    ("options", "gpus", "expected"),
    [
        ({}, 0.0, (2, 0.0)),
        ({}, 3.0, (3, 1.0)),
        ({"gpus_per_encoder": 0.5}, 3.0, (6, 0.5)),
        ({"encoders": 5, "gpus_per_encoder": 0.0}, 3.0, (5, 0.0)),
        ({"encoders": 1}, 3.0, (1, 1.0)),
    ],
)
def test_encoders_follow_the_gpus_else_the_machines(
    options: dict[str, Any], gpus: float, expected: tuple[int, float]
) -> None:
    cluster = engine(ClusterOptions(address="auto", **options), GPU=gpus)
    assert cluster.encoder_resources(gpus) == expected


def test_more_gpus_than_there_are_are_refused() -> None:
    cluster = engine(ClusterOptions(address="auto", encoders=4), GPU=2.0)
    with pytest.raises(FrontispieceError, match="4 encoders with 1 GPUs each need 4, and the cluster has 2"):
        cluster.encoder_resources(2.0)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9200", "http://localhost:9200", "http://[::1]:9200"])
def test_a_loopback_address_is_refused_if_there_are_other_machines(url: str) -> None:
    cluster = engine(ClusterOptions(address="auto"))
    with pytest.raises(FrontispieceError, match="set FRONTISPIECE_ELASTICSEARCH_URL to an address that all"):
        cluster.check_reach(url)
    cluster.check_reach("https://elasticsearch.example.org:9200")


@pytest.mark.parametrize(("workers", "expected"), [(None, 16), (4, 4), (40, 16)])
def test_as_many_volumes_at_once_as_processors_or_workers(workers: int | None, expected: int) -> None:
    assert engine(ClusterOptions(address="auto", workers=workers)).capacity() == expected
