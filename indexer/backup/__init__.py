"""Backups of a collection: a snapshot of its indices, its crops, and the settings."""
