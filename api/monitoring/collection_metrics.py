"""The metrics of the collection, which are read from Elasticsearch when somebody asks for them."""

from collections.abc import Iterator, Mapping

from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from api.elasticsearch.collection_state import CollectionState, RunState
from api.elasticsearch.health import Health

OUTCOMES = ("finished", "stopped", "failed")

COLLECTION_METRICS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "elasticsearch_up": ("1 if Elasticsearch answers, else 0.", ()),
    "ready": ("1 if `/health/ready` is 200, else 0.", ()),
    "documents": ("Documents of each type in the collection.", ("document",)),
    "model_usable": ("1 if the service can encode with this model of the index, else 0.", ("model",)),
    "model_coverage_ratio": ("Share of the pictures that have the model's vector, 0 to 1.", ("model",)),
    "last_run_started_timestamp_seconds": ("When the last run of `index` began.", ()),
    "last_run_ended_timestamp_seconds": ("When it ended.", ()),
    "last_run_outcome": ("1 for the outcome of the last run, 0 for the others.", ("outcome",)),
    "last_run_count": ("What the last run counted: the fields of its report.", ("counted",)),
    "last_finished_run_timestamp_seconds": ("When the last run ended that was neither stopped nor failed.", ()),
}
"""Name without prefix → help and labels."""

Sample = tuple[tuple[str, ...], float]


class CollectionCollector:
    """One answer about the collection, as a collector for a registry."""

    def __init__(self, health: Health, state: CollectionState) -> None:
        self._health, self._state = health, state

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics; one about which nothing is known has no samples."""
        samples = {**_health_samples(self._health), **_run_samples(self._state.runs)}
        samples["documents"] = [((name,), count) for name, count in sorted(self._state.documents.items())]
        for name, (description, labels) in COLLECTION_METRICS.items():
            family = GaugeMetricFamily(f"frontispiece_{name}", description, labels=labels)
            for values, value in samples.get(name, ()):
                family.add_metric(values, value)
            yield family


def _health_samples(health: Health) -> dict[str, list[Sample]]:
    return {
        "elasticsearch_up": [((), float(health.node))],
        "ready": [((), float(health.is_ready))],
        "model_usable": [((model.name,), float(model.usable)) for model in health.models],
        "model_coverage_ratio": [((name,), share) for name, share in health.coverage.items()],
    }


def _run_samples(runs: RunState) -> dict[str, list[Sample]]:
    samples: dict[str, list[Sample]] = {}
    if runs.last_finished:
        samples["last_finished_run_timestamp_seconds"] = [((), runs.last_finished.timestamp())]
    if run := runs.last:
        samples |= {
            "last_run_started_timestamp_seconds": [((), run.started.timestamp())],
            "last_run_ended_timestamp_seconds": [((), run.ended.timestamp())],
            "last_run_outcome": [((outcome,), float(outcome == run.outcome)) for outcome in OUTCOMES],
            "last_run_count": [((name,), count) for name, count in sorted(run.counts.items())],
        }
    return samples
