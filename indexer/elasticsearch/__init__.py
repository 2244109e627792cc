"""Where the indexer speaks to Elasticsearch."""
