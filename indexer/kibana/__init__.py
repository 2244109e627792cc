"""Kibana's saved objects, kept as files."""
