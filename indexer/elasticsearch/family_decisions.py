"""What people decided about families, kept in an index of its own beside the pictures."""

import json

from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan

from indexer.elasticsearch.resources import MAPPINGS_DIR
from indexer.families.clustering import Decision


class FamilyDecisions:
    """Several machines share it, and `index --rebuild` replaces the pictures but not it."""

    def __init__(self, client: Elasticsearch, alias: str) -> None:
        self._client = client
        self._index = f"{alias}-decisions"

    def read_all(self) -> list[Decision]:
        """The oldest first."""
        if not self._client.indices.exists(index=self._index):
            return []
        sources = (hit["_source"] for hit in scan(self._client, index=self._index))
        decisions = [
            Decision(source["together"], tuple(source["pictures"]), source["by"], source["at"]) for source in sources
        ]
        return sorted(decisions, key=lambda decision: (decision.at, decision.pictures))

    def add(self, decision: Decision) -> None:
        if not self._client.indices.exists(index=self._index):
            body = json.loads((MAPPINGS_DIR / "decisions.json").read_text("utf-8"))
            self._client.indices.create(index=self._index, settings=body["settings"], mappings=body["mappings"])
        document = {
            "together": decision.together,
            "pictures": list(decision.pictures),
            "by": decision.by,
            "at": decision.at,
        }
        self._client.index(index=self._index, document=document, refresh=True)
