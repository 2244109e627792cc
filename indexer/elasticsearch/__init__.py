"""The indexer's access to Elasticsearch."""
