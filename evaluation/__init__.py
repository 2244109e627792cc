"""Measures the very search and the very labels that are served: each part is a function, a table and a command."""
