"""Parts of a body, as Kibana's Dev Tools take them."""

from typing import Any

Clause = dict[str, Any]
Body = dict[str, Any]

MODEL_FIELDS = ("vectors", "features")
"""Fields that a model made: no answer has a use for them, and they are most of a picture's document."""
