"""The table of metrics in docs/operators.md: `python -m api.monitoring.metrics_reference` prints it."""

import sys
from collections.abc import Iterator

from prometheus_client import Counter, Gauge, Histogram

from api.monitoring import instruments
from api.monitoring.collection_metrics import COLLECTION_METRICS

TABLE_HEAD = "| metric | labels | meaning |\n| --- | --- | --- |\n"


def render_table() -> str:
    """Return the table of all metrics as Markdown."""
    return TABLE_HEAD + "".join(
        f"| `{name}` | {', '.join(f'`{label}`' for label in labels)} | {meaning} |\n"
        for name, meaning, labels in (*_process_metrics(), *_collection_metrics())
    )


def _process_metrics() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield name, meaning and labels of each instrument in the order of the module."""
    for instrument in vars(instruments).values():
        if isinstance(instrument, Counter | Gauge | Histogram):
            [family] = instrument.describe()
            suffix = "_total" if family.type == "counter" else ""
            yield f"{family.name}{suffix}", family.documentation, instrument._labelnames


def _collection_metrics() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for name, (meaning, labels) in COLLECTION_METRICS.items():
        yield f"{instruments.PREFIX}_{name}", meaning, labels


if __name__ == "__main__":
    sys.stdout.write(render_table())
