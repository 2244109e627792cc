"""The metrics of the collection: what is unknown has no sample, and an outcome is one of three."""

from datetime import UTC, datetime

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from api.elasticsearch.collection_state import CollectionState, LastRun, RunState
from api.elasticsearch.health import Health
from api.monitoring.collection_metrics import CollectionCollector
from api.vision.query_encoders import ModelState

BEGAN, ENDED = datetime(2026, 11, 29, 1, 30, tzinfo=UTC), datetime(2026, 11, 29, 2, 0, tzinfo=UTC)


def print_metrics(health: Health, state: CollectionState) -> list[str]:
    registry = CollectorRegistry()
    registry.register(CollectionCollector(health, state))
    return [line for line in generate_latest(registry).decode().splitlines() if not line.startswith("#")]


def model(name: str, *, usable: bool) -> ModelState:
    return ModelState(name=name, model=name, revision="1", dimensions=2, usable=usable, problem="")


def test_of_an_empty_cluster_only_its_absence_is_known() -> None:
    assert print_metrics(Health(node=False), CollectionState()) == [
        "frontispiece_elasticsearch_up 0.0",
        "frontispiece_ready 0.0",
    ]


@pytest.mark.parametrize("outcome", ["finished", "stopped", "failed"])
def test_the_last_run_has_one_outcome(outcome: str) -> None:
    run = LastRun(started=BEGAN, ended=ENDED, outcome=outcome, counts={"written": 7})
    lines = print_metrics(Health(status="ok", node=True), CollectionState(runs=RunState(last=run)))
    outcomes = [line for line in lines if "outcome" in line and line.endswith(" 1.0")]
    assert outcomes == [f'frontispiece_last_run_outcome{{outcome="{outcome}"}} 1.0']
    assert 'frontispiece_last_run_count{counted="written"} 7.0' in lines
    assert f"frontispiece_last_run_ended_timestamp_seconds {ENDED.timestamp()}" in [
        f"{name} {float(value)}" for name, value in (line.rsplit(" ", 1) for line in lines)
    ]
    assert not any("last_finished" in line for line in lines), "no run has finished yet"


@pytest.mark.parametrize(
    ("usable", "is_ready"),
    [((), True), ((True,), True), ((False,), False), ((False, True), True), ((False, False), False)],
)
def test_ready_needs_one_usable_model_of_those_that_the_index_has(usable: tuple[bool, ...], *, is_ready: bool) -> None:
    models = [model(f"model{number}", usable=value) for number, value in enumerate(usable)]
    health = Health(status="degraded", node=True, index="pictures-v1", models=models)
    assert health.is_ready is is_ready
    assert f"frontispiece_ready {float(is_ready)}" in print_metrics(health, CollectionState())


def test_without_an_index_nothing_is_ready() -> None:
    assert not Health(node=True).is_ready
