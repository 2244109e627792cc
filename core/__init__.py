"""Modules that the indexer, the API and the evaluation share; they import none of the three."""
