"""Records → the documents that Elasticsearch stores for pictures, pages and books."""
