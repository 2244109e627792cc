"""Does a question in words bring first what answers it."""
