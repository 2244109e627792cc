"""Parts of a body, as Kibana's Dev Tools take them."""

from typing import Any

Clause = dict[str, Any]
Body = dict[str, Any]

MODEL_FIELDS = ("vectors", "features")
"""Fields that models fill: no result shows them, and they make up most of a picture's document."""
