"""Is a picture found again, however it was altered, and by what."""
