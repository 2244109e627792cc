"""Kibana's saved objects: the files, checks against the mappings, and the HTTP client."""
