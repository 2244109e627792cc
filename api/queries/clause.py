"""Parts of a body, as Kibana's Dev Tools take them."""

from typing import Any

Clause = dict[str, Any]
Body = dict[str, Any]
