"""A search: from the request to the result page."""
