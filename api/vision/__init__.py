"""Pictures of a request → vectors."""
