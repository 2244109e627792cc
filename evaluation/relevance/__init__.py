"""Evaluation of ranking with judged queries, and tuning of boosts."""
