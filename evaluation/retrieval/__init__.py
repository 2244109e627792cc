"""Evaluation of retrieval: searches for pictures with altered copies."""
