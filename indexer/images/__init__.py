"""Pictures: fetched, cut, and hashed."""
