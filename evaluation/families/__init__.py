"""Evaluation of copy detection and families."""
