"""Roles, keys and templates of an installation."""
