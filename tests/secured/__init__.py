"""The product on a real Elasticsearch with users, roles and keys; run by `make test-secured`."""
