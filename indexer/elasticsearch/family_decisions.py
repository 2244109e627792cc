"""What people decided about families, kept in an index of its own beside the pictures."""

import json

from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan

from indexer.elasticsearch.resources import MAPPINGS
from indexer.families.clustering import Decision


class Decisions:
    """Several machines share it, and `index --rebuild` replaces the pictures but not it."""

    def __init__(self, client: Elasticsearch, alias: str) -> None:
        self._client = client
        self._name = f"{alias}-decisions"

    def all(self) -> list[Decision]:
        """The oldest first."""
        if not self._client.indices.exists(index=self._name):
            return []
        sources = (hit["_source"] for hit in scan(self._client, index=self._name))
        found = [Decision(each["together"], tuple(each["pictures"]), each["by"], each["at"]) for each in sources]
        return sorted(found, key=lambda each: (each.at, each.pictures))

    def add(self, decision: Decision) -> None:
        if not self._client.indices.exists(index=self._name):
            body = json.loads((MAPPINGS / "decisions.json").read_text("utf-8"))
            self._client.indices.create(index=self._name, settings=body["settings"], mappings=body["mappings"])
        document = {
            "together": decision.together,
            "pictures": list(decision.pictures),
            "by": decision.by,
            "at": decision.at,
        }
        self._client.index(index=self._name, document=document, refresh=True)
