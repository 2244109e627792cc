"""The labelled pictures of an evaluation, their alterations and their vectors."""
