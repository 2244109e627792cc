"""Cluster setup: index templates, roles, API keys and snapshots."""
