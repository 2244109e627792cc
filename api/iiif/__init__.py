"""IIIF Presentation 3 and Content Search 2: pure functions that return JSON objects."""
