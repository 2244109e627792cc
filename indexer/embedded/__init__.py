"""A real Elasticsearch node without docker and without a Java on the machine."""

from indexer.embedded.node import ElasticsearchNode
from indexer.embedded.state import running_url

__all__ = ["ElasticsearchNode", "running_url"]
