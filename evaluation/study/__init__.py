"""A study with people: blind sheets of pictures and search results, and what their judgements say."""
