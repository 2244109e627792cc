"""Requests that wait for a node which restarts."""

import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from elastic_transport import ApiResponseMeta, BaseNode, HttpHeaders, NodeConfig
from elastic_transport import ConnectionError as NodeUnreachable

from core.settings import Settings
from indexer.elasticsearch.client import connect
from indexer.elasticsearch.patient_transport import RECOVERY_PAUSES, PatientTransport

CONFIG = NodeConfig("http", "localhost", 9200)
DOWN = 0
"""Stands for a refused connection in a list of statuses."""


class ScriptedNode(BaseNode):
    """Answers with one status after the other."""

    statuses: Iterator[int] = iter(())

    def perform_request(self, *_: Any, **__: Any) -> Any:
        status = next(self.statuses)
        if status == DOWN:
            raise NodeUnreachable("refused")
        return SimpleNamespace(meta=ApiResponseMeta(status, "1.1", HttpHeaders(), 0.0, CONFIG), body=b"")


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the pauses that a transport makes, without making them."""
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    return pauses


def open_transport(*statuses: int) -> PatientTransport:
    """Return a transport whose node answers with these statuses."""
    node_class = type("Node", (ScriptedNode,), {"statuses": iter(statuses)})
    return PatientTransport([CONFIG], node_class=node_class, retry_on_status=(), max_retries=1)


def send(transport: PatientTransport, **options: Any) -> int:
    return transport.perform_request("HEAD", "/", **options).meta.status


def test_request_is_repeated_until_the_node_has_started(pauses: list[float]) -> None:
    transport = open_transport(200, DOWN, DOWN, DOWN, DOWN, 503, 200)
    assert send(transport) == 200
    assert send(transport) == 200
    assert pauses == [1.0, 2.0, 4.0], "after two refused connections, as `max_retries` says, two more, and a 503"


def test_request_fails_when_the_node_stays_away_and_the_next_does_not_wait(pauses: list[float]) -> None:
    transport = open_transport(200, *[DOWN] * 100)
    assert send(transport) == 200
    for _ in range(2):
        with pytest.raises(NodeUnreachable):
            send(transport)
    assert pauses == list(RECOVERY_PAUSES)


def test_node_that_never_answered_is_reported_at_once(pauses: list[float]) -> None:
    with pytest.raises(NodeUnreachable):
        send(open_transport(DOWN, DOWN))
    assert pauses == []


def test_request_without_retries_does_not_wait(pauses: list[float]) -> None:
    transport = open_transport(200, DOWN)
    assert send(transport) == 200
    with pytest.raises(NodeUnreachable):
        send(transport, max_retries=0)
    assert pauses == []


def test_runs_wait_and_other_commands_do_not() -> None:
    with connect(Settings(), "http://localhost:9200", is_patient=True) as client:
        assert isinstance(client.options(request_timeout=1).transport, PatientTransport)
    with connect(Settings(), "http://localhost:9200") as client:
        assert not isinstance(client.transport, PatientTransport)
