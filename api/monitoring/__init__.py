"""Metrics, logs with request ids, and traces: what an operator sees of the service."""
