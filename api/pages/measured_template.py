"""Templates that measure how long a page takes; what a page includes counts as a part of it."""

from typing import Any

import jinja2

from api.monitoring.instruments import RENDER_DURATION, measure_time
from api.monitoring.tracing import span


class MeasuredTemplate(jinja2.Template):
    """A template whose rendering is measured."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        """Return the page."""
        name = self.name or "none"
        with measure_time(RENDER_DURATION.labels(name)), span("render", template=name):
            return super().render(*args, **kwargs)
