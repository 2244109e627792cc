"""A real Elasticsearch node as a child process, without Docker and without an installed Java."""

from indexer.embedded.node import ElasticsearchNode
from indexer.embedded.state import running_url

__all__ = ["ElasticsearchNode", "running_url"]
