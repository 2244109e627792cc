"""The index of people's decisions about families, which is kept apart from the pictures."""

import json
from dataclasses import dataclass

from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan

from core.mapping_files import MAPPINGS_FOLDER


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's decision: the pictures are one family, or the first picture is no copy of the others."""

    together: bool
    pictures: tuple[str, ...]
    by: str
    at: str
    """ISO 8601; if two decisions contradict each other, the later one counts."""


class FamilyDecisions:
    """The decisions of one collection; `index --rebuild` replaces the pictures but keeps the decisions."""

    def __init__(self, client: Elasticsearch, alias: str) -> None:
        self._client = client
        self._index = f"{alias}-decisions"

    def read_all(self) -> list[Decision]:
        """Return all decisions, the oldest first."""
        if not self._client.indices.exists(index=self._index):
            return []
        sources = (hit["_source"] for hit in scan(self._client, index=self._index))
        decisions = [
            Decision(source["together"], tuple(source["pictures"]), source["by"], source["at"]) for source in sources
        ]
        return sorted(decisions, key=lambda decision: (decision.at, decision.pictures))

    def add(self, decision: Decision) -> None:
        """Store a decision; create the index if it does not exist."""
        if not self._client.indices.exists(index=self._index):
            body = json.loads((MAPPINGS_FOLDER / "decisions.json").read_text("utf-8"))
            self._client.indices.create(index=self._index, settings=body["settings"], mappings=body["mappings"])
        document = {
            "together": decision.together,
            "pictures": list(decision.pictures),
            "by": decision.by,
            "at": decision.at,
        }
        self._client.index(index=self._index, document=document, refresh=True)
