"""Where the service speaks to Elasticsearch."""
