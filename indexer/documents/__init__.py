"""Records → the documents that Elasticsearch keeps; the only place that spells field names for writing."""
